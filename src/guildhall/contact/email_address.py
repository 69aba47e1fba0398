"""Which email addresses can be written to: the one rule by which they are taken anywhere in the house.

This is narrower than what mail standards allow and wider than most validators: it is the rule that senders' address
lists have been checked against for years, so a list that worked keeps working
(alphagov/notifications-utils:notifications_utils/recipient_validation/email_address.py; contract: notify 1.13).
"""

import re
from typing import NewType

import idna

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier, compose

EmailAddress = NewType("EmailAddress", str)

LONGEST = 320
LONGEST_TYPED = 1_000
"""With what is left out of it. Nothing longer is looked at."""

_SPACES_OF_NO_KEYBOARD = {ord(character): None for character in "\u2028\u2029\u00a0\u202f"}
"""Inside an address they were pasted, and are left out; a typed space is a mistake that is told."""
_ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+@([^.@][^@\s]+)")
_HOST_LABEL = re.compile(r"(xn|[a-z0-9]+)(-?-[a-z0-9]+)*", re.IGNORECASE)
_TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+", re.IGNORECASE)
_EVERYDAY = re.compile(r"(?=.{1,253}\Z)(?!.*\.\.)[a-z0-9_+\-.]+@(?:[a-z0-9]{1,40}\.){1,4}[a-z]{2,20}")


class NotAnEmailAddress(Invalid):
    """The text is not an email address that can be written to."""


def parse_email_address(typed: str) -> EmailAddress:
    """Return the address in the one form in which it is stored, compared and signed in with: in lower case.

    >>> parse_email_address(" Mair.Evans@Example.COM ")
    'mair.evans@example.com'

    :raises NotAnEmailAddress: mail could not reach it.
    """
    return EmailAddress(typed if _EVERYDAY.fullmatch(typed) else tidy_email_address(typed).lower())


def tidy_email_address(typed: str) -> str:
    """Return the address as its owner writes it, capitals and all: for answers, which are kept as they were given.

    :raises NotAnEmailAddress: mail could not reach it.
    """
    if len(typed) > LONGEST_TYPED:
        raise NotAnEmailAddress("this is longer than any email address")
    address = compose(clean_identifier(typed.strip().translate(_SPACES_OF_NO_KEYBOARD)))
    match = _ADDRESS.fullmatch(address)
    if match is None or len(address) > LONGEST or ".." in address or not _is_host(match.group(1)):
        raise NotAnEmailAddress("this is not an email address that can be written to")
    return address


def normalise_email_address(typed: str) -> str:
    """Return the form in which an address is compared with others. What is no address is compared as it stands.

    >>> normalise_email_address(" Mair@Example.COM\u200b"), normalise_email_address("Mair@")
    ('mair@example.com', 'mair@')
    """
    try:
        return parse_email_address(typed)
    except NotAnEmailAddress:
        return compose(clean_identifier(typed)).lower()


def mailbox_of(email: str) -> str:
    """Return the mailbox that mail to an address ends in: with most mail services ``jo+1@`` and ``jo+2@`` are one.

    >>> mailbox_of("Jo+rates@example.com")
    'jo@example.com'
    """
    name, _, domain = normalise_email_address(email).rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def _is_host(name: str) -> bool:
    try:
        name = idna.encode(name, uts46=True).decode("ascii") if not name.isascii() else name
    except idna.IDNAError:
        return False
    labels = name.split(".")
    return (
        len(name) <= 253
        and len(labels) >= 2
        and all(len(label) <= 63 and _HOST_LABEL.fullmatch(label) for label in labels)
        and _TOP_LABEL.fullmatch(labels[-1]) is not None
    )
