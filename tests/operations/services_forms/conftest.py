"""What tests of forms share: a form online, and doing things at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.threads import join

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.queries import Council
from guildhall.services.forms import operations, queries
from guildhall.services.forms.queries import LiveForm

AtOnce = Callable[..., list[Any]]


@pytest.fixture
def bulky(council: Council) -> LiveForm:
    """The bulky waste form, online in a fresh council."""
    operations.ensure_form("bulky-waste", now=clock.now())
    return queries.get_live_form("bulky-waste")


@pytest.fixture
def at_once(council: Council) -> AtOnce:
    """Do several things at the same moment, each on a connection of its own; refusals are results."""

    def run_all(*works: Callable[[], Any]) -> list[Any]:
        results: list[Any] = [None] * len(works)
        gate = threading.Barrier(len(works))

        def run(place: int) -> None:
            with acting_for(council.id):
                gate.wait()
                try:
                    results[place] = works[place]()
                except Exception as refusal:
                    results[place] = refusal
            connection.close()

        threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
        for thread in threads:
            thread.start()
        for thread in threads:
            join(thread)
        return results

    return run_all
