"""Turning a request into a wanted message, or into the list of what is wrong with it (contract: notify 1.3 to 1.5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from guildhall.kernel import wire_json
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.document import is_file, weeks_of
from guildhall.notify.operations import NewMessage
from guildhall.notify.wire.notify_v2 import fields
from guildhall.notify.wire.notify_v2.fields import Body, Field, Window, not_of_type, read_fields, unexpected
from guildhall.notify.wire.notify_v2.refusals import Malformed

FURTHEST_SCHEDULE = timedelta(hours=24)


class Reader(Protocol):
    """Reads what a request wants sent from its body."""

    def __call__(self, body: Body, window: Window) -> NewMessage: ...


def read_json(body: bytes) -> Body:
    """Return the JSON object of a body. What is false in JSON (``[]``, ``null``, ``0``) counts as an empty object.

    :raises NotJson: it is not JSON that can be kept.
    """
    read = wire_json.read_json(body)
    if not read:
        return {}
    if not isinstance(read, dict):
        raise Malformed(not_of_type(read, "object"))
    return read


def read_email(body: Body, window: Window) -> NewMessage:
    """Return the email that a request wants sent.

    :raises Malformed: it breaks the schema.
    """
    read = read_fields(body, _EMAIL, required=("email_address", "template_id"), window=window)
    check_files(read)
    return NewMessage(
        channel=Channel.EMAIL,
        recipient=read["email_address"],
        recipient_as_given=str(body["email_address"]).strip(),
        number=None,
        template_id=read["template_id"],
        personalisation=_personalisation(read),
        untrusted=read.get("sanitise_content_for", frozenset()),
        reference=read.get("reference"),
        sender_id=read.get("email_reply_to_id"),
        unsubscribe_url=read.get("one_click_unsubscribe_url"),
        scheduled_for=read.get("scheduled_for"),
    )


def read_text_message(body: Body, window: Window) -> NewMessage:
    """Return the text that a request wants sent.

    :raises Malformed: it breaks the schema.
    """
    read = read_fields(body, _TEXT_MESSAGE, required=("phone_number", "template_id"), window=window)
    check_files(read)
    number = read["phone_number"]
    return NewMessage(
        channel=Channel.SMS,
        recipient=number.digits,
        recipient_as_given=str(body["phone_number"]).strip(),
        number=number,
        template_id=read["template_id"],
        personalisation=_personalisation(read),
        untrusted=frozenset(),
        reference=read.get("reference"),
        sender_id=read.get("sms_sender_id"),
        unsubscribe_url=None,
        scheduled_for=read.get("scheduled_for"),
    )


def read_id(text: str, *, field: str) -> UUID:
    """Return the id in an address.

    :raises Malformed: it is none.
    """
    found = fields.find_id(text)
    if found is None:
        raise Malformed(f"{field} is not a valid UUID")
    return found


def read_preview(body: Body) -> Mapping[str, object]:
    """Return the values of a preview.

    :raises Malformed: they are not an object, or something else was sent.
    """
    given = body.get("personalisation", {})
    problems = [] if isinstance(given, dict) else [f"personalisation {not_of_type(given, 'object')}"]
    problems += unexpected(body, ("personalisation",))
    if problems:
        raise Malformed(*problems)
    return _personalisation(body)


def read_template_type(query: Mapping[str, Sequence[str]]) -> str | None:
    """Return the type whose templates are asked for, or None for all.

    :raises Malformed: it is no type, or something else was asked.
    """
    wanted = query["type"][-1] if "type" in query else None
    problems = []
    if wanted is not None and wanted not in _TYPES:
        problems.append(f"type {wanted} is not one of [{', '.join(_TYPES)}]")
    problems += unexpected(query, ("type",))
    if problems:
        raise Malformed(*problems)
    return wanted


def check_files(body: Body) -> None:
    """Refuse what a file sent as a value says wrongly about itself.

    Source: alphagov/notifications-api:app/schema_validation/__init__.py and its tests of send_a_file values.
    """
    problems: list[str] = []
    for value in _personalisation(body).values():
        if isinstance(value, dict) and is_file(value):
            problems += (problem.replace("'", "") for problem in _file_problems(value))
    if problems:
        raise Malformed(*problems)


def _file_problems(file: Mapping[str, object]) -> Iterator[str]:
    if not isinstance(file["file"], str):
        yield f"file {not_of_type(file['file'], 'string')}"
    period, filename = file.get("retention_period"), file.get("filename")
    if period is not None and weeks_of(period) is None:
        yield (
            f"retention_period Unsupported value for retention_period: {period}. "
            "Supported periods are from 1 to 78 weeks."
        )
    for option in ("confirm_email_before_download", "is_csv"):
        chosen = file.get(option)
        if chosen is not None and not isinstance(chosen, bool):
            yield f"{option} Unsupported value for {option}: {chosen}. Use a boolean true or false value."
    if filename is not None and file.get("is_csv") is not None:
        yield "Do not set a value for `is_csv` if `filename` is set."
    elif filename is not None and not (isinstance(filename, str) and "." in filename):
        yield "filename `filename` must end with a file extension. For example, filename.csv"
    yield from unexpected(file, _OF_A_FILE)


_OF_A_FILE = ("file", "filename", "confirm_email_before_download", "retention_period", "is_csv")


def _personalisation(body: Mapping[str, Any]) -> Mapping[str, object]:
    given: Mapping[str, object] = body.get("personalisation") or {}
    return given


_COMMON: Mapping[str, Field] = {
    "template_id": fields.identifier,
    "personalisation": fields.values,
    "scheduled_for": fields.schedule,
}
_EMAIL: Mapping[str, Field] = {
    "reference": fields.reference,
    "email_address": fields.email_address,
    **_COMMON,
    "email_reply_to_id": fields.identifier,
    "one_click_unsubscribe_url": fields.https_address,
    "sanitise_content_for": fields.names,
}
_TEXT_MESSAGE: Mapping[str, Field] = {
    "reference": fields.reference,
    "phone_number": fields.phone_number,
    **_COMMON,
    "sms_sender_id": fields.identifier,
}
_TYPES = ("sms", "email", "letter")
