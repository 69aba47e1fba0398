"""Councils' rows are asked for by council even where the database would show all: the policies are the second wall."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from guildhall.config.database_urls import django_database
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.testing import make_service
from guildhall.services.cases import operations, queries
from guildhall.services.cases.queries import Wanted
from guildhall.services.cases.testing import new_case, open_case
from guildhall.services.tracking import operations as tracking_operations
from guildhall.services.tracking import queries as tracking

from .conftest import NOON

TABLES = [
    "services_cases_workflowdocument",
    "services_cases_case",
    "services_cases_caseevent",
    "services_cases_casenote",
    "services_cases_casemessage",
    "services_tracking_tracker",
    "services_tracking_timelineentry",
    "services_tracking_lookuptries",
]


@contextmanager
def _no_second_wall(as_login) -> Iterator[None]:
    for statement in ("NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"):
        with as_login("owner") as owner:
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} {statement}")
        if statement.startswith("NO"):
            yield


@pytest.fixture
def as_owner(database, as_login) -> Callable[[Callable[[], object]], list[object]]:
    """Do something as the owner of the tables, to whom no policy applies; return what came of it."""

    def run(work: Callable[[], object]) -> list[object]:
        came: list[object] = []

        def in_thread() -> None:
            default = connections["default"]
            default.settings_dict = default.settings_dict | django_database(database["owner"], pooled=False)
            try:
                came.append(work())
            except Exception as refused:
                came.append(refused)
            default.close()

        with _no_second_wall(as_login):
            thread = threading.Thread(target=in_thread)
            thread.start()
            thread.join(60)
        return came

    return run


def test_cases_and_timelines_are_asked_for_by_council(council, other_council, as_owner):
    gwen = PersonId(new_id())
    theirs = new_case(make_service(other_council).id, resident_id=gwen)
    with acting_for(other_council.id):
        their_id, token = open_case(theirs), tracking.sealed(theirs.reference)

    def look(question: Callable[[], object]) -> object:
        def asked() -> object:
            with acting_for(council.id):
                return question()

        [came] = as_owner(asked)
        return came

    assert look(lambda: queries.list_cases(Wanted()).rows) == []
    assert look(queries.list_broken_histories) == []
    assert look(lambda: queries.count_cases(Wanted(), me=new_id()).open_in_all) == 0
    assert isinstance(look(lambda: queries.get_case(theirs.reference)), queries.NoSuchCase)
    assert isinstance(look(lambda: tracking.get_timeline_by_link(token)), tracking.NotTracked)
    assert isinstance(look(lambda: tracking.get_timeline_of_resident(theirs.reference, gwen)), tracking.NotTracked)
    found = look(lambda: tracking_operations.look_up(theirs.reference, theirs.applicant_email, now=NOON))
    assert isinstance(found, tracking_operations.NothingThere)
    noted = look(lambda: operations.add_note(their_id, "x", once=new_id(), by=None, now=NOON))
    assert isinstance(noted, queries.NoSuchCase)
