"""Trying to pay for a submission: one attempt at a time, as many as it takes."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.money import Pence
from guildhall.kernel.refusals import Unavailable
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.organisations import queries as organisations
from guildhall.pay import operations as pay
from guildhall.pay.domain.creation import LONGEST_EMAIL, LONGEST_TEXT, NewPayment
from guildhall.services.forms import models
from guildhall.services.forms.operations.accounts import find_account
from guildhall.services.forms.queries.versions import definition_of


class CannotBePaid(Unavailable):
    """The service has no account to take a payment with."""


@part_of_a_transaction
def start_attempt(submission: models.Submission, *, now: datetime) -> str:
    """Ask for the money and return where the resident pays it. The caller holds the submission's lock.

    :raises CannotBePaid: the service has no account.
    """
    account = find_account(ServiceId(submission.service_id))
    if account is None:
        raise CannotBePaid("this service cannot take payments at the moment")
    created = pay.create_payment_within(_payment(submission), account=account.id, now=now)
    models.PaymentAttempt.objects.create(
        submission=submission, account_id=account.id, payment_id=created.payment_id, started_at=now
    )
    return created.next_url


def _payment(submission: models.Submission) -> NewPayment:
    title = definition_of(submission.version_id).title.in_(submission.language)
    return NewPayment(
        amount=Pence(submission.amount_due),
        reference=submission.reference,
        description=title[:LONGEST_TEXT],
        return_url=_return_url(submission),
        language="cy" if submission.language == "cy" else "en",
        email=submission.applicant_email if len(submission.applicant_email) <= LONGEST_EMAIL else None,
        resident_id=PersonId(submission.resident_id) if submission.resident_id else None,
    )


def _return_url(submission: models.Submission) -> str:
    council = organisations.get_council_by_id(current_organisation())
    service = organisations.get_service_by_id(ServiceId(submission.service_id))
    return settings.BASE_URL + reverse("forms:payment", args=[council.slug, service.slug])
