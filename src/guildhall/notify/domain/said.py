"""What a provider says of a message, in its own words: as much as the database keeps, and an index takes.

An index takes 2,704 bytes, of each character up to four. What is longer would cost a whole batch its record.
"""

import hashlib

LONGEST = 500
"""Characters that are kept of it."""

LONGEST_NAME = 128
"""Characters of a provider's own name for a message that is kept as it is."""


def keepable(said: str) -> str:
    """Return what was said as the database can keep it: one bad character must cost no batch its record.

    >>> keepable("550\\0 no \\ud800")
    '550 no ?'
    """
    return said[:LONGEST].replace("\0", "").encode(errors="replace").decode()


def keepable_name(name: str) -> str:
    """Return a provider's name for a message as the database can keep it, and no other name's: of a long one a digest.

    >>> keepable_name("smsc/1"), len(keepable_name("7" * 5_000))
    ('smsc/1', 64)
    """
    is_short = len(name) <= LONGEST_NAME
    return keepable(name) if is_short else hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
