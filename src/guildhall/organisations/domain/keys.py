"""API keys: what they open, how far they reach, and which of them must stay readable."""

from enum import StrEnum


class Platform(StrEnum):
    """The platform whose API a key opens."""

    NOTIFY = "notify"
    PAY = "pay"
    REGISTERS = "registers"

    @property
    def needs_the_secret_itself(self) -> bool:
        """Whether the protocol signs with the secret, so that a digest of it would not do."""
        return self is Platform.NOTIFY


class KeyKind(StrEnum):
    """How far a key reaches: to everybody, to the team and those it lists, or nowhere at all."""

    LIVE = "live"
    TEAM = "team"
    TEST = "test"
