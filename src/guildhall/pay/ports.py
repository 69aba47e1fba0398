"""What pay asks of a payment service provider. Adapters take and return values and are never called in a transaction.

Every call carries our own key of the act, so that a provider that is asked twice acts once. Anything that is not
explicitly final is pending; a time-out or a broken connection is unknown, and what is unknown is asked again by
``query``, never guessed (pay contract 14).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from guildhall.kernel.money import Pence
from guildhall.pay.domain.cards import CardEntry


class Answer(StrEnum):
    """What a provider says became of an act."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    FAILED = "failed"
    PENDING = "pending"
    UNKNOWN = "unknown"
    NEVER_HEARD_OF = "never_heard_of"

    @property
    def is_final(self) -> bool:
        """Nothing more will come: it happened, or it certainly did not."""
        return self not in (Answer.PENDING, Answer.UNKNOWN)


@dataclass(frozen=True)
class Act:
    """One thing asked of a provider, once: ``key`` is the same however often it is asked."""

    key: UUID
    payment_id: UUID
    amount: Pence


@dataclass(frozen=True)
class Result:
    """A provider's answer; ``reason`` is its words for a refusal, ``provider_id`` its name for the payment."""

    answer: Answer
    reason: str = ""
    provider_id: str | None = None


class ProviderUnreachable(Exception):
    """The provider did not answer: nobody knows whether it acted."""


class CardProvider(Protocol):
    """A provider that takes a card number from us. Only the sandbox does: live providers show their own page."""

    def authorise(self, act: Act, card: CardEntry) -> Result:
        """Reserve the amount on the card."""

    def capture(self, act: Act) -> Result:
        """Take what was reserved."""

    def cancel(self, act: Act) -> Result:
        """Let go of what was reserved."""

    def query(self, act: Act) -> Result:
        """Tell what became of an act; changes nothing."""


class NoSuchProvider(Exception):
    """No adapter of that name is wired: a fault of the composition root."""


_providers: dict[str, CardProvider] = {}


def connect(providers: dict[str, CardProvider]) -> None:
    """Choose the adapters by name. Called by the composition root; calling it again replaces them."""
    _providers.clear()
    _providers.update(providers)


def provider_named(name: str) -> CardProvider:
    """Return the adapter of that name.

    :raises NoSuchProvider: it is not wired.
    """
    try:
        return _providers[name]
    except KeyError:
        raise NoSuchProvider(f"no payment provider is wired as {name}: see config/wiring.py") from None
