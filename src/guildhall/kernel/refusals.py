"""What can be said no to. A refusal is an answer, not a bug: faces turn it into words or a status, bugs are not caught.

Refused
├── NotFound        there is no such thing for this caller
├── Forbidden       the caller may not do this
├── Conflict        somebody else was first, or the thing has moved on
├── Invalid         the input breaks a rule that the caller can mend
└── Unavailable     not now: a limit, a queue or a provider is full or down; trying again later may work

Each module defines its own refusals under these, beside the function that raises them.
"""


class Refused(Exception):
    """Something was asked for and the answer is no. The message says why, in words for the person who asked."""


class NotFound(Refused):
    """There is no such thing for this caller."""


class Forbidden(Refused):
    """The caller may not do this."""


class Conflict(Refused):
    """Somebody else was first, or the thing has moved on since the caller looked."""


class Invalid(Refused):
    """The input breaks a rule that the caller can mend."""


class Unavailable(Refused):
    """Not now: a limit, a queue or a provider is full or down."""
