"""Countries and territories as people write them at the end of an address, and what a letter there costs as.

The list is long: 1,767 spellings, English, Welsh and native, of 278 places (``data/countries.json``).
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from guildhall.kernel.refusals import NotFound
from guildhall.kernel.text import clean_identifier, plain_letters

LONGEST = 100
"""Characters; no country has a name as long."""


class Zone(StrEnum):
    """How far a letter goes. The words are Notify's."""

    UNITED_KINGDOM = "united-kingdom"
    EUROPE = "europe"
    REST_OF_WORLD = "rest-of-world"


class CountryUnknown(NotFound):
    """Nobody calls a country or territory that."""


@dataclass(frozen=True, slots=True)
class Country:
    name: str
    zone: Zone


UNITED_KINGDOM = Country("United Kingdom", Zone.UNITED_KINGDOM)

_DROPPED = {ord(character): None for character in " _-'’,.()"}
_PREFIXES = ("", "the", "yr", "y")


def get_country(spelling: str) -> Country:
    """Return the country that is meant, whatever the capitals, accents, points and articles.

    :raises CountryUnknown: none is. A spelling with a digit in it never means a country.
    """
    country = find_country(spelling)
    if country is None:
        raise CountryUnknown(f"Not a known country or territory ({spelling})")
    return country


def find_country(spelling: str) -> Country | None:
    """Return the country that is meant, or None.

    >>> find_country("ESPAÑA")
    Country(name='Spain', zone=<Zone.EUROPE: 'europe'>)
    """
    if len(spelling) > LONGEST or any(character.isdigit() for character in spelling):
        return None
    known, key = _known(), _key_of(spelling)
    return next((known[prefix + key] for prefix in _PREFIXES if prefix + key in known), None)


def _key_of(spelling: str) -> str:
    """Return the form under which spellings are compared. What has no ASCII form at all is compared as written."""
    plain = clean_identifier(spelling).lower().replace("&", "and").replace("+", "and").translate(_DROPPED)
    folded = plain_letters(plain)
    return folded if any(map(str.isalnum, folded)) else plain


@lru_cache(maxsize=1)
def _known() -> dict[str, Country]:
    read = json.loads(resources.files("guildhall.contact").joinpath("data/countries.json").read_bytes())
    known: dict[str, Country] = {}
    for each in read["countries"]:
        country = Country(each["name"], Zone(each["zone"]))
        for spelling in (*each["spellings"], country.name):
            if not any(character.isdigit() for character in spelling):
                known.setdefault(_key_of(spelling), country)
    return known
