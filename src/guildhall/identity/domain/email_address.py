"""Email addresses: the name under which a person signs in.

The rule is the one by which messages are delivered later (alphagov/notifications-utils, notify contract 1.13), so that
nobody can register with an address that no code can reach.
"""

import re
from typing import NewType

import idna

from guildhall.kernel.refusals import Invalid

EmailAddress = NewType("EmailAddress", str)

LONGEST = 320
_LONGEST_HOST = 253
_INVISIBLE = re.compile("[\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029\u00a0\u202f]")
_SHAPE = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+@([^.@][^@\s]+)")
_LABEL = re.compile(r"(xn|[a-z0-9]+)(-?-[a-z0-9]+)*")
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+")


class NotAnEmailAddress(Invalid):
    """Nothing could be delivered to what was typed."""


def read_email_address(typed: str) -> EmailAddress:
    """Return the one spelling of an address under which a person is known: trimmed and in lower case.

    >>> read_email_address(" Mair.Evans@Example.COM ")
    'mair.evans@example.com'

    :raises NotAnEmailAddress: it is empty or no message could reach it.
    """
    address = _INVISIBLE.sub("", typed).strip()
    shape = _SHAPE.fullmatch(address)
    if not shape or len(address) > LONGEST or ".." in address or not _is_host(shape[1]):
        raise NotAnEmailAddress("enter an email address in the correct format")
    return EmailAddress(address.lower())


def _is_host(written: str) -> bool:
    try:
        host = idna.encode(written, uts46=True).decode().lower()
    except idna.IDNAError:
        return False
    *labels, last = host.split(".")
    return (
        bool(labels)
        and len(host) <= _LONGEST_HOST
        and all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
        and bool(_LAST_LABEL.fullmatch(last))
    )
