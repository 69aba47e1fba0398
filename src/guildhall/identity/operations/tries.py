"""Counting tries at accounts: which counts a try is taken from, and what becomes of them when it was right."""

from dataclasses import dataclass
from datetime import datetime

from guildhall.contact.email_address import EmailAddress
from guildhall.identity.domain.source import Source
from guildhall.identity.domain.tries import ANYBODY_MAY_ASK, Action, limit_on, limit_on_network, network_action_for
from guildhall.identity.operations.known_browsers import find_known
from guildhall.identity.queries import PersonView
from guildhall.kernel import tries
from guildhall.kernel.limits import Against, Counted
from guildhall.kernel.networks import UNKNOWN, Network
from guildhall.kernel.tries import LockedOut as LockedOut
from guildhall.notify.operations import count_for_installation, count_for_recipient


@dataclass(frozen=True)
class Trier:
    """Somebody who tries at an account, existing or not. ``browser`` is empty unless the account knows it."""

    account: EmailAddress
    network: Network
    browser: str = ""

    def counts(self, action: Action) -> tuple[Counted, ...]:
        """Return all that a try counts against: a known browser only against itself."""
        return (self.own(action),) if self.browser else (self.own(action), self.shared(action), *self._email(action))

    def own(self, action: Action) -> Counted:
        """Return the count that nobody else uses up: of this browser, or else of strangers at this account."""
        return Counted(action, Against.THING, f"{self.account} {self.browser}", limit_on(action))

    def shared(self, action: Action) -> Counted:
        """Return the count of the network."""
        counted_as = network_action_for(action)
        return Counted(counted_as, Against.NETWORK, self.network, limit_on_network(counted_as))

    def _email(self, action: Action) -> tuple[Counted, ...]:
        may_anybody_ask = action in ANYBODY_MAY_ASK
        return (count_for_recipient(self.account), count_for_installation()) if may_anybody_ask else ()


def trier_at(account: EmailAddress, source: Source, person: PersonView | None) -> Trier:
    """Return who tries at an account; ``person`` is whose it is, if it is anybody's."""
    known = find_known(source, person.id, person.generation) if person else None
    return Trier(account, source.network, known.number.hex() if known else "")


def take_a_try(trier: Trier, action: Action, *, now: datetime) -> bool:
    """Count one try before anything is compared, in a transaction of its own: a failure later does not undo it.

    Return whether it was the last for a while.

    :raises LockedOut: the tries are used up.
    """
    return tries.take_tries(*trier.counts(action), now=now)


def count_a_try(trier: Trier, action: Action, *, now: datetime) -> None:
    """Count one try as part of what it is for: if that does not happen, it was not tried.

    :raises LockedOut: the tries are used up.
    """
    tries.count_tries(*trier.counts(action), now=now)


def reset_after_success(trier: Trier, tried: Action, *others: Action, now: datetime) -> None:
    """Start counting afresh: the person has shown who they are. The network gets back the one try that was right."""
    tries.reset_tries(*(trier.own(action) for action in (tried, *others)))
    if not trier.browser:
        tries.give_back(trier.shared(tried), now=now)


def reset_strangers_tries(account: EmailAddress, *actions: Action) -> None:
    """Unlock an account for everybody: its owner has shown that they read the mailbox."""
    strangers = Trier(account, UNKNOWN)
    tries.reset_tries(*(strangers.own(action) for action in actions))
