"""How long what people type may be: one number for each kind of question, and what becomes of text that is longer.

The number is looked at before anything else is: work that grows faster than the text never meets a long one. Text over
it is no answer. It can be shown again, cut to something bounded, and cannot be read.
"""

from django.utils.translation import gettext as _

LINE = 200
NAME = 255
EMAIL = 320
PHONE = 50
CODE = 50
NUMBER = 50
DATE_PART = 20
ADDRESS_OF_A_PAGE = 2_000
PASSWORD = 1_024
"""Of a password as it is typed, letters and accents one by one. What a new one may be is identity's."""

LONG_TEXT = 10_000
MESSAGE = 50_000
FILE_NAME = 255

_LEAST_SHOWN_AGAIN = 10_000


class TooLong(str):
    """What is shown again of text that is too long: most of it, so that whoever typed it can shorten it."""

    __slots__ = ()


def bounded(typed: str, longest: int) -> str:
    """Return text that may be looked at; as ``TooLong`` where it is so long that even its spaces are not looked at."""
    most = max(2 * longest, _LEAST_SHOWN_AGAIN)
    return typed if len(typed) <= most else TooLong(typed[:most])


def measured(text: str, longest: int) -> str:
    """Return text that is ready to be read; as ``TooLong`` where it is longer than ``longest``."""
    return text if len(text) <= longest else TooLong(text)


def too_long(label: str, longest: int) -> str:
    """Say what is wrong, in the words of a question's label.

    >>> too_long("Address line 2 (optional)", 200)
    'Address line 2 must be 200 characters or fewer'
    >>> too_long("What is your name?", 5000)
    'What you enter must be 5,000 characters or fewer'
    """
    asked, count = label.partition(" (")[0], f"{longest:,}"
    if not asked or asked.endswith("?"):
        return _("What you enter must be %(count)s characters or fewer") % {"count": count}
    return _("%(asked)s must be %(count)s characters or fewer") % {"asked": asked, "count": count}
