"""A journey is submitted once, complete, and before any payment."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from tests.conftest import AsLogin
from tests.operations.services_forms.conftest import AtOnce
from tests.threads import join

from guildhall.config.database_urls import django_database
from guildhall.kernel import clock
from guildhall.kernel.networks import UNKNOWN
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.organisations.queries import Council
from guildhall.pay import operations as pay
from guildhall.pay.domain.ids import PaymentId
from guildhall.pay.testing import DECLINED_CARD, GOOD_CARD, typed_card
from guildhall.services.cases.models import Case
from guildhall.services.forms import models, operations, queries
from guildhall.services.forms.queries import LiveForm
from guildhall.services.forms.testing import BULKY_ANSWERS

NOW = clock.now()
EN = operations.Sender("en")


def begin(form: LiveForm, answers: dict[str, Any]) -> UUID:
    token = operations.start_draft(operations.NewDraft(form.service.id, form.version_id), now=NOW)
    draft = queries.find_draft(token, now=NOW)
    assert draft is not None
    operations.keep_answers(draft.id, answers, now=NOW)
    return draft.id


def count(model: Any, **filters: Any) -> int:
    with reading():
        return model.objects.filter(**filters).count()


def use_card(pay_at: str, number: str) -> PaymentId:
    owner = pay.spend_token(pay_at.rsplit("/", 1)[1], now=NOW)
    if not pay.enter_card(owner.payment_id, typed_card(number), network=UNKNOWN, now=NOW).is_finished:
        pay.confirm(owner.payment_id, now=NOW)
    return owner.payment_id


def test_a_submission_that_costs_something_is_stored_complete_before_it_is_paid(bulky: LiveForm) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    submitted = operations.submit(journey, by=EN, now=NOW)
    stored = queries.get_submission_of_journey(journey)
    assert stored.answers == BULKY_ANSWERS
    assert stored.amount_due == 3_600
    assert stored.reference == submitted.reference
    assert "/secure/" in submitted.pay_at
    assert not stored.is_open


def test_answers_off_the_path_are_left_out(bulky: LiveForm) -> None:
    journey = begin(bulky, BULKY_ANSWERS | {"cold-is-ready": "agreed"})
    operations.submit(journey, by=EN, now=NOW)
    assert "cold-is-ready" not in queries.get_submission_of_journey(journey).answers


def test_a_submission_that_costs_nothing_opens_its_case_at_once(council: Council) -> None:
    operations.ensure_form("community-grant", now=NOW)
    grant = queries.get_live_form("community-grant")
    answers = {
        "aocRmv": ["Renovate a freehold"],
        "fZAMFv": "1500000",
        "oblxxv": "yes",
        "eOWKoO": "no",
        "yZxdeJ": "no",
        "UORyaF": "No",
        "guildhall-email": "sian@example.com",
    }
    journey = begin(grant, answers)
    submitted = operations.submit(journey, by=operations.Sender("cy"), now=NOW)
    assert submitted.pay_at == ""
    assert queries.get_submission_of_journey(journey).is_open
    with reading():
        case = Case.objects.get(reference=submitted.reference)
        assert case.answers[0]["answer"] == "Adnewyddu rhydd-ddaliad"
        assert case.language == "cy"


def test_an_incomplete_journey_is_not_submitted(bulky: LiveForm) -> None:
    journey = begin(bulky, {"is-from-a-home": "yes"})
    with pytest.raises(operations.Incomplete):
        operations.submit(journey, by=EN, now=NOW)
    assert count(models.Submission, journey_id=journey) == 0


def test_somebody_whom_the_form_turns_away_cannot_submit(bulky: LiveForm) -> None:
    journey = begin(bulky, BULKY_ANSWERS | {"is-from-a-home": "no"})
    with pytest.raises(operations.Incomplete):
        operations.submit(journey, by=EN, now=NOW)


def test_a_journey_is_submitted_once_and_its_answers_are_gone_from_it(bulky: LiveForm) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    operations.submit(journey, by=EN, now=NOW)
    with pytest.raises(operations.AlreadySubmitted):
        operations.submit(journey, by=EN, now=NOW)
    with pytest.raises(operations.AlreadySubmitted):
        operations.keep_answers(journey, {"email": "other@example.com"}, now=NOW)
    with reading():
        assert models.Draft.objects.get(id=journey).answers == {}


def test_submitting_twice_at_the_same_moment_makes_one_submission_and_one_payment(
    at_once: AtOnce, bulky: LiveForm
) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    results = at_once(*[lambda: operations.submit(journey, by=EN, now=NOW)] * 4)
    assert sum(isinstance(result, operations.AlreadySubmitted) for result in results) == 3
    assert count(models.Submission, journey_id=journey) == 1
    assert count(models.PaymentAttempt) == 1


def test_a_preview_is_never_submitted(bulky: LiveForm) -> None:
    new = operations.NewDraft(bulky.service.id, bulky.version_id, is_preview=True)
    draft = queries.find_draft(operations.start_draft(new, now=NOW), now=NOW)
    assert draft is not None
    operations.keep_answers(draft.id, BULKY_ANSWERS, now=NOW)
    with pytest.raises(operations.OnlyAPreview):
        operations.submit(draft.id, by=EN, now=NOW)


def test_a_paid_submission_opens_one_case_however_often_it_is_told(
    at_once: AtOnce, bulky: LiveForm, settle: Callable[[], None]
) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    submitted = operations.submit(journey, by=EN, now=NOW)
    payment_id = use_card(submitted.pay_at, GOOD_CARD)
    # The worker's reaction, the resident's return and a second delivery of the news, all at once.
    at_once(
        lambda: operations.open_paid_case(payment_id, now=NOW),
        lambda: operations.look_at_payment(journey, now=NOW),
        lambda: operations.open_paid_case(payment_id, now=NOW),
    )
    settle()
    assert count(Case, submission_id=queries.get_submission_of_journey(journey).id) == 1
    assert operations.look_at_payment(journey, now=NOW).outcome == "paid"
    with reading():
        case = Case.objects.get(reference=submitted.reference)
        assert case.payment_id == payment_id
        assert case.answers[-1]["answer"] == "£36.00"


def test_the_worker_alone_opens_the_case_when_the_resident_never_returns(
    bulky: LiveForm, settle: Callable[[], None]
) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    use_card(operations.submit(journey, by=EN, now=NOW).pay_at, GOOD_CARD)
    assert not queries.get_submission_of_journey(journey).is_open
    settle()
    assert queries.get_submission_of_journey(journey).is_open


def test_a_declined_card_is_tried_again_from_the_same_submission(bulky: LiveForm, settle: Callable[[], None]) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    submitted = operations.submit(journey, by=EN, now=NOW)
    use_card(submitted.pay_at, DECLINED_CARD)
    assert operations.look_at_payment(journey, now=NOW).outcome == "failed"
    settle()
    use_card(operations.pay_again(journey, now=NOW), GOOD_CARD)
    assert operations.look_at_payment(journey, now=NOW).outcome == "paid"
    with reading():
        outcomes = models.PaymentAttempt.objects.order_by("started_at", "id").values_list("outcome", flat=True)
        assert list(outcomes) == ["failed", "paid"]
    assert count(models.Submission, journey_id=journey) == 1


def test_a_payment_that_was_left_is_carried_on_with_and_not_made_twice(bulky: LiveForm) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    operations.submit(journey, by=EN, now=NOW)
    assert operations.look_at_payment(journey, now=NOW).outcome == "open"
    again = operations.pay_again(journey, now=NOW)
    assert count(models.PaymentAttempt) == 1
    use_card(again, GOOD_CARD)
    assert operations.look_at_payment(journey, now=NOW).outcome == "paid"
    with pytest.raises(operations.NothingToPay):
        operations.pay_again(journey, now=NOW)


def test_a_card_that_is_being_charged_is_not_charged_again(
    council: Council, bulky: LiveForm, as_login: AsLogin
) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    operations.submit(journey, by=EN, now=NOW)
    with as_login("owner") as owner:
        owner.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        owner.execute("UPDATE pay_payment SET state = 'AUTHORISATION_3DS_READY'")
    with pytest.raises(operations.PaymentUnderWay):
        operations.pay_again(journey, now=NOW)
    assert count(models.PaymentAttempt) == 1


def test_trying_again_twice_at_the_same_moment_makes_one_payment(at_once: AtOnce, bulky: LiveForm) -> None:
    journey = begin(bulky, BULKY_ANSWERS)
    use_card(operations.submit(journey, by=EN, now=NOW).pay_at, DECLINED_CARD)
    addresses = at_once(*[lambda: operations.pay_again(journey, now=NOW)] * 3)
    assert all("/secure/" in address for address in addresses)
    assert count(models.PaymentAttempt) == 2


def test_an_unknown_payment_is_nobodys_business_here(council: Council) -> None:
    operations.open_paid_case(UUID(int=1), now=NOW)
    operations.note_failed_payment(UUID(int=1), now=NOW)


def test_old_answers_are_thrown_away_and_submissions_are_not(bulky: LiveForm, settle: Callable[[], None]) -> None:
    waiting, sent = begin(bulky, {"is-from-a-home": "yes"}), begin(bulky, BULKY_ANSWERS)
    operations.submit(sent, by=EN, now=NOW)
    as_dispatcher(lambda: operations.forget_old_drafts(now=NOW + timedelta(hours=21)))
    assert count(models.Draft, id=waiting) == count(models.DraftToken, draft_id=waiting) == 0
    assert count(models.Draft, id=sent) == 1
    as_dispatcher(lambda: operations.forget_old_drafts(now=NOW + timedelta(days=29)))
    assert count(models.Draft, id=sent) == 0
    assert count(models.Submission, journey_id=sent) == 1


def as_dispatcher(work: Callable[[], Any]) -> None:
    """Do something as the worker does it: under no council, on the dispatcher's login."""

    problems: list[BaseException] = []

    def run() -> None:
        connections["default"].settings_dict = connections["default"].settings_dict | django_database(
            settings.LOGIN_URLS["dispatcher"], pooled=False
        )
        try:
            with acting_for(None):
                work()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections["default"].close()

    thread = threading.Thread(target=run)
    thread.start()
    join(thread)
    assert not problems, problems
