"""What may be asked for when a payment is created."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Literal
from urllib.parse import urlsplit

from guildhall.kernel.ids import PersonId
from guildhall.kernel.money import Pence
from guildhall.kernel.refusals import Invalid

LARGEST_AMOUNT = Pence(10_000_000)
LONGEST_TEXT = 255
LONGEST_RETURN_URL = 2000
LONGEST_EMAIL = 254
LONGEST_POSTCODE = 25

MOST_METADATA = 15
LONGEST_METADATA_KEY = 30
LONGEST_METADATA_VALUE = 100

MetadataValue = str | int | float | bool

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.I)
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f<>\"{}|\\^`]")


class PaymentInvalid(Invalid):
    """What was asked for breaks a limit. ``field`` names which."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True)
class Address:
    """A billing address. What is not known is empty."""

    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True)
class NewPayment:
    """A payment that somebody asks for: so much, for this, and where to lead the payer afterwards.

    ``reference`` is the asker's own; ``description`` is what the payer reads; ``metadata`` is kept for the asker.
    With ``is_capture_delayed`` the money is reserved, and taken only when the asker says so.
    """

    amount: Pence
    reference: str
    description: str
    return_url: str
    language: Literal["en", "cy"] = "en"
    email: str | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    is_capture_delayed: bool = False
    cardholder_name: str | None = None
    billing_address: Address | None = None
    resident_id: PersonId | None = None


def check_limits(wanted: NewPayment, *, may_be_nothing: bool = False) -> None:
    """Refuse a payment that could not be shown, taken or stored.

    :param may_be_nothing: the account may ask for payments of nothing.
    :raises PaymentInvalid: a limit is broken.
    """
    if not (0 if may_be_nothing else 1) <= wanted.amount <= LARGEST_AMOUNT:
        raise PaymentInvalid("amount", f"a payment is of 1 to {LARGEST_AMOUNT} pence")
    for name in ("reference", "description"):
        if not 1 <= len(getattr(wanted, name).strip()) <= LONGEST_TEXT or len(getattr(wanted, name)) > LONGEST_TEXT:
            raise PaymentInvalid(name, f"{name} has 1 to {LONGEST_TEXT} characters")
    if len(wanted.return_url) > LONGEST_RETURN_URL or not is_web_address(wanted.return_url):
        raise PaymentInvalid("return_url", "the payer must be led back to a web address")


def is_web_address(text: str) -> bool:
    """Tell whether ``text`` is a whole http or https address. Hosts inside a network are as good as public ones."""
    if _UNSAFE.search(text):
        return False
    try:
        parts = urlsplit(text)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and port_is_right and _is_host(parts.hostname or "")


def _is_host(host: str) -> bool:
    if ":" not in host:
        return bool(_HOST.fullmatch(host))
    try:
        return bool(IPv6Address(host))
    except ValueError:
        return False
