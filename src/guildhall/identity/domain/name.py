"""What a person is called. Any characters: names are what people say they are."""

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import compose, is_blank

LONGEST = 200


class NameMissing(Invalid):
    """Nothing was typed that can be seen."""


class NameTooLong(Invalid):
    """It is longer than 200 characters."""


def read_name(typed: str) -> str:
    """Return a name with each run of spaces and line breaks as one space.

    >>> read_name("  Siân  ap\\n Rhys ")
    'Siân ap Rhys'

    :raises NameMissing, NameTooLong: nothing of it can be seen, or it is over 200 characters.
    """
    name = " ".join(compose(typed).split())
    if is_blank(name):
        raise NameMissing("enter your full name")
    if len(name) > LONGEST:
        raise NameTooLong(f"the name must be {LONGEST} characters or less")
    return name
