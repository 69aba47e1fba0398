"""Under what name a service's messages arrive."""

import string
import unicodedata
from functools import lru_cache

LONGEST_LOCAL_PART = 64
"""Octets before the @ of an address (RFC 5321, 4.5.3.1.1): a server refuses more."""

NAMELESS = "service"
"""Stands before the @ where a name has nothing that may stand there."""

_MAY_STAND = frozenset(string.ascii_lowercase + string.digits)


@lru_cache(maxsize=4096)
def email_local_part(service_name: str) -> str:
    """Return what stands before the @ in a service's address: 1 to 64 letters and digits, with single dots in between.

    >>> email_local_part("Service - with dash"), email_local_part("üńïçödë wördś"), email_local_part("市役所")
    ('service.with.dash', 'unicode.words', 'service')
    """
    return dotted_words(service_name) or NAMELESS


def dotted_words(service_name: str) -> str:
    """Return the words of a name with dots in between, as many as have room before an @; empty where it has none."""
    words = ("".join(filter(_MAY_STAND.__contains__, word)) for word in _plain(service_name).split("."))
    made = ""
    for word in filter(None, words):
        longer = f"{made}.{word}" if made else word[:LONGEST_LOCAL_PART]
        if len(longer) > LONGEST_LOCAL_PART:
            break
        made = longer
    return made


def _plain(name: str) -> str:
    """Return a name in small letters without accents, with a dot for each run of spaces.

    Each character is taken apart by itself: a run of accents would otherwise be sorted, which takes its length squared.
    """
    letters = "".join(unicodedata.normalize("NFD", character) for character in ".".join(name.split()))
    return letters.lower()
