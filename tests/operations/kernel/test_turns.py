"""Queues that councils take turns at."""

import pytest
from django.db import ProgrammingError

from guildhall.kernel.transactions import transaction
from guildhall.kernel.turns import Queue

ONE_HEAVY_ERRAND = Queue("(SELECT 'heavy' AS kind)", place="kind = %(kind)s", is_due="true", order_by="id")


@transaction
def claim(kind: str) -> object:
    return ONE_HEAVY_ERRAND.claim("whoever reads this is sent a claim", {"kind": kind})


@pytest.mark.usefixtures("database")
def test_where_nothing_waits_no_claim_is_sent() -> None:
    assert claim("light") == []
    with pytest.raises(ProgrammingError, match="whoever"):
        claim("heavy")
