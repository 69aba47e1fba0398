"""What a provider says of a message, in its own words."""

LONGEST = 1000
"""Characters that are kept of it."""


def keepable(said: str) -> str:
    """Return what was said as the database can keep it: one bad character must cost no batch its record.

    >>> keepable("550\\0 no \\ud800")
    '550 no ?'
    """
    return said[:LONGEST].replace("\0", "").encode(errors="replace").decode()
