"""Confirming a list: when it goes out, counted against that day's limit; and taking it back before it does."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import ListId, NotifyServiceId, TemplateId
from guildhall.notify.domain.lists.life import MAY_BE_CANCELLED, State, may_start_at
from guildhall.notify.domain.rates import counted_as
from guildhall.notify.operations.accepting import TemplateDeleted
from guildhall.notify.operations.accepting.counting import limit_of_day
from guildhall.notify.operations.limits import DayIsUsedUp
from guildhall.notify.operations.lists.recording import record_list
from guildhall.notify.queries.lists.views import ListNotFound
from guildhall.notify.queries.services import NotifyServiceView, get_notify_service
from guildhall.notify.queries.templates import TemplateView, get_template
from guildhall.organisations.domain.keys import KeyKind

_TAKE = """
INSERT INTO notify_daycount AS count (id, notify_service_id, counted, day, taken, granted)
SELECT %(id)s, %(service)s, %(counted)s, %(day)s, %(rows)s, %(rows)s WHERE %(rows)s <= %(limit)s
ON CONFLICT (notify_service_id, counted, day) DO UPDATE SET taken = count.taken + excluded.taken
WHERE count.taken + excluded.taken <= %(limit)s
"""


class ListNotReady(Conflict):
    """The list is not one that waits for somebody to confirm it."""


class AlreadyStarted(Conflict):
    """Some of the list's messages are on their way, or all are."""


class NotThen(Invalid):
    """A list goes out now or within seven days."""


class TemplateChanged(Conflict):
    """The template says something else than when the list was checked."""


@transaction
def confirm_list(
    list_id: ListId, *, starts_at: datetime | None, confirmed_by: str, actor: PersonId, now: datetime
) -> None:
    """Let a list go out, now (None) or at a moment within seven days, and count its rows against that day's limit.

    All rows are counted or none: from here the day's limit stops no row of it.

    :raises ListNotFound: the council has no such list.
    :raises ListNotReady: it was not checked, has rows to mend, or somebody has confirmed it already.
    :raises NotThen: the moment is past, or more than seven days ahead; letters do not wait.
    :raises TemplateDeleted: the template was put away meanwhile; ``TemplateChanged``: it has other words now.
    :raises DayIsUsedUp: fewer messages are left of that day's limit than the list has rows.
    """
    row = _locked(list_id)
    if row.state != str(State.READY):
        raise ListNotReady("the list is not waiting to be confirmed")
    at = starts_at or now
    if not may_start_at(at, now=now) or (starts_at and row.channel == str(Channel.LETTER)):
        raise NotThen("a list goes out now or within seven days")
    service = get_notify_service(NotifyServiceId(row.notify_service_id))
    _check_template(row, get_template(TemplateId(row.template_id), of=service.id))
    _count(row, service, at.date())
    row.state, row.changed_at = str(State.SCHEDULED), now
    row.scheduled_for, row.counted_on, row.confirmed_by = at, at.date(), confirmed_by
    row.save()
    record_list("list.scheduled" if starts_at else "list.sent", row, actor=actor, now=now, rows=str(row.rows_checked))


@transaction
def cancel_list(list_id: ListId, *, cancelled_by: str, actor: PersonId, now: datetime) -> None:
    """Take a list back before its first message, and give its rows back to the day's limit.

    The list still says when it was to go. Sending moves a list on only while it is scheduled or being sent, so that of
    a cancelling and a sending at one moment exactly one happens.

    :raises ListNotFound: the council has no such list.
    :raises AlreadyStarted: it is too late.
    """
    row = _locked(list_id)
    if State(row.state) not in MAY_BE_CANCELLED:
        raise AlreadyStarted("the list is being sent, or was")
    if row.counted_on is not None:
        _give_back(row, row.counted_on)
    row.state, row.changed_at, row.counted_on = str(State.CANCELLED), now, None
    row.cancelled_by = cancelled_by
    row.save()
    record_list("list.cancelled", row, actor=actor, now=now)


@part_of_a_transaction
def _locked(list_id: ListId) -> models.UploadedList:
    row = own_rows(models.UploadedList).select_for_update().filter(id=list_id).first()
    if row is None:
        raise ListNotFound("there is no such list")
    return row


def _check_template(row: models.UploadedList, template: TemplateView) -> None:
    if template.is_archived:
        raise TemplateDeleted("the template has been deleted")
    if template.version != row.template_version:
        raise TemplateChanged("the template has changed since the list was checked")


def _count(row: models.UploadedList, service: NotifyServiceView, day: date) -> None:
    """Count the rows against the day's limits: what goes abroad against its own as well."""
    channel = Channel(row.channel)
    _take(service.id, str(channel), day, row.rows_checked, limit_of_day(service, KeyKind.LIVE, channel))
    if row.rows_abroad:
        _take(service.id, counted_as(channel, is_abroad=True), day, row.rows_abroad, service.texts_abroad_a_day)


def _take(service_id: UUID, counted: str, day: date, rows: int, limit: int) -> None:
    values: dict[str, Any] = {
        "id": new_id(),
        "service": service_id,
        "counted": counted,
        "day": day,
        "rows": rows,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if not cursor.rowcount:
            raise DayIsUsedUp(counted, limit)


def _give_back(row: models.UploadedList, day: date) -> None:
    channel = Channel(row.channel)
    taken = {str(channel): row.rows_checked, counted_as(channel, is_abroad=True): row.rows_abroad}
    with connection.cursor() as cursor:
        for counted, rows in taken.items():
            cursor.execute(
                "UPDATE notify_daycount SET taken = greatest(0, taken - %s) "
                "WHERE notify_service_id = %s AND counted = %s AND day = %s",
                [rows, row.notify_service_id, counted, day],
            )
