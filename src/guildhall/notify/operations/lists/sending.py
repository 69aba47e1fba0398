"""Sending a list, a block of rows in a transaction: their messages, what they use, and how far the list has come.

A worker that is killed leaves a block wholly sent or not at all. Two workers that prepare the same block find out when
they move the list on: only one of them can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import OperationalError
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import Refused
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.metering.operations import CapReached
from guildhall.notify import models
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.checking import CheckedRow, Checker
from guildhall.notify.domain.lists.life import State, Unsent
from guildhall.notify.operations.accepting import (
    InTrial,
    JobRow,
    NewMessage,
    Prepared,
    TemplateDeleted,
    prepare,
    write_prepared,
)
from guildhall.notify.operations.accepting.preparing import ChannelNotAllowed
from guildhall.notify.operations.accepting.within_cap import stay_within_cap
from guildhall.notify.operations.letters.checking import LettersInTrial
from guildhall.notify.queries.lists.contents import ListedRow, show_block
from guildhall.notify.queries.lists.views import ListView, get_list, get_rules
from guildhall.notify.queries.remembered import KnownService, known_service
from guildhall.notify.queries.templates import TemplateNotFound
from guildhall.organisations.domain.keys import KeyKind

AT_ONCE = 10
"""How many councils' lists a turn of the loop moves on by a block, so that a short one need not wait for a long one."""

RESTS = timedelta(minutes=5)
"""How long a list is left alone that could not be sent."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Block:
    """The rows of a list that are sent next, as messages, and those that cannot be."""

    prepared: Sequence[Prepared]
    unsent: Sequence[tuple[int, Unsent]]

    @property
    def rows(self) -> int:
        return len(self.prepared) + len(self.unsent)


def send_next(*, now: datetime) -> int:
    """Send a block of each list whose time has come, of whatever council, and return how many rows that was."""
    return sum(_send_a_block(list_id, council, now) for list_id, council in _list_due(now))


@transaction
def _list_due(now: datetime) -> list[tuple[ListId, OrganisationId]]:
    """Find of each council the list that has come least far. The worker's login sees every council's."""
    is_due = Q(state=str(State.SENDING)) | Q(state=str(State.SCHEDULED), scheduled_for__lte=now)
    is_free = Q(held_until=None) | Q(held_until__lte=now)
    rows = (
        models.UploadedList.objects.filter(is_due, is_free)
        .annotate(come_so_far=F("rows_sent") + F("rows_unsent"))
        .order_by("organisation_id", "come_so_far", "scheduled_for")
        .distinct("organisation_id")
    )
    least_far = sorted(rows, key=lambda row: row.come_so_far)[:AT_ONCE]
    return [(ListId(row.id), OrganisationId(row.organisation_id)) for row in least_far]


def _send_a_block(list_id: ListId, organisation_id: OrganisationId, now: datetime) -> int:
    """Send the next rows of a list. A list that fails in a way nobody thought of rests, and holds no other up."""
    try:
        with acting_for(organisation_id):
            view, rows = _next_rows(list_id)
            block = _prepare(view, rows, now)
            return block.rows if _write(view, block, now) else 0
    except OperationalError:
        log.warning("list_waits_for_the_database", list=str(list_id))
        return 0
    except Exception:
        log.exception("list_cannot_be_sent", list=str(list_id))
        _let_rest(list_id, organisation_id, now)
        return 0


def _let_rest(list_id: ListId, organisation_id: OrganisationId, now: datetime) -> None:
    with acting_for(organisation_id), transaction():
        own_rows(models.UploadedList).filter(id=list_id).update(held_until=now + RESTS)


@reading
def _next_rows(list_id: ListId) -> tuple[ListView, Sequence[ListedRow]]:
    view = get_list(list_id)
    block = own_rows(models.ListBlock).filter(list_id=list_id, number=view.next_block).first()
    return view, show_block(block.content) if block else ()


def _prepare(view: ListView, rows: Sequence[ListedRow], now: datetime) -> _Block:
    sender = known_service(view.notify_service_id)
    checker = Checker(view.columns, get_rules(view, sender))
    prepared: list[Prepared] = []
    unsent: list[tuple[int, Unsent]] = []
    for listed in rows:
        made = _prepare_row(view, checker.check(listed.row), sender, now)
        if isinstance(made, Unsent):
            unsent.append((listed.row.number - view.heading_row, made))
        else:
            prepared.append(made)
    return _Block(prepared, unsent)


def _prepare_row(view: ListView, checked: CheckedRow, sender: KnownService, now: datetime) -> Prepared | Unsent:
    """Make a row ready to be sent, or say why it cannot be any more: the world goes on while a list waits."""
    if checked.addressee is None or checked.problems:
        return Unsent.NOT_IN_ORDER
    try:
        prepared = prepare(
            _message(view, checked),
            sender=sender,
            kind=KeyKind.LIVE,
            key_id=None,
            now=now,
            job=JobRow(view.id, checked.row.number - view.heading_row),
            language=checked.language,
            sent_by=view.confirmed_by,
        )
        stay_within_cap(prepared, now=now)
    except Refused as refusal:
        return next((reason for kind, reason in _REASONS if isinstance(refusal, kind)), Unsent.NOT_IN_ORDER)
    return prepared


def _message(view: ListView, checked: CheckedRow) -> NewMessage:
    addressee = checked.addressee
    assert addressee is not None
    return NewMessage(
        channel=view.channel,
        recipient=addressee.recipient,
        recipient_as_given=addressee.as_given,
        number=addressee.number,
        template_id=view.template.id,
        personalisation=checked.values,
        untrusted=frozenset(),
        reference=None,
        sender_id=None,
        unsubscribe_url=None,
        template_version=view.template.version,
    )


_REASONS: tuple[tuple[type[Refused], Unsent], ...] = (
    (CapReached, Unsent.CAP_REACHED),
    (TemplateDeleted, Unsent.TEMPLATE_GONE),
    (TemplateNotFound, Unsent.TEMPLATE_GONE),
    (InTrial, Unsent.MAY_NOT_SEND),
    (LettersInTrial, Unsent.MAY_NOT_SEND),
    (ChannelNotAllowed, Unsent.MAY_NOT_SEND),
)


@transaction
def _write(view: ListView, block: _Block, now: datetime) -> bool:
    """Move the list on by a block and write its messages, unless another worker has; the last block finishes it."""
    is_last = view.rows_done + block.rows >= view.rows or not block.rows
    here = own_rows(models.UploadedList).filter(
        id=view.id, next_block=view.next_block, state__in=[str(State.SCHEDULED), str(State.SENDING)]
    )
    moved = here.update(
        state=str(State.FINISHED if is_last else State.SENDING),
        changed_at=now,
        started_at=Coalesce("started_at", now),
        finished_at=now if is_last else None,
        next_block=F("next_block") + 1,
        rows_sent=F("rows_sent") + len(block.prepared),
        rows_unsent=F("rows_unsent") + len(block.unsent),
    )
    if not moved:
        return False
    write_prepared(block.prepared)
    models.UnsentRow.objects.bulk_create(
        models.UnsentRow(list_id=view.id, row=row, reason=str(reason)) for row, reason in block.unsent
    )
    return True
