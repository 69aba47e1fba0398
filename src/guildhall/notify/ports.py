"""What notify asks of whoever carries its messages."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import Forbidden, Unavailable
from guildhall.notify.domain.api_key import ApiKey
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_document import PLAIN_LOOK, EmailLook
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a provider gets it: to whom, from whom, and the words with what fills them.

    ``local_part`` stands before the @ of an email's sender; empty: what ``sender_name`` makes. ``look`` is an email's.
    ``tries`` counts this hand-over. When it ``may_be_repeated`` the recipient may have the message already, and a
    provider repeats it under the same name (``message_id``).
    """

    message_id: MessageId
    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    template_id: UUID
    template_version: int
    channel: Channel
    recipient: str
    sender_name: str
    sender: str
    words: Words
    language: str
    given: Personalisation
    prefix: str | None
    unsubscribe_url: str | None
    postage: str
    accepted_at: datetime
    tries: int
    may_be_repeated: bool
    local_part: str = ""
    look: EmailLook = PLAIN_LOOK


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The provider has it. ``is_delivered``: and knows already that the recipient has it."""

    reference: str = ""
    is_delivered: bool = False


@dataclass(frozen=True, slots=True)
class TryLater:
    """It did not work, for a reason of this one message that may pass."""

    problem: str


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """The recipient cannot be reached, and trying again will not help."""

    problem: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The provider is not taking messages now (down, full, refuses us) and certainly does not have this one."""

    problem: str


@dataclass(frozen=True, slots=True)
class SenderRefused:
    """The provider is well and does not take messages from this ``sender``; from others it may."""

    problem: str
    sender: str


@dataclass(frozen=True, slots=True)
class Unwritable:
    """The message cannot be made into what a provider takes, and never will be."""

    problem: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was handed over and the answer never came: the provider may have it or not."""

    problem: str


@dataclass(frozen=True, slots=True)
class NotReached:
    """The provider is well, and there was no time to give it this one too."""


Outcome = HandedOver | TryLater | Undeliverable | Unwritable | SenderRefused | NotTaken | Unknown | NotReached


class Provider(Protocol):
    """Carries messages of one channel. Called by several threads at once, and never inside a transaction.

    ``at_once`` is how many messages it takes at a time; ``SECONDS_FOR_A_HAND_OVER`` must do for that many, whatever
    hangs: those it did not get round to are ``NotReached``.
    """

    name: str
    at_once: int

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        """Hand messages over and return what became of each, in order. Raises nothing."""


@runtime_checkable
class Listener(Protocol):
    """A provider that brings news over the line by which it is spoken to, also while there is nothing to hand over."""

    def stay_connected(self) -> None:
        """Open the line unless it is open. May raise anything when the provider cannot be reached."""

    def close(self) -> None:
        """Hang up."""


SECONDS_FOR_A_HAND_OVER = 40.0

Make = Callable[[Mapping[str, str]], Provider]


@dataclass(frozen=True)
class Providers:
    """How a provider of each kind is made from an account's settings, and who carries where nobody has an account."""

    kinds: Mapping[str, Make] = field(default_factory=dict)
    without_accounts: Mapping[Channel, Provider] = field(default_factory=dict)


_kinds: dict[str, Make] = {}


def connect_providers(providers: Providers) -> None:
    """Choose the kinds of provider that an account may be with. Called by the composition root; again replaces them."""
    _kinds.clear()
    _kinds.update(providers.kinds)


def provider_kinds() -> Mapping[str, Make]:
    """Return the kinds of provider that an account may be with."""
    return dict(_kinds)


class ScannerUnreachable(Unavailable):
    """The virus scanner does not answer, so no file can be let through."""


class VirusScanner(Protocol):
    """Looks into files before they are passed on. Never called inside a transaction."""

    def passes(self, content: bytes) -> bool:
        """Tell whether a file is clean.

        :raises ScannerUnreachable: nobody could look.
        """


_scanner: list[VirusScanner] = []


def connect_virus_scanner(scanner: VirusScanner | None) -> None:
    """Choose who looks into files; None: nobody does. Called by the composition root; again, it replaces the choice."""
    _scanner[:] = [scanner] if scanner is not None else []


def find_virus_scanner() -> VirusScanner | None:
    """Return who looks into files, or None."""
    return _scanner[0] if _scanner else None


@dataclass(frozen=True, slots=True)
class ForeignTemplate:
    """A template of another installation that speaks Notify's API."""

    id: UUID
    channel: Channel
    name: str
    words: Words


class SourceRefused(Forbidden):
    """The other installation does not accept the key."""


class SourceUnreachable(Unavailable):
    """The other installation does not answer, or not in a way that can be read."""


class TemplateSource(Protocol):
    """Another installation, whose templates can be taken over. Never called inside a transaction."""

    def list_templates(self, key: ApiKey, *, now: datetime) -> Sequence[ForeignTemplate]:
        """Return every template that the key's service has in use.

        :raises SourceRefused: the key is not accepted.
        :raises SourceUnreachable: there was no answer.
        """
        ...


_sources: list[TemplateSource] = []


def connect_template_source(source: TemplateSource) -> None:
    """Choose where templates are taken over from. Called by the composition root; again, it replaces the choice."""
    _sources[:] = [source]


def template_source() -> TemplateSource:
    """Return where templates are taken over from."""
    return _sources[0]


class Accounts(Protocol):
    """Who has an account here and reads messages there."""

    def who_read_there(self, emails: Collection[str]) -> Mapping[str, UUID]:
        """Return the persons who want messages to these email addresses in their account, by address."""
        ...


_accounts: list[Accounts] = []


def connect_accounts(accounts: Accounts) -> None:
    """Choose who knows the accounts. Called by the composition root; calling it again replaces the choice."""
    _accounts[:] = [accounts]


def find_accounts() -> Accounts:
    """Return who knows the accounts."""
    return _accounts[0]
