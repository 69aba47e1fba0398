"""Turning a request into a wanted message, or into the list of what is wrong with it (contract: notify 1.3 to 1.5).

The messages are those of a JSON Schema validator with its quotation marks taken out; schemas and their order are
alphagov/notifications-api:app/v2/notifications/notification_schemas.py.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.document import is_file, weeks_of
from guildhall.notify.domain.email_address import NotAnEmailAddress, parse_email_address
from guildhall.notify.domain.phone_number import NotAPhoneNumber, parse_phone_number
from guildhall.notify.operations import NewMessage
from guildhall.notify.wire.notify_v2.refusals import Malformed, NotJson

LONGEST_REFERENCE = 1000
FURTHEST_SCHEDULE = timedelta(hours=24)

Body = Mapping[str, object]
Check = Callable[[object, datetime], Iterator[str]]


class Reader(Protocol):
    """Reads what a request wants sent from its body."""

    def __call__(self, body: Body, *, now: datetime) -> NewMessage: ...


def read_json(body: bytes) -> Body:
    """Return the JSON object of a body. What is false in JSON (``[]``, ``null``, ``0``) counts as an empty object.

    :raises NotJson: it is not JSON, or holds a character that no text can.
    """
    if rb"\u0000" in body:  # valid in JSON, and in no PostgreSQL text
        raise NotJson("the body holds a NUL")
    try:
        read = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise NotJson("the body is not JSON") from fault
    if not read:
        return {}
    if not isinstance(read, dict):
        raise Malformed(_not_of_type(read, "object"))
    return read


def read_email(body: Body, *, now: datetime) -> NewMessage:
    """Return the email that a request wants sent.

    :raises Malformed: it breaks the schema.
    """
    _check(body, _EMAIL, required=("email_address", "template_id"), now=now)
    typed = str(body["email_address"])
    untrusted = body.get("sanitise_content_for") or []
    return NewMessage(
        channel=Channel.EMAIL,
        recipient=parse_email_address(typed),
        recipient_as_given=typed,
        number=None,
        template_id=UUID(str(body["template_id"])),
        personalisation=_personalisation(body),
        untrusted=[str(name) for name in untrusted] if isinstance(untrusted, list) else [],
        reference=_text(body.get("reference")),
        sender_id=_id(body.get("email_reply_to_id")),
        unsubscribe_url=_text(body.get("one_click_unsubscribe_url")),
    )


def read_text_message(body: Body, *, now: datetime) -> NewMessage:
    """Return the text that a request wants sent.

    :raises Malformed: it breaks the schema.
    """
    _check(body, _TEXT_MESSAGE, required=("phone_number", "template_id"), now=now)
    typed = str(body["phone_number"])
    number = parse_phone_number(typed)
    return NewMessage(
        channel=Channel.SMS,
        recipient=number.digits,
        recipient_as_given=typed,
        number=number,
        template_id=UUID(str(body["template_id"])),
        personalisation=_personalisation(body),
        untrusted=[],
        reference=_text(body.get("reference")),
        sender_id=_id(body.get("sms_sender_id")),
        unsubscribe_url=None,
    )


def read_id(text: str, *, field: str) -> UUID:
    """Return the id in an address.

    :raises Malformed: it is none.
    """
    try:
        return UUID(text)
    except ValueError as fault:
        raise Malformed(f"{field} is not a valid UUID") from fault


def read_preview(body: Body) -> Mapping[str, object]:
    """Return the values of a preview.

    :raises Malformed: they are not an object, or something else was sent.
    """
    problems = [*_of_type(body.get("personalisation", {}), dict, "object", "personalisation")]
    problems += _unexpected(body, {"personalisation"})
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
    problems += _unexpected(query, {"type"})
    if problems:
        raise Malformed(*problems)
    return wanted


def _check(body: Body, schema: Mapping[str, Check], *, required: Sequence[str], now: datetime) -> None:
    problems: list[str] = []
    for field, check in schema.items():
        if field in body:
            problems += (_prefixed(field, problem) for problem in check(body[field], now))
    problems += (f"{field} is a required property" for field in required if field not in body)
    problems += _unexpected(body, schema.keys())
    if problems:
        raise Malformed(*problems)
    _check_files(body)


def _check_files(body: Body) -> None:
    """Refuse what a file sent as a value says wrongly about itself."""
    problems: list[str] = []
    for value in _personalisation(body).values():
        if isinstance(value, dict) and is_file(value):
            problems += _file_problems(value)
    if problems:
        raise Malformed(*problems)


def _file_problems(file: Mapping[str, object]) -> Iterator[str]:
    period, confirms = file.get("retention_period"), file.get("confirm_email_before_download")
    if period is not None and weeks_of(period) is None:
        yield (
            f"retention_period Unsupported value for retention_period: {period}. "
            "Supported periods are from 1 to 78 weeks."
        )
    if confirms is not None and not isinstance(confirms, bool):
        yield (
            f"confirm_email_before_download Unsupported value for confirm_email_before_download: {confirms}. "
            "Use a boolean true or false value."
        )
    if file.get("filename") is not None and file.get("is_csv") is not None:
        yield "Do not set a value for `is_csv` if `filename` is set."
    elif file.get("filename") is not None and "." not in str(file["filename"]):
        yield "filename `filename` must end with a file extension. For example, filename.csv"


def _prefixed(field: str, problem: str) -> str:
    return f"{field} {problem}"


def _unexpected(body: Mapping[str, object], known: object) -> Iterator[str]:
    extra = sorted(name for name in body if name not in known)  # type: ignore[operator]
    if extra:
        verb = "was" if len(extra) == 1 else "were"
        yield f"Additional properties are not allowed ({', '.join(extra)} {verb} unexpected)".replace("'", "")


def _not_of_type(value: object, kind: str) -> str:
    return f"{value!r} is not of type {kind}".replace("'", "")


def _of_type(value: object, kind: type, name: str, field: str) -> Iterator[str]:
    if not isinstance(value, kind):
        yield _prefixed(field, _not_of_type(value, name))


def _reference(value: object, now: datetime) -> Iterator[str]:
    if not isinstance(value, str):
        yield _not_of_type(value, "string")
    elif len(value) > LONGEST_REFERENCE:
        yield f"{value} is too long".replace("'", "")


def _email_address(value: object, now: datetime) -> Iterator[str]:
    if not isinstance(value, str):
        yield _not_of_type(value, "string")
        return
    try:
        parse_email_address(value)
    except NotAnEmailAddress as refusal:
        yield str(refusal)


def _phone_number(value: object, now: datetime) -> Iterator[str]:
    if not isinstance(value, str):
        yield _not_of_type(value, "string")
        return
    try:
        parse_phone_number(value)
    except NotAPhoneNumber as refusal:
        yield str(refusal)


def _uuid(value: object, now: datetime) -> Iterator[str]:
    if not isinstance(value, str) or _find_id(value) is None:
        yield "is not a valid UUID"


def _object(value: object, now: datetime) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _not_of_type(value, "object")


def _names(value: object, now: datetime) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, list):
        yield _not_of_type(value, "array, null")
        return
    yield from (_not_of_type(name, "string") for name in value if not isinstance(name, str))


def _https(value: object, now: datetime) -> Iterator[str]:
    if not isinstance(value, str) or not _is_https(value):
        yield "is not a valid https url"


def _schedule(value: object, now: datetime) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, str):
        yield _not_of_type(value, "string, null")
        return
    at = _find_moment(value)
    if at is None:
        yield (
            "datetime format is invalid. It must be a valid ISO8601 date time format, "
            "https://en.wikipedia.org/wiki/ISO_8601"
        )
    elif at < now:
        yield "datetime can not be in the past"
    elif at > now + FURTHEST_SCHEDULE:
        yield "datetime can only be 24 hours in the future"


def _is_https(address: str) -> bool:
    if any(character.isspace() or not character.isprintable() for character in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return address.startswith("https://") and bool(parts.netloc)


def _find_moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _find_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _personalisation(body: Body) -> Mapping[str, object]:
    given = body.get("personalisation") or {}
    assert isinstance(given, dict)
    return given


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _id(value: object) -> UUID | None:
    return UUID(value) if isinstance(value, str) else None


_COMMON: Mapping[str, Check] = {"template_id": _uuid, "personalisation": _object, "scheduled_for": _schedule}
_EMAIL: Mapping[str, Check] = {
    "reference": _reference,
    "email_address": _email_address,
    **_COMMON,
    "email_reply_to_id": _uuid,
    "one_click_unsubscribe_url": _https,
    "sanitise_content_for": _names,
}
_TEXT_MESSAGE: Mapping[str, Check] = {
    "reference": _reference,
    "phone_number": _phone_number,
    **_COMMON,
    "sms_sender_id": _uuid,
}
_TYPES = ("sms", "email", "letter")
