"""From the addresses of a postcode to the council, or to the choice that the resident has to make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ORDNANCE_SURVEY = "7655"


@dataclass(frozen=True)
class Address:
    """An address with the council that keeps it."""

    words: str
    custodian_code: str


def councils_addresses(addresses: Iterable[Address]) -> list[Address]:
    """Leave out addresses that Ordnance Survey keeps itself: they are streets and objects that no council serves."""
    return [address for address in addresses if address.custodian_code != ORDNANCE_SURVEY]


def is_split(addresses: Sequence[Address]) -> bool:
    """Whether a council's border runs through the postcode, so that only the resident knows which side they are on."""
    return len({address.custodian_code for address in addresses}) > 1
