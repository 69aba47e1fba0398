"""What a service may choose for its messages, and within which bounds."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier, is_blank
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.sender import LONGEST_LOCAL_PART, dotted_words

KEPT_FOR_DAYS = (3, 90)
"""How many days messages may be kept, at least and at most (contract: notify 1.12)."""

LONGEST_SENDER = 11
"""Characters of the name that a text shows as its sender (contract: notify 3)."""

GUESTS_OF_A_KIND = 5
MANAGERS_TO_GO_LIVE = 2
LONGEST_NAME = 255
MOST_CONTACT_LINES = 10

_SENDER = re.compile(r"[A-Za-z0-9 &.\-_]+")
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


class SenderTooLong(Invalid):
    """A text's sender has at most 11 characters."""


class SenderTooShort(Invalid):
    """A text's sender has at least 3 characters."""


class SenderUnsendable(Invalid):
    """Networks carry no such sender."""


class NotALocalPart(Invalid):
    """This cannot stand before the @ of an address."""


class NotAColour(Invalid):
    """A colour is a # and six digits from 0 to f."""


class TooManyLines(Invalid):
    """A contact block has at most ten lines."""


def read_text_sender(typed: str) -> str:
    """Return the sender of a text as networks carry it: a word, or the digits of a number.

    :raises SenderTooLong: it has more than 11 characters.
    :raises SenderTooShort: it has fewer than 3.
    :raises SenderUnsendable: it has other characters than letters, digits, spaces and & . - _, or begins with 00.
    """
    sender = clean_identifier(typed)
    if len(sender) > LONGEST_SENDER:
        raise SenderTooLong("a sender has at most 11 characters")
    if len(sender) < 3:
        raise SenderTooShort("a sender has at least 3 characters")
    if not _SENDER.fullmatch(sender) or sender.startswith("00"):
        raise SenderUnsendable("a sender has only letters, digits, spaces and & . - _, and does not begin with 00")
    return sender


def read_local_part(typed: str) -> str:
    """Return what shall stand before the @ of a service's address; empty for what its name makes.

    :raises NotALocalPart: it would be no address.
    """
    made = dotted_words(typed)
    if not is_blank(typed) and (not made or len(typed.strip()) > LONGEST_LOCAL_PART):
        raise NotALocalPart("an address needs letters or digits before its @")
    return made


def read_colour(typed: str) -> str:
    """Return a colour as style sheets write it; empty for none.

    >>> read_colour("1D70B8")
    '#1d70b8'

    :raises NotAColour: it is no colour.
    """
    if is_blank(typed):
        return ""
    found = _COLOUR.fullmatch(clean_identifier(typed))
    if found is None:
        raise NotAColour("a colour is a # and six digits from 0 to f")
    return f"#{found.group(1).lower()}"


def read_contact_lines(typed: str) -> str:
    """Return a contact block without empty lines and stray space.

    :raises TooManyLines: it has more than ten.
    """
    lines = [" ".join(line.split()) for line in typed.splitlines() if not is_blank(line)]
    if len(lines) > MOST_CONTACT_LINES:
        raise TooManyLines("a contact block has at most ten lines")
    return "\n".join(lines)


class LiveTask(StrEnum):
    """What must be done before a service leaves trial mode."""

    TWO_MANAGERS = "two-managers"
    A_TEMPLATE = "a-template"
    A_REPLY_TO = "a-reply-to"
    A_TEXT_SENDER = "a-text-sender"


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a service has come: who can manage it, what it would send, and under which senders."""

    managers: int
    templates: Collection[Channel]
    senders: Collection[Channel]


def tasks_to_go_live(readiness: Readiness) -> dict[LiveTask, bool]:
    """Return what a service must do before it writes to anybody, and whether it is done.

    Somebody reads the replies to its emails, its texts say who they are from, and no single person's leaving
    leaves it without anybody who can change it.
    """
    tasks = {
        LiveTask.TWO_MANAGERS: readiness.managers >= MANAGERS_TO_GO_LIVE,
        LiveTask.A_TEMPLATE: bool(readiness.templates),
    }
    if Channel.EMAIL in readiness.templates:
        tasks[LiveTask.A_REPLY_TO] = Channel.EMAIL in readiness.senders
    if Channel.SMS in readiness.templates:
        tasks[LiveTask.A_TEXT_SENDER] = Channel.SMS in readiness.senders
    return tasks
