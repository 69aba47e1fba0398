"""What was sent, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db.models import QuerySet

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId, moment_of
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import KeyId, MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Shown, fill_email, fill_text
from guildhall.notify.queries.remembered import template_version
from guildhall.notify.queries.templates import TemplateView

PAGE = 50
_NEAR = timedelta(days=1)
PERSONALISATION = "guildhall.notify.personalisation"


class MessageNotFound(NotFound):
    """The service has sent no such message, or it is not kept any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands among the newest first."""

    accepted_at: datetime
    id: MessageId


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message, what it said, and where it is."""

    id: MessageId
    notify_service_id: NotifyServiceId
    channel: Channel
    template: TemplateView
    key_id: KeyId | None
    is_test: bool
    recipient: str
    recipient_as_given: str
    subject: str | None
    body: str
    reference: str | None
    sender: str
    unsubscribe_url: str | None
    fragments: int
    rate_multiplier: int
    postage: str
    sheets: int
    sent_by: str
    scheduled_for: datetime | None
    status: Status
    problem: str
    accepted_at: datetime
    sent_at: datetime | None
    completed_at: datetime | None


@reading
def get_message(message_id: MessageId, *, of: NotifyServiceId) -> MessageView:
    """Return one message of a notify service.

    :raises MessageNotFound: the service has sent none with this id.
    """
    row = _find_row(message_id, of)
    if row is None:
        raise MessageNotFound("there is no such message")
    return view_of(row)


@reading
def find_place(message_id: MessageId, *, of: NotifyServiceId) -> Place | None:
    """Return where a message of the service stands in lists of the newest first, or None if there is none."""
    row = _find_row(message_id, of)
    return None if row is None else Place(row.accepted_at, MessageId(row.id))


def _find_row(message_id: MessageId, of: NotifyServiceId) -> models.Message | None:
    """Look in the month that the id tells first; our own messages may carry another moment than their id."""
    rows = _of_the_council().filter(id=message_id, notify_service_id=of)
    made_at = moment_of(message_id)
    if made_at is not None:
        near = rows.filter(accepted_at__range=(made_at - _NEAR, made_at + _NEAR)).first()
        if near is not None:
            return near
    return rows.first()


@reading
def list_messages(*, page: int = 1, size: int = PAGE) -> Page[MessageView]:
    """Return a page of the current council's messages, the newest first."""
    rows = _of_the_council().order_by("-accepted_at", "-id")
    total, start = rows.count(), (page - 1) * size
    return Page([view_of(row) for row in rows[start : start + size]], page, size, total)


def _of_the_council() -> QuerySet[models.Message]:
    """Return the current council's messages. The wall alone would not do: the worker's login sees every council's."""
    return models.Message.objects.filter(organisation_id=current_organisation())


def hide_personalisation(values: Mapping[str, object]) -> bytes:
    """Return what is kept of the values that fill a message."""
    return secrets.encrypt(msgspec.json.encode(values), PERSONALISATION)


def show_personalisation(hidden: bytes | memoryview) -> Personalisation:
    """Read back what ``hide_personalisation`` hid."""
    values: dict[str, object] = msgspec.json.decode(secrets.decrypt(bytes(hidden), PERSONALISATION))
    return Personalisation(values)


def view_of(row: models.Message) -> MessageView:
    """Read a row, and write its message again as it was sent."""
    organisation_id, channel = OrganisationId(row.organisation_id), Channel(row.channel)
    template = template_version(organisation_id, row.template_id, row.template_version)
    subject, body = _content(template, channel, shown_language(row.language), show_personalisation(row.personalisation))
    return MessageView(
        id=MessageId(row.id),
        notify_service_id=NotifyServiceId(row.notify_service_id),
        channel=channel,
        template=template,
        key_id=KeyId(row.key_id) if row.key_id else None,
        is_test=row.key_kind == "test",
        recipient=row.recipient,
        recipient_as_given=row.recipient_as_given,
        subject=subject,
        body=body,
        reference=row.reference,
        sender=row.sender,
        unsubscribe_url=row.unsubscribe_url,
        fragments=row.fragments,
        rate_multiplier=row.rate_multiplier,
        postage=row.postage,
        sheets=row.sheets,
        sent_by=row.sent_by,
        scheduled_for=row.scheduled_for,
        status=Status(row.status),
        problem=row.problem,
        accepted_at=row.accepted_at,
        sent_at=row.sent_at,
        completed_at=row.completed_at,
    )


def _content(
    template: TemplateView, channel: Channel, language: Shown, given: Personalisation
) -> tuple[str | None, str]:
    if channel is Channel.LETTER:
        filled = fill_email(template.pair.shown("cy" if language == "cy" else "en", channel), given)
        return filled.subject, filled.body
    words = template.pair.shown(language, channel)
    if channel is Channel.EMAIL:
        filled = fill_email(words, given)
        return filled.subject, filled.body
    return None, fill_text(words, given, prefix=None).content


def shown_language(language: str) -> Shown:
    """Read a row's word for the language a message shows."""
    return "both" if language == "both" else "cy" if language == "cy" else "en"
