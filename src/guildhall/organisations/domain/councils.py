"""Councils as the list of them tells it: kinds, codes, who is part of whom and who took over from whom.

Plain values. The file (``data/councils.csv``) is parsed here once, and refused whole when a line makes no sense.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guildhall.kernel.text import fold

_WORD = re.compile(r"[^\W_]+")
_SAID_OF_ALL = frozenset({"council", "cyngor", "the", "of", "y", "yr"})
_SAID_OF_MANY = _SAID_OF_ALL | frozenset(
    {
        *("a", "and", "authority", "borough", "city", "corporation", "county", "district", "london", "metropolitan"),
        *("royal", "unitary", "bwrdeistref", "dinas", "sir", "sirol"),
    }
)


class Kind(StrEnum):
    """What sort of organisation it is. The installation itself is one too: it sends sign-in codes and invitations."""

    COUNTY = "county"
    DISTRICT = "district"
    UNITARY = "unitary"
    LONDON_BOROUGH = "london_borough"
    CITY_CORPORATION = "city_corporation"
    METROPOLITAN_DISTRICT = "metropolitan_district"
    COMBINED_AUTHORITY = "combined_authority"
    PLATFORM = "platform"


class Scheme(StrEnum):
    """Who gave a council a code."""

    GSS = "gss"
    FORMER_GSS = "former_gss"
    SNAC = "snac"
    CUSTODIAN = "custodian"
    LOCAL_AUTHORITY = "local_authority"


class Tier(StrEnum):
    """Which half of local government a principal council is, or both. Combined authorities are none."""

    COUNTY = "county"
    DISTRICT = "district"
    UNITARY = "unitary"
    NONE = ""


@dataclass(frozen=True)
class ListedCouncil:
    """One line of the list of councils."""

    code: str
    slug: str
    name: str
    name_cy: str
    other_words: str
    kind: Kind
    tier: Tier
    nation: str
    region: str
    homepage_url: str
    started_on: date | None
    ended_on: date | None
    codes: frozenset[tuple[Scheme, str]]
    part_of: frozenset[str]
    succeeded_by: frozenset[str]


class UnreadableList(ValueError):
    """A line of the list of councils makes no sense, so that none of it is taken."""


def parse_list(lines: Iterable[Mapping[str, str]]) -> list[ListedCouncil]:
    """Read the list of councils.

    :raises UnreadableList: a line has an unknown kind or date, no name, an address twice, or names an unknown council.
    """
    councils = [_parse_line(number, line) for number, line in enumerate(lines, start=2)]
    codes, slugs = {council.code for council in councils}, {council.slug for council in councils}
    if len(codes) < len(councils) or len(slugs) < len(councils):
        raise UnreadableList("two councils share a code or an address")
    for council in councils:
        if strangers := (council.part_of | council.succeeded_by) - codes:
            raise UnreadableList(
                f"{council.code} refers to {', '.join(sorted(strangers))}, which the list does not have"
            )
    return councils


def searched_words(typed: str) -> list[str]:
    """Return the words that a name must have to be found. "Hackney Council" finds the London Borough of Hackney.

    >>> searched_words("Hackney Council"), searched_words("council")
    (['hackney'], ['council'])
    """
    words = searchable(typed).split()
    return [word for word in words if word not in _SAID_OF_ALL] or words


def searchable(*names: str) -> str:
    """Return names as people may type them: without accents, capitals, hyphens, apostrophes or punctuation.

    >>> searchable("Cyngor Sir Ynys Môn", "Stoke-on-Trent")
    'cyngor sir ynys mon stoke on trent'
    """
    return " ".join(_WORD.findall(fold(" ".join(names)).replace("&", " and ")))


def told_apart_by(*names: str) -> list[str]:
    """Return by which words each name is told from other councils', sorted, each once: its place.

    >>> told_apart_by("Birmingham City Council", "The Council of Birmingham", "City of London")
    ['birmingham', 'city of london']
    """
    return sorted({_told_apart_by(name) for name in names} - {""})


def is_of_latin_letters(name: str) -> bool:
    """Whether all letters of a name are Latin ones: those of other scripts may look the same and be others.

    >>> is_of_latin_letters("Cyngor Tŷ’r Ŵyl"), is_of_latin_letters("Вirmingham")
    (True, False)
    """
    return all(character.isascii() for character in fold(name) if character.isalpha())


def _told_apart_by(name: str) -> str:
    words = searchable(name).split()
    return " ".join(word for word in words if word not in _SAID_OF_MANY) or " ".join(words)


def _parse_line(number: int, line: Mapping[str, str]) -> ListedCouncil:
    try:
        return ListedCouncil(
            code=_required(line, "code"),
            slug=_required(line, "slug"),
            name=_required(line, "name"),
            name_cy=line["name_cy"],
            other_words=line["other_words"],
            kind=Kind(line["kind"]),
            tier=Tier(line["tier"]),
            nation=line["nation"],
            region=line["region"],
            homepage_url=line["homepage_url"],
            started_on=_day(line["started_on"]),
            ended_on=_day(line["ended_on"]),
            codes=_codes(line),
            part_of=_several(line["part_of"]),
            succeeded_by=_several(line["succeeded_by"]),
        )
    except (KeyError, ValueError) as fault:
        raise UnreadableList(f"line {number} of the list of councils: {fault}") from fault


def _codes(line: Mapping[str, str]) -> frozenset[tuple[Scheme, str]]:
    single = {
        (Scheme.GSS, line["gss"]),
        (Scheme.SNAC, line["snac"]),
        (Scheme.CUSTODIAN, line["custodian_code"]),
        (Scheme.LOCAL_AUTHORITY, line["code"]),
    }
    former = {(Scheme.FORMER_GSS, code) for code in _several(line["former_gss"])}
    return frozenset((scheme, code) for scheme, code in single | former if code)


def _required(line: Mapping[str, str], column: str) -> str:
    if not line[column]:
        raise ValueError(f"{column} is empty")
    return line[column]


def _several(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split(";") if part)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
