"""Email addresses: the name under which a person signs in."""

from typing import NewType

from guildhall.contact.email_address import NotAnEmailAddress as NotAnEmailAddress
from guildhall.contact.email_address import parse_email_address

EmailAddress = NewType("EmailAddress", str)


def read_email_address(typed: str) -> EmailAddress:
    """Return the one spelling of an address under which a person is known: trimmed and in lower case.

    The rule is the one by which messages are delivered, so that nobody can register where no code can reach them.

    >>> read_email_address(" Mair.Evans@Example.COM ")
    'mair.evans@example.com'

    :raises NotAnEmailAddress: it is empty or no message could reach it.
    """
    return EmailAddress(parse_email_address(typed))
