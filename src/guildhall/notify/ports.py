"""What notify asks of whoever carries its messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a provider gets it: to whom, from whom, and the words with what fills them.

    ``tries`` counts this hand-over: from the second on, the recipient may have the message already, and a provider
    repeats it under the same name (``message_id``).
    """

    message_id: MessageId
    channel: Channel
    recipient: str
    sender_name: str
    sender: str
    words: Words
    given: Personalisation
    prefix: str | None
    unsubscribe_url: str | None
    accepted_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The provider has it. ``is_delivered``: and knows already that the recipient has it."""

    reference: str = ""
    is_delivered: bool = False


@dataclass(frozen=True, slots=True)
class TryLater:
    """It did not work, for a reason that may pass."""

    problem: str


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """The recipient cannot be reached, and trying again will not help."""

    problem: str


Outcome = HandedOver | TryLater | Undeliverable


class Provider(Protocol):
    """Carries messages of one channel. Never called inside a transaction.

    ``at_once`` is how many messages it takes at a time; that many must not take it longer than half a minute.
    """

    name: str
    at_once: int

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        """Hand messages over and return what became of each, in order. Raises nothing."""


Providers = Mapping[Channel, Provider]
