"""What each field of a request may hold, and what is said of one that holds something else (contract: notify 1.3).

A field takes what was sent and returns what is meant. The messages are those of a JSON Schema validator with its
quotation marks taken out; the schemas are alphagov/notifications-api:app/v2/notifications/notification_schemas.py.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.contact.phone_number import NotAPhoneNumber, PhoneNumber, parse_phone_number
from guildhall.kernel.outside import read_moment
from guildhall.notify.domain.personalisation import key_of
from guildhall.notify.operations.cancelling import FURTHEST_SCHEDULE as FURTHEST_HEEDED
from guildhall.notify.queries import NotifyServiceView
from guildhall.notify.wire.notify_v2.recipients import words_of
from guildhall.notify.wire.notify_v2.refusals import Malformed

LONGEST_REFERENCE = 1000
LONGEST_ID, LONGEST_WEB_ADDRESS = 100, 2_000
MOST_VALUES, MOST_NAMES = 1_000, 1_000
MOST_NAMES_TOLD, LONGEST_NAME_TOLD = 100, 200
"""The reference repeats every name that it does not know; here so many are told, and how many more there are."""

_WEB_ADDRESS = re.compile(r"https://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]++")
_ANOTHER = re.compile(r",(?:https?|mailto):", re.IGNORECASE)
"""What begins another address of a list: RFC 2369 separates them by commas."""
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?")

FURTHEST_IGNORED = timedelta(hours=24)

Body = Mapping[str, object]


class Fault(Exception):
    """A value is not what its field may hold; the messages say why, without the field's name."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Window:
    """When a message may be asked to go: from now until ``furthest`` later."""

    now: datetime
    furthest: timedelta


def window_for(service: NotifyServiceView, now: datetime) -> Window:
    """Return how far ahead a service may ask for a message: a day, and its wish is ignored; or it is heeded."""
    return Window(now, FURTHEST_HEEDED if service.heeds_schedules else FURTHEST_IGNORED)


Field = Callable[[object, Window], Any]


def read_fields(body: Body, schema: Mapping[str, Field], *, required: Sequence[str], window: Window) -> dict[str, Any]:
    """Return what the fields of a body mean, by name; those that were not sent are left out.

    :raises Malformed: it breaks the schema; all that is wrong is told, in the schema's order.
    """
    read: dict[str, Any] = {}
    problems: list[str] = []
    for name, field in schema.items():
        if name in body:
            try:
                read[name] = field(body[name], window)
            except Fault as fault:
                problems += (f"{name} {message}" for message in fault.messages)
    problems += (f"{name} is a required property" for name in required if name not in body)
    if not body.keys() <= schema.keys():
        problems += unexpected(body, schema)
    if problems:
        raise Malformed(*problems)
    return read


def unexpected(body: Iterable[str], known: Iterable[str]) -> Sequence[str]:
    """Return what is said of fields that nobody knows: nothing where there are none."""
    extra = set(body).difference(known)
    if not extra:
        return ()
    verb = "was" if len(extra) == 1 else "were"
    told = ", ".join(name[:LONGEST_NAME_TOLD] for name in heapq.nsmallest(MOST_NAMES_TOLD, extra))
    if len(extra) > MOST_NAMES_TOLD:
        told += f" and {len(extra) - MOST_NAMES_TOLD} more"
    return (f"Additional properties are not allowed ({told} {verb} unexpected)".replace("'", ""),)


def not_of_type(value: object, kind: str) -> str:
    """Return what is said of a value of the wrong type."""
    return f"{value!r} is not of type {kind}".replace("'", "")


def reference(value: object, window: Window) -> str:
    typed = _text(value)
    if len(typed) > LONGEST_REFERENCE:
        raise Fault(f"{typed} is too long".replace("'", ""))
    return typed


def email_address(value: object, window: Window) -> str:
    try:
        return parse_email_address(_text(value))
    except NotAnEmailAddress as refusal:
        raise Fault(words_of(refusal)) from refusal


def phone_number(value: object, window: Window) -> PhoneNumber:
    try:
        return parse_phone_number(_text(value))
    except NotAPhoneNumber as refusal:
        raise Fault(words_of(refusal)) from refusal


def identifier(value: object, window: Window) -> UUID:
    found = find_id(value)
    if found is None:
        raise Fault("is not a valid UUID")
    return found


def values(value: object, window: Window) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise Fault(not_of_type(value, "object"))
    if len(value) > MOST_VALUES:
        raise Fault(f"has more than {MOST_VALUES} properties")
    return value


def names(value: object, window: Window) -> frozenset[str]:
    """Read the names of values, as they are compared."""
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        raise Fault(not_of_type(value, "array, null"))
    if len(value) > MOST_NAMES:
        raise Fault(f"has more than {MOST_NAMES} items")
    if strangers := [not_of_type(name, "string") for name in value if not isinstance(name, str)]:
        raise Fault(*strangers)
    return frozenset(map(key_of, value))


def https_address(value: object, window: Window) -> str:
    if not isinstance(value, str) or not _is_https(value):
        raise Fault("is not a valid https url")
    return value


def schedule(value: object, window: Window) -> datetime | None:
    """Read when a message should go; a time without a zone is UTC."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Fault(not_of_type(value, "string, null"))
    at = _find_moment(value)
    if at is None:
        raise Fault(
            "datetime format is invalid. It must be a valid ISO8601 date time format, "
            "https://en.wikipedia.org/wiki/ISO_8601"
        )
    if at < window.now:
        raise Fault("datetime can not be in the past")
    if at > window.now + window.furthest:
        raise Fault(f"datetime can only be {window.furthest // timedelta(hours=1)} hours in the future")
    return at


def find_id(value: object) -> UUID | None:
    """Return the id that a value spells, or None."""
    if not isinstance(value, str) or len(value) > LONGEST_ID or not value.isascii():
        return None
    try:
        return _usual_id(value) if len(value) == 36 else UUID(value)
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def _usual_id(text: str) -> UUID:
    return UUID(text)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Fault(not_of_type(value, "string"))
    return value


def _is_https(address: str) -> bool:
    """Whether it is one address of the web, as a header can hold it: RFC 3986's characters, and no list of several."""
    if len(address) > LONGEST_WEB_ADDRESS or not _WEB_ADDRESS.fullmatch(address) or _ANOTHER.search(address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port  # no number, or too large a one: ValueError
        return _is_host(parts.hostname or "")
    except ValueError:
        return False


def _is_host(name: str) -> bool:
    if ":" in name:
        return bool(ip_address(name.partition("%")[0]))
    return all(_LABEL.fullmatch(label) for label in name.removesuffix(".").split("."))


def _find_moment(text: str) -> datetime | None:
    at = read_moment(text)
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)
