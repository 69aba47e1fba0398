"""Who is asking, and at which council's page: what identity and the gate left on the request."""

from typing import cast

from django.http import HttpRequest

from guildhall.kernel.ids import PersonId
from guildhall.kernel.visitor import Visitor
from guildhall.organisations.queries import Council


def council_at(request: HttpRequest) -> Council:
    """Return the council in the address, for a view whose address has one."""
    return cast(Council, request.council)  # type: ignore[attr-defined]


def person_at(request: HttpRequest) -> PersonId:
    """Return the person who is asking, for a view that only people with a session reach."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    assert visitor.person_id is not None, "the gate lets only people with a session through"
    return visitor.person_id
