"""The history of a case is whole under parallel work, and shows whoever tampered with it."""

import threading

import psycopg
import pytest
from django.db import connection
from tests.threads import join

from guildhall.design.languages import Text
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.services.cases import operations, queries
from guildhall.services.cases.queries import BrokenHistory

from .conftest import NOON

OF_CASE = "case_id = {case}"
OF_EVENTS = "event_id IN (SELECT id FROM services_cases_caseevent WHERE case_id = {case})"


@pytest.fixture
def worked(opened, caseworker):
    """A case with an opening, a note and a message."""
    case = opened()
    operations.add_note(case.id, "The lift is broken", once=new_id(), by=caseworker, now=NOON)
    operations.write_to_resident(case.id, Text("Is it wet?"), once=new_id(), by=caseworker, now=NOON)
    return case


def test_notes_written_at_the_same_moment_stand_one_after_the_other(opened, caseworker, council):
    case, ready, problems = opened(), threading.Barrier(10), []

    def writer(number: int) -> None:
        try:
            with acting_for(council.id):
                ready.wait(timeout=30)
                operations.add_note(case.id, f"Note {number}", once=new_id(), by=caseworker, now=NOON)
        except Exception as problem:
            problems.append(problem)
        connection.close()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)
    assert problems == []
    seen = case.now()
    assert [event.position for event in seen.events] == list(range(11, 0, -1))
    assert {event.note for event in seen.events} == {"", *(f"Note {number}" for number in range(10))}
    assert (seen.broken_at, queries.list_broken_histories()) == (None, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE services_cases_caseevent SET action = 'x'",
        "DELETE FROM services_cases_caseevent",
        "UPDATE services_cases_casenote SET text = 'x'",
        "DELETE FROM services_cases_casenote",
        "UPDATE services_cases_casemessage SET text_en = 'x'",
        "DELETE FROM services_cases_case",
        "UPDATE services_cases_case SET answers = '[]'",
        "UPDATE services_cases_case SET applicant_email = 'x'",
        "UPDATE services_cases_workflowdocument SET document = '{}'",
    ],
)
@pytest.mark.parametrize("login", ["web", "dispatcher", "writer"])
def test_no_login_may_rewrite_what_was_sent_or_what_happened(database, as_login, login, statement):
    with as_login(login) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_even_the_owner_cannot_change_an_event_while_the_trigger_stands(worked, as_login):
    with as_login("owner") as owner:
        owner.execute("CREATE POLICY everything ON services_cases_caseevent TO current_user USING (true)")
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute("UPDATE services_cases_caseevent SET action = 'x'")


@pytest.mark.parametrize(
    ("tampering", "position"),
    [
        (f"UPDATE services_cases_caseevent SET happened_at = now() WHERE {OF_CASE} AND position = 2", 2),
        (f"UPDATE services_cases_casenote SET text = 'All is well' WHERE {OF_EVENTS}", 2),
        (f"UPDATE services_cases_casemessage SET text_en = 'It is wet' WHERE {OF_EVENTS}", 3),
        (f"DELETE FROM services_cases_casemessage WHERE {OF_EVENTS}", 3),
        ("""UPDATE services_cases_case SET answers = '[{"en": "", "cy": "", "answer": "3"}]' WHERE id = {case}""", 1),
        (
            f"DELETE FROM services_cases_casemessage WHERE {OF_EVENTS}; "
            f"DELETE FROM services_cases_caseevent WHERE {OF_CASE} AND position = 3",
            3,
        ),
    ],
)
def test_tampering_shows_on_the_case_and_to_doctor(worked, tamper, tampering, position):
    tamper(worked.id, tampering)
    assert worked.now().broken_at == position
    assert queries.list_broken_histories() == [BrokenHistory(worked.reference, position)]
