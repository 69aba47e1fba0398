"""Where a try comes from, as far as that decides how often it may be made."""

from dataclasses import dataclass

from guildhall.kernel.networks import Network


@dataclass(frozen=True)
class KnownBrowser:
    """A browser in which somebody signed in to an account before: the account's mark, and a number of its own."""

    account: bytes
    number: bytes


@dataclass(frozen=True)
class Source:
    """The network that a request came from, and the accounts that its browser is known to."""

    network: Network
    known: tuple[KnownBrowser, ...] = ()
