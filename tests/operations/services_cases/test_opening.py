"""A case opens once for a submission, with one receipt, whatever happens at the same time."""

import threading

import pytest
from django.db import connection
from tests.threads import join

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import NotInATransaction, transaction
from guildhall.services.cases import operations, queries
from guildhall.services.cases.domain.history import Kind
from guildhall.services.tracking import queries as tracking
from guildhall.services.tracking.domain.statuses import PublicStatus

from .conftest import NOON, open_case, wanted


def test_a_case_opens_in_the_workflows_first_state_with_everything_that_was_sent(service):
    new = wanted(service)
    open_case(new)
    case = queries.get_case(new.reference)
    assert (case.state.state, case.status, case.version) == ("received", PublicStatus.RECEIVED, 1)
    assert (case.answers, case.title, case.applicant_email) == (new.answers, new.title, "ffion@example.com")
    assert [(event.kind, event.happened_at, event.actor_id) for event in case.events] == [(Kind.OPENED, NOON, None)]
    assert case.workflow == new.workflow
    assert case.broken_at is None


def test_opening_a_case_sends_one_receipt_in_the_residents_language(service, emails):
    new = wanted(service, language="cy")
    open_case(new)
    [receipt] = emails()
    assert receipt.recipient == "ffion@example.com"
    assert "rydym wedi’i gael" in receipt.subject
    assert new.reference in receipt.body
    assert "Bydd swyddog yn gwirio a allwn gymryd eich eitemau." in receipt.body
    assert "An officer" not in receipt.body


def test_a_resident_whose_language_nobody_knows_gets_both_languages_in_one_receipt(service, emails):
    open_case(wanted(service, language=None))
    [receipt] = emails()
    assert "Your reference is" in receipt.body
    assert "Eich cyfeirnod yw" in receipt.body


def test_the_receipt_leads_to_the_timeline(service, emails, council):
    new = wanted(service)
    open_case(new)
    [receipt] = emails()
    token = receipt.body.partition(f"/{council.slug}/track/")[2].split()[0]
    assert tracking.get_timeline_by_link(token).reference == new.reference


def test_opening_again_for_the_same_submission_opens_nothing_and_sends_nothing(service, emails):
    new = wanted(service)
    assert open_case(new) == open_case(new)
    assert len(emails()) == 1
    assert len(queries.get_case(new.reference).events) == 1


def test_two_that_open_at_once_open_one_case_with_one_receipt(service, council, emails):
    new, ready, opened = wanted(service), threading.Barrier(6), []

    def opener() -> None:
        with acting_for(council.id):
            ready.wait(timeout=30)
            opened.append(open_case(new))
        connection.close()

    threads = [threading.Thread(target=opener) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)
    assert len(opened) == 6
    assert len(set(opened)) == 1
    assert len(emails()) == 1


def test_a_case_opens_with_the_submission_or_not_at_all(service, emails):
    new = wanted(service)
    with pytest.raises(RuntimeError, match="the submission failed"), transaction():
        operations.open_case(new, now=NOON)
        raise RuntimeError("the submission failed")
    with pytest.raises(queries.NoSuchCase):
        queries.get_case(new.reference)
    assert emails() == []


def test_opening_is_a_step_of_somebody_elses_transaction(service):
    with pytest.raises(NotInATransaction):
        operations.open_case(wanted(service), now=NOON)


def test_a_reference_belongs_to_one_case_of_a_council(service):
    new = wanted(service)
    open_case(new)
    with pytest.raises(operations.ReferenceTaken):
        open_case(wanted(service, reference=new.reference))


def test_the_residents_own_list_shows_what_they_asked_for(service, council):
    ffion = PersonId(new_id())
    new = wanted(service, resident_id=ffion, title=Text("Grant", "Grant"))
    open_case(new)
    [mine] = tracking.list_cases_of_resident(ffion)
    assert (mine.reference, mine.title, mine.organisation_id) == (new.reference, new.title, council.id)


def test_another_council_has_no_such_case(service, other_council):
    new = wanted(service)
    open_case(new)
    with acting_for(other_council.id), pytest.raises(queries.NoSuchCase):
        queries.get_case(new.reference)


def test_a_workflow_is_kept_once_however_many_cases_it_has(service, council, as_login):
    for _ in range(3):
        open_case(wanted(service))
    with as_login("web") as web:
        web.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        assert web.execute("SELECT count(*) FROM services_cases_workflowdocument").fetchone() == (1,)
