"""Readers who want no more of a service's emails, and those who change their mind."""

from datetime import datetime

from guildhall.kernel.ids import PersonId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.queries.unsubscribed import Subscription
from guildhall.organisations.operations import Subject, record_audit


@transaction
def unsubscribe(subscription: Subscription, *, now: datetime) -> None:
    """Send this address no more of the service's emails that can be unsubscribed from. Asking again changes nothing."""
    row = models.Unsubscribed(
        notify_service_id=subscription.notify_service_id,
        email=subscription.email,
        template_id=subscription.template_id,
        at=now,
    )
    own_rows(models.Unsubscribed).bulk_create([row], ignore_conflicts=True)


@transaction
def subscribe_again(subscription: Subscription) -> None:
    """Send them again, as the reader asks."""
    own_rows(models.Unsubscribed).filter(
        notify_service_id=subscription.notify_service_id, email=subscription.email
    ).delete()


@transaction
def forget_unsubscribed(email: str, *, of: NotifyServiceId, actor: PersonId, now: datetime) -> None:
    """Let an officer take an address off the list, because the reader asked for it in another way."""
    if own_rows(models.Unsubscribed).filter(notify_service_id=of, email=email).delete()[0]:
        subject = Subject("notify_service", of, service_id=of)
        record_audit("unsubscribed.removed", subject, actor=actor, now=now)
