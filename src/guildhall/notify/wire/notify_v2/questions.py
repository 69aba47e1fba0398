"""What a program asks a list for, or the list of what is wrong with the question (contract: notify 1.7).

Schema, and the order in which faults are told: alphagov/notifications-api:app/v2/notifications/notification_schemas.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.facts import FAILED
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.wire.notify_v2.fields import find_id, unexpected
from guildhall.notify.wire.notify_v2.refusals import Malformed

STATUSES = (
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted",
    "received",
)
TYPES = ("sms", "email", "letter")
YES = ("true", "True")

_SEVERAL: Mapping[str, Sequence[Status]] = {
    "failed": sorted(FAILED),
    "accepted": (Status.CREATED, Status.SENDING),
    "received": (Status.DELIVERED,),
}
_ONE_VALUE = ("reference", "include_jobs", "older_than")

Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a list of messages. ``query`` is the question as it was put, in its order."""

    channels: Sequence[Channel]
    statuses: Sequence[Status]
    reference: str | None
    older_than: MessageId | None
    with_lists: bool
    query: Query

    def address(self, address: str, **changes: object) -> str:
        """Return the address of the list with this question, or with another page of it."""
        asked = {**self.query, **{name: [str(value)] for name, value in changes.items()}}
        return f"{address}?{urlencode(asked, doseq=True)}" if asked else address


def read_question(asked: QueryDict) -> Question:
    """Return what a list of messages is asked for.

    :raises Malformed: it asks for what there is not.
    """
    query = {name: values[:1] if name in _ONE_VALUE else values for name, values in asked.lists()}
    if problems := list(_problems(query)):
        raise Malformed(*problems)
    reference = query.get("reference")
    return Question(
        channels=[Channel(each) for each in query.get("template_type", TYPES)],
        statuses=_statuses(query["status"]) if "status" in query else tuple(Status),
        reference=reference[0] if reference else None,
        older_than=MessageId(older_than) if (older_than := _older_than(query)) else None,
        with_lists="include_jobs" in query,
        query=query,
    )


def read_older_than(asked: QueryDict) -> UUID | None:
    """Return the id after which a list is to go on, for lists that are asked nothing else.

    :raises Malformed: it is no id, or something else was asked.
    """
    query = {name: values[:1] for name, values in asked.lists()}
    problems = [*_not_an_id(query), *unexpected(query, {"older_than"})]
    if problems:
        raise Malformed(*problems)
    return _older_than(query)


def _problems(query: Query) -> Iterator[str]:
    if "\0" in query.get("reference", [""])[0]:
        yield "reference must not contain a NUL"
    yield from _not_one_of(query, "status", STATUSES)
    yield from _not_one_of(query, "template_type", TYPES)
    yield from _not_one_of(query, "include_jobs", YES)
    yield from _not_an_id(query)
    yield from unexpected(query, {"reference", "status", "template_type", "include_jobs", "older_than"})


def _not_one_of(query: Query, name: str, allowed: Sequence[str]) -> Iterator[str]:
    for value in query.get(name, ()):
        if value not in allowed:
            yield f"{name} {value} is not one of [{', '.join(allowed)}]".replace("'", "")


def _not_an_id(query: Query) -> Iterator[str]:
    if "older_than" in query and _older_than(query) is None:
        yield "older_than is not a valid UUID"


def _older_than(query: Query) -> UUID | None:
    return find_id(query["older_than"][0]) if "older_than" in query else None


def _statuses(asked: Sequence[str]) -> Sequence[Status]:
    wanted = {status for word in asked for status in _SEVERAL.get(word) or (Status(word),)}
    return sorted(wanted)
