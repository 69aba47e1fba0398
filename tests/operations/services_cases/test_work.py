"""Officers work a case: one at a time, within their roles, with nothing lost and nobody told twice."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from tests.threads import join

from guildhall.design.languages import Text
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.queries import list_audit
from guildhall.services.cases import operations, queries
from guildhall.services.cases.domain.history import Kind
from guildhall.services.cases.domain.workflow import ActionNotOpen, ActionNotPossible
from guildhall.services.cases.operations import WantedAction
from guildhall.services.tracking import queries as tracking
from guildhall.services.tracking.domain.statuses import PublicStatus

from .conftest import NOON, officer_of

LATER = NOON + timedelta(hours=1)
MONDAY = Text("We will come on Monday.", "")


def timeline(reference: str):
    return tracking.get_timeline_by_link(tracking.sealed(reference))


def test_an_action_moves_the_case_and_its_timeline_and_tells_the_resident_once(opened, caseworker, emails):
    case = opened()
    operations.take_action(WantedAction(case.id, "check", 1), by=caseworker, now=LATER)
    seen = case.now()
    assert (seen.state.state, seen.version, seen.updated_at) == ("checking", 2, LATER)
    assert [line.status for line in timeline(case.reference).lines] == [PublicStatus.CHECKING, PublicStatus.RECEIVED]
    _, told = emails()
    assert told.subject == "Bulky waste collection: Checking"
    assert "We are checking that we can take your items." in told.body


def test_the_main_job_sends_four_emails_in_all(opened, caseworker, emails):
    case = opened()
    operations.take_action(WantedAction(case.id, "check", 1), by=caseworker, now=LATER)
    operations.write_to_resident(case.id, Text("Is it wet?"), once=new_id(), by=caseworker, now=LATER)
    operations.take_action(WantedAction(case.id, "schedule", 2, MONDAY), by=caseworker, now=LATER)
    operations.add_note(case.id, "Bring the big van", once=new_id(), by=caseworker, now=LATER)
    operations.assign(case.id, caseworker.person_id, seen_version=3, by=caseworker, now=LATER)
    assert [email.recipient for email in emails()] == ["ffion@example.com"] * 4


def test_what_the_officer_wrote_with_an_action_is_in_the_email_and_on_the_timeline(opened, caseworker, emails):
    case = opened()
    wanted = WantedAction(case.id, "schedule", 1, MONDAY, note="Bring the big van")
    operations.take_action(wanted, by=caseworker, now=LATER)
    assert "We will come on Monday." in emails()[-1].body
    assert "big van" not in emails()[-1].body
    assert timeline(case.reference).lines[0].note == MONDAY
    assert case.now().events[0].note == "Bring the big van"
    assert case.now().events[0].message == MONDAY


def test_a_welsh_reader_of_an_english_note_gets_the_note_in_english_and_the_rest_in_welsh(opened, caseworker, emails):
    case = opened(language="cy")
    operations.take_action(WantedAction(case.id, "schedule", 1, MONDAY), by=caseworker, now=LATER)
    assert "Rydym wedi trefnu eich casgliad." in emails()[-1].body
    assert "We will come on Monday." in emails()[-1].body


def test_an_action_that_needs_words_is_refused_without_them(opened, caseworker, emails):
    case = opened()
    with pytest.raises(operations.NoteMissing):
        operations.take_action(WantedAction(case.id, "schedule", 1), by=caseworker, now=LATER)
    assert (case.now().version, len(emails())) == (1, 1)


def test_an_action_for_another_role_is_refused(opened, caseworker):
    case = opened()
    operations.take_action(WantedAction(case.id, "close", 1, MONDAY), by=caseworker, now=LATER)
    with pytest.raises(ActionNotOpen):
        operations.take_action(WantedAction(case.id, "reopen", 2, MONDAY), by=caseworker, now=LATER)


def test_an_action_of_another_state_is_refused(opened, caseworker):
    with pytest.raises(ActionNotPossible):
        operations.take_action(WantedAction(opened().id, "collected", 1), by=caseworker, now=LATER)


def test_the_second_of_two_officers_is_told_that_somebody_was_first(opened, caseworker, colleague, emails):
    case = opened()
    operations.take_action(WantedAction(case.id, "check", 1), by=caseworker, now=LATER)
    with pytest.raises(operations.CaseChanged):
        operations.take_action(WantedAction(case.id, "close", 1, MONDAY), by=colleague, now=LATER)
    assert case.now().state.state == "checking"
    assert len(emails()) == 2


def test_of_two_actions_at_the_same_moment_one_happens_and_the_other_is_refused(opened, council, emails):
    case, ready, answers = opened(), threading.Barrier(2), Counter()

    def act(action: str) -> None:
        with acting_for(council.id):
            by = officer_of(council, Role.CASEWORKER)
            ready.wait(timeout=30)
            try:
                operations.take_action(WantedAction(case.id, action, 1, MONDAY), by=by, now=LATER)
                answers["done"] += 1
            except operations.CaseChanged:
                answers["told"] += 1
        connection.close()

    threads = [threading.Thread(target=act, args=(action,)) for action in ("check", "close")]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)
    assert answers == {"done": 1, "told": 1}
    seen = case.now()
    assert (seen.version, len(seen.events), seen.broken_at) == (2, 2, None)
    assert len(emails()) == 2


def test_a_case_of_another_council_does_not_exist(opened, other_council):
    case = opened()
    with acting_for(other_council.id):
        stranger = officer_of(other_council, Role.CASEWORKER)
        with pytest.raises(queries.NoSuchCase):
            operations.take_action(WantedAction(case.id, "check", 1), by=stranger, now=LATER)
        with pytest.raises(queries.NoSuchCase):
            operations.add_note(case.id, "hello", once=new_id(), by=stranger, now=LATER)
        with pytest.raises(queries.NoSuchCase):
            operations.assign(case.id, None, seen_version=1, by=stranger, now=LATER)
        with pytest.raises(queries.NoSuchCase):
            operations.write_to_resident(case.id, MONDAY, once=new_id(), by=stranger, now=LATER)
    assert len(case.now().events) == 1


def test_a_case_is_assigned_and_given_back(opened, caseworker, colleague):
    case = opened()
    operations.assign(case.id, colleague.person_id, seen_version=1, by=caseworker, now=LATER)
    assert case.now().assignee_id == colleague.person_id
    assert (case.now().events[0].kind, case.now().events[0].subject_id) == (Kind.ASSIGNED, colleague.person_id)
    operations.assign(case.id, None, seen_version=2, by=colleague, now=LATER)
    assert case.now().assignee_id is None


def test_two_officers_who_take_the_same_case_do_not_both_get_it(opened, caseworker, colleague):
    case = opened()
    operations.assign(case.id, caseworker.person_id, seen_version=1, by=caseworker, now=LATER)
    with pytest.raises(operations.CaseChanged):
        operations.assign(case.id, colleague.person_id, seen_version=1, by=colleague, now=LATER)


def test_a_case_is_assigned_only_to_officers_who_work_on_cases(opened, council, other_council, caseworker):
    case = opened()
    outsiders = [PersonId(new_id()), officer_of(council, Role.AUDITOR).person_id]
    with acting_for(other_council.id):
        outsiders.append(officer_of(other_council, Role.CASEWORKER).person_id)
    for outsider in outsiders:
        with pytest.raises(operations.NotOnTheTeam):
            operations.assign(case.id, outsider, seen_version=1, by=caseworker, now=LATER)


def test_a_note_is_for_colleagues_and_stays_off_the_timeline(opened, caseworker, emails):
    case = opened()
    operations.add_note(case.id, "The lift is broken", once=new_id(), by=caseworker, now=LATER)
    assert case.now().events[0].note == "The lift is broken"
    assert len(timeline(case.reference).lines) == 1
    assert len(emails()) == 1


def test_a_message_is_sent_and_shown_on_the_timeline(opened, caseworker, emails):
    case = opened()
    operations.write_to_resident(case.id, Text("Is it wet?"), once=new_id(), by=caseworker, now=LATER)
    assert emails()[-1].subject == "Bulky waste collection: a message from Testford Borough Council"
    assert "Is it wet?" in emails()[-1].body
    line = timeline(case.reference).lines[0]
    assert (line.status, line.words.en) == (PublicStatus.RECEIVED, "We sent you a message.")
    assert line.note == Text("Is it wet?")


def test_pressing_send_twice_sends_once(opened, caseworker, emails):
    case, once = opened(), new_id()
    for _ in range(2):
        operations.write_to_resident(case.id, Text("Is it wet?"), once=once, by=caseworker, now=LATER)
    assert len(emails()) == 2
    assert len(case.now().events) == 2


@pytest.mark.parametrize("nothing", ["", "  \n "])
def test_nothing_written_is_nothing_sent(opened, caseworker, emails, nothing):
    case = opened()
    with pytest.raises(operations.NothingWritten):
        operations.write_to_resident(case.id, Text(nothing, nothing), once=new_id(), by=caseworker, now=LATER)
    with pytest.raises(operations.NothingWritten):
        operations.add_note(case.id, nothing, once=new_id(), by=caseworker, now=LATER)
    assert (len(case.now().events), len(emails())) == (1, 1)


def test_everything_an_officer_does_is_in_the_councils_audit_without_personal_data(opened, caseworker):
    case = opened()
    operations.take_action(WantedAction(case.id, "check", 1), by=caseworker, now=LATER)
    operations.assign(case.id, caseworker.person_id, seen_version=2, by=caseworker, now=LATER)
    operations.add_note(case.id, "The lift is broken", once=new_id(), by=caseworker, now=LATER)
    operations.write_to_resident(case.id, Text("Is it wet?"), once=new_id(), by=caseworker, now=LATER)
    lines = [line for line in list_audit().rows if line.object_id == str(case.id)]
    assert [line.action for line in lines] == ["case.message", "case.note", "case.assigned", "case.action"]
    assert not any(word in str(lines) for word in ("lift", "wet", "ffion", "Ffion"))
