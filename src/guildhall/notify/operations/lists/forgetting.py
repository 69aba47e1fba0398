"""Deleting the files and rows of lists whose time is over. That a list was sent, when and by whom, stays."""

from datetime import datetime, timedelta

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.life import State
from guildhall.notify.domain.settings import KEPT_FOR_DAYS
from guildhall.notify.queries.services import NotifyServiceView, list_notify_services

_AT_REST = tuple(str(state) for state in (State.UNREADABLE, State.WRONG, State.READY, State.FINISHED, State.CANCELLED))


def forget_old_lists(*, now: datetime) -> int:
    """Delete what is in lists that have been at rest for as long as their service keeps its messages.

    Returns how many lists that was, of all councils.
    """
    return sum(_forget_of_council(council, now) for council in _councils_with_old_lists(now))


@transaction
def _councils_with_old_lists(now: datetime) -> list[OrganisationId]:
    """Find councils whose lists may be old enough. The worker's login sees every council's."""
    shortest = now - timedelta(days=min(KEPT_FOR_DAYS))
    rows = models.UploadedList.objects.filter(forgotten_at=None, changed_at__lt=shortest, state__in=_AT_REST)
    return [OrganisationId(council) for council in rows.values_list("organisation_id", flat=True).distinct()]


def _forget_of_council(organisation_id: OrganisationId, now: datetime) -> int:
    with acting_for(organisation_id), transaction():
        services = list_notify_services()
        return sum(_forget(service, channel, now) for service in services for channel in Channel)


def _forget(service: NotifyServiceView, channel: Channel, now: datetime) -> int:
    days = {
        Channel.EMAIL: service.kept_for.emails,
        Channel.SMS: service.kept_for.texts,
        Channel.LETTER: service.kept_for.letters,
    }[channel]
    old = own_rows(models.UploadedList).filter(
        notify_service_id=service.id,
        channel=str(channel),
        state__in=_AT_REST,
        forgotten_at=None,
        changed_at__lt=now - timedelta(days=days),
    )
    ids = list(old.select_for_update().values_list("id", flat=True))
    own_rows(models.ListPart).filter(list_id__in=ids).delete()
    own_rows(models.ListBlock).filter(list_id__in=ids).delete()
    own_rows(models.UnsentRow).filter(list_id__in=ids).delete()
    return own_rows(models.UploadedList).filter(id__in=ids).update(forgotten_at=now)
