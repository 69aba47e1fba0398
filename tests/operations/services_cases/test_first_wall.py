"""Councils' rows are asked for by council even where the database would show all: the policies are the second wall."""

from collections.abc import Callable, Iterator

import pytest

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.networks import UNKNOWN
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.testing import make_service
from guildhall.services.cases import operations, queries
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.queries import Wanted
from guildhall.services.cases.testing import new_case, open_case
from guildhall.services.tracking import queries as tracking
from guildhall.services.tracking.operations import NothingThere, look_up

from .conftest import NOON

TABLES = [
    "services_cases_workflowdocument",
    "services_cases_case",
    "services_cases_caseevent",
    "services_cases_casenote",
    "services_cases_casemessage",
    "services_tracking_tracker",
    "services_tracking_timelineentry",
]


@pytest.fixture
def no_second_wall(as_login) -> Iterator[None]:
    """While the test runs, no policy applies to the owner of the tables."""
    for words in ("NO FORCE", "FORCE"):
        with as_login("owner") as owner:
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} {words} ROW LEVEL SECURITY")
        if words == "NO FORCE":
            yield


@pytest.mark.usefixtures("no_second_wall")
def test_cases_and_timelines_are_asked_for_by_council(council, other_council, as_owner):
    gwen, me = PersonId(new_id()), PersonId(new_id())
    theirs = new_case(make_service(other_council).id, resident_id=gwen)
    with acting_for(other_council.id):
        their_id, token = open_case(theirs), tracking.sealed(theirs.reference)

    def look(question: Callable[[], object]) -> object:
        def asked() -> object:
            with acting_for(council.id):
                return question()

        return as_owner(asked)

    assert look(lambda: queries.list_cases(Wanted()).rows) == []
    assert look(queries.list_broken_histories) == []
    assert look(lambda: queries.count_cases(Wanted(), me=me).open_in_all) == 0
    with pytest.raises(queries.NoSuchCase):
        look(lambda: queries.get_case(theirs.reference))
    with pytest.raises(queries.NoSuchCase):
        by = Officer(me, frozenset({"caseworker"}))
        look(lambda: operations.add_note(their_id, "x", once=new_id(), by=by, now=NOON))
    with pytest.raises(tracking.NotTracked):
        look(lambda: tracking.get_timeline_by_link(token))
    with pytest.raises(tracking.NotTracked):
        look(lambda: tracking.get_timeline_of_resident(theirs.reference, gwen))
    with pytest.raises(NothingThere):
        look(lambda: look_up(theirs.reference, theirs.applicant_email, network=UNKNOWN, now=NOON))
