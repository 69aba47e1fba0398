"""After the payment pages: a paid submission opens its case, an unpaid one can be paid again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings

from guildhall.kernel.refusals import Conflict
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, reading, transaction
from guildhall.pay import operations as pay
from guildhall.pay import queries as payments
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.domain.states import Status
from guildhall.services.forms import models
from guildhall.services.forms.operations.attempts import start_attempt
from guildhall.services.forms.operations.submitting import open_case
from guildhall.services.forms.queries.submissions import SubmissionNotFound


class NothingToPay(Conflict):
    """The submission has been paid, or costs nothing."""


class PaymentUnderWay(Conflict):
    """The card is being charged this moment; the answer decides."""


@dataclass(frozen=True)
class PaymentLooked:
    """How paying has gone: ``paid``; ``failed`` or ``open``, both of which can be tried again."""

    outcome: Literal["paid", "failed", "open"]
    reference: str
    amount: int


def look_at_payment(journey_id: UUID, *, now: datetime) -> PaymentLooked:
    """Say how paying for a submission has gone. If it is paid its case is open when this returns.

    :raises SubmissionNotFound: nothing was submitted on this journey.
    """
    latest = _latest(journey_id)
    if latest.payment_id is None or latest.is_open:
        return PaymentLooked("paid", latest.reference, latest.amount)
    payment = payments.get_payment(latest.payment_id)
    if payment.status is Status.SUCCESS:
        open_paid_case(latest.payment_id, now=now)
        return PaymentLooked("paid", latest.reference, latest.amount)
    return PaymentLooked("failed" if payment.is_finished else "open", latest.reference, latest.amount)


def pay_again(journey_id: UUID, *, now: datetime) -> str:
    """Return where the resident can pay: the page of the payment they left, or of a new one if that has failed.

    :raises NothingToPay: it is paid.
    :raises PaymentUnderWay: it is being charged this moment.
    :raises SubmissionNotFound: nothing was submitted on this journey.
    """
    if look_at_payment(journey_id, now=now).outcome == "paid":
        raise NothingToPay("this has been paid")
    started = _start_unless_open(journey_id, now=now)
    if started:
        return started
    latest = _latest(journey_id)
    assert latest.payment_id is not None  # an attempt is open
    opened = pay.open_payment(latest.payment_id, account=latest.account_id, now=now)
    if opened.token is None:
        raise PaymentUnderWay("the card is being charged")
    return f"{settings.BASE_URL}/secure/{opened.token}"


@transaction
def open_paid_case(payment_id: UUID, *, now: datetime) -> None:
    """Open the case that a payment pays for, once; a payment that is not for a form is nobody's business here."""
    attempt = _locked(payment_id)
    if attempt is None:
        return
    own_rows(models.PaymentAttempt).filter(id=attempt.id).exclude(outcome="paid").update(outcome="paid", ended_at=now)
    open_case(attempt.submission, payment_id=payment_id, now=now)


@transaction
def note_failed_payment(payment_id: UUID, *, now: datetime) -> None:
    """Write down that an attempt has failed, so that another can be made."""
    attempt = _locked(payment_id)
    if attempt is not None:
        _end(attempt, now)


@dataclass(frozen=True)
class _Latest:
    reference: str
    amount: int
    is_open: bool
    payment_id: PaymentId | None
    account_id: PayAccountId


@reading
def _latest(journey_id: UUID) -> _Latest:
    submission = own_rows(models.Submission).filter(journey_id=journey_id).first()
    if submission is None:
        raise SubmissionNotFound("nothing has been submitted on this journey")
    attempt = submission.attempts.order_by("started_at", "id").last()
    return _Latest(
        submission.reference,
        submission.amount_due,
        submission.case_id is not None,
        PaymentId(attempt.payment_id) if attempt else None,
        PayAccountId(attempt.account_id if attempt else submission.id),
    )


@transaction
def _start_unless_open(journey_id: UUID, *, now: datetime) -> str:
    """Start another attempt and return its page; empty if the last one can still be paid."""
    submission = own_rows(models.Submission).select_for_update().get(journey_id=journey_id)
    last = submission.attempts.order_by("started_at", "id").last()
    if last is not None and not payments.get_payment(PaymentId(last.payment_id)).standing.has_failed:
        return ""
    if last is not None:
        _end(last, now)
    return start_attempt(submission, now=now)


@part_of_a_transaction
def _locked(payment_id: UUID) -> models.PaymentAttempt | None:
    """Return the attempt of a payment while holding its submission, which everybody locks first."""
    attempt = own_rows(models.PaymentAttempt).filter(payment_id=payment_id).first()
    if attempt is None:
        return None
    own_rows(models.Submission).select_for_update().get(id=attempt.submission_id)
    return own_rows(models.PaymentAttempt).select_related("submission").get(id=attempt.id)


def _end(attempt: models.PaymentAttempt, now: datetime) -> None:
    own_rows(models.PaymentAttempt).filter(id=attempt.id, ended_at=None).update(outcome="failed", ended_at=now)
