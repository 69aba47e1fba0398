"""Reading what Firetext, MMG and GOV.UK Notify say, in the forms that they say it.

Forms: alphagov/notifications-api:app/notifications/notifications_sms_callback.py, receive_notifications.py.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote_plus

import structlog
from django.http import QueryDict

from guildhall.kernel.clock import LONDON
from guildhall.kernel.outside import read_moment
from guildhall.kernel.wire_json import NotJson, read_object
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.provider_codes import Meaning, meaning_of_firetext, meaning_of_mmg
from guildhall.notify.domain.receipts import Receipt
from guildhall.notify.domain.received_text import LONGEST_NAME, LONGEST_TEXT, IncomingText
from guildhall.notify.wire.provider_receipts.refusals import Unreadable

log = structlog.get_logger(__name__)

Said = Mapping[str, object]


def read_form(body: bytes) -> Said:
    """Read a form, whatever its content type says: ``a=1&b=2``.

    :raises Unreadable: it is not UTF-8, or has too many fields.
    """
    try:
        return QueryDict(body, encoding="utf-8").dict()
    except Exception as fault:
        raise Unreadable("the form cannot be read") from fault


def read_json(body: bytes) -> Said:
    """Read a JSON object.

    :raises Unreadable: it is none.
    """
    try:
        return read_object(body)
    except NotJson as fault:
        raise Unreadable("Invalid JSON") from fault


def read_firetext_receipt(said: Said, *, now: datetime) -> Receipt:
    """Return what Firetext says became of a message.

    :raises Unreadable: it does not say of which message, or what.
    """
    _need(said, ("status", "reference"), "Firetext callback failed")
    meaning = meaning_of_firetext(_text(said, "status"), _text(said, "code"))
    return _receipt("firetext", _text(said, "reference"), meaning, _moment(_text(said, "time"), now))


def read_mmg_receipt(said: Said, *, now: datetime) -> Receipt:
    """Return what MMG says became of a message.

    :raises Unreadable: it does not say of which message, or what.
    """
    _need(said, ("status", "CID"), "MMG callback failed")
    meaning = meaning_of_mmg(_text(said, "status"), _text(said, "substatus"))
    return _receipt("mmg", _text(said, "CID"), meaning, _moment(_text(said, "deliverytime"), now))


def read_notify_receipt(said: Said, *, now: datetime) -> Receipt:
    """Return what the real GOV.UK Notify says became of a message that was passed on to it.

    :raises Unreadable: it does not say of which message, or what.
    """
    _need(said, ("status", "reference"), "GOV.UK Notify callback failed")
    status, at = _text(said, "status"), _text(said, "completed_at") or _text(said, "sent_at")
    try:
        meaning = Meaning(Status(status), "")
    except ValueError:
        detail = f"GOV.UK Notify said {status[:40]!r}, which we do not know"
        meaning = Meaning(Status.TECHNICAL_FAILURE, detail, is_known=False)
    return _receipt("govuk-notify", _text(said, "reference"), meaning, _moment(at, now))


def read_firetext_text(said: Said, *, now: datetime) -> IncomingText:
    """Return a text that came in by Firetext.

    :raises Unreadable: it does not say from whom, or to which number.
    """
    _need(said, ("source", "destination"), "Firetext inbound SMS failed")
    return IncomingText(
        provider="firetext",
        name="",
        to=_text(said, "destination"),
        sender=_text(said, "source"),
        content=_text(said, "message", longest=LONGEST_TEXT),
        sent_at=_moment(_text(said, "time"), now),
        moment=_text(said, "time"),
    )


def read_mmg_text(said: Said, *, now: datetime) -> IncomingText:
    """Return a text that came in by MMG, which writes values as in an address: ``hello+there``.

    :raises Unreadable: it does not say from whom, or to which number.
    """
    _need(said, ("MSISDN", "Number"), "MMG inbound SMS failed")
    return IncomingText(
        provider="mmg",
        name=_text(said, "ID"),
        to=_text(said, "Number"),
        sender=_text(said, "MSISDN"),
        content=unquote_plus(_text(said, "Message", longest=LONGEST_TEXT)),
        sent_at=_moment(unquote_plus(_text(said, "DateRecieved")), now),
        moment=_text(said, "DateRecieved"),
    )


def read_notify_text(said: Said, *, now: datetime) -> IncomingText:
    """Return a text that the real GOV.UK Notify received for a service there.

    :raises Unreadable: it does not say from whom, or to which number.
    """
    _need(said, ("source_number", "destination_number"), "GOV.UK Notify inbound SMS failed")
    return IncomingText(
        provider="govuk-notify",
        name=_text(said, "id"),
        to=_text(said, "destination_number"),
        sender=_text(said, "source_number"),
        content=_text(said, "message", longest=LONGEST_TEXT),
        sent_at=_moment(_text(said, "date_received"), now),
        moment=_text(said, "date_received"),
    )


def _need(said: Said, names: Sequence[str], failed: str) -> None:
    problems = [f"{failed}: {name} missing" for name in names if not _text(said, name)]
    if problems:
        raise Unreadable(*problems)


def _text(said: Said, name: str, *, longest: int = LONGEST_NAME) -> str:
    """Return a value as text that the database takes: not endless, and without what it cannot hold."""
    value = said.get(name)
    text = str(value)[:longest] if isinstance(value, str | int | float) else ""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _receipt(provider: str, reference: str, meaning: Meaning, at: datetime) -> Receipt:
    if not meaning.is_known:
        log.warning("receipt_says_what_nobody_knows", provider=provider, reference=reference, detail=meaning.detail)
    return Receipt(provider, reference, meaning.status, meaning.detail, at, meaning.is_explained)


def _moment(text: str, now: datetime) -> datetime:
    """Read a moment; one that names no time zone is London's. What cannot be read, or has not come yet, is now."""
    read = read_moment(text.strip())
    if read is None:
        return now
    return min((read if read.tzinfo else read.replace(tzinfo=LONDON)).astimezone(UTC), now)
