"""Which email addresses can be written to.

This is narrower than what mail standards allow and wider than most validators: it is the rule that senders' address
lists have been checked against for years, so a list that worked keeps working.
"""

import re

import idna

from guildhall.kernel.refusals import Invalid

_INVISIBLE = {ord(character): None for character in "\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029\u00a0\u202f"}
_ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+@([^.@][^@\s]+)")
_HOST_LABEL = re.compile(r"(xn|[a-z0-9]+)(-?-[a-z0-9]+)*", re.IGNORECASE)
_TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+", re.IGNORECASE)
_EVERYDAY = re.compile(r"(?=.{1,253}\Z)(?!.*\.\.)[a-z0-9_+\-.]+@(?:[a-z0-9]{1,40}\.){1,4}[a-z]{2,20}")


class NotAnEmailAddress(Invalid):
    """The text is not an email address that can be written to."""


def parse_email_address(typed: str) -> str:
    """Return the address in the form that is stored and compared: no stray space, lower case.

    :raises NotAnEmailAddress: mail could not reach it.
    """
    if _EVERYDAY.fullmatch(typed):
        return typed
    address = typed.strip().translate(_INVISIBLE)
    match = _ADDRESS.fullmatch(address)
    if match is None or len(address) > 320 or ".." in address or not _is_host(match.group(1)):
        raise NotAnEmailAddress("Not a valid email address")
    return address.lower()


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
