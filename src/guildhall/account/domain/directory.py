"""The ONS Postcode Directory as a file: which council each UK postcode lies in.

The directory (and its sibling, the National Statistics Postcode Lookup) changes its column names with editions: the
council's column has been ``oslaua``, ``laua``, ``ladcd`` and, since 2025, ``lad25cd``, ``lad26cd`` and so on.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from guildhall.contact.postcode import NotAPostcode, Postcode, parse_postcode

_COLUMNS = {
    "postcode": re.compile(r"pcds"),
    "retired": re.compile(r"doterm"),
    "kind": re.compile(r"usertype|usrtypind"),
    "council": re.compile(r"oslaua|laua|lad(\d\d)?cd"),
    "latitude": re.compile(r"lat"),
    "longitude": re.compile(r"long"),
}
_NO_PLACE = 99.0  # what the directory writes for postcodes without a grid reference


class UnreadableDirectory(ValueError):
    """The file is not a postcode directory, or a line of it is broken; nothing of it is taken."""


@dataclass(frozen=True)
class ListedPostcode:
    """One line of the directory. ``gss`` is empty for the Channel Islands and the Isle of Man."""

    postcode: Postcode
    gss: str
    is_large_user: bool
    retired_on: date | None
    latitude: float | None
    longitude: float | None


def read_directory(lines: Iterable[str]) -> Iterator[ListedPostcode]:
    """Read a directory line by line, so that its two and a half million lines never lie in memory together.

    :raises UnreadableDirectory: a column is missing or a line is broken; it says which.
    """
    rows = csv.reader(lines)
    places = _places(next(rows, []))
    for number, row in enumerate(rows, start=2):
        try:
            yield _read_line({name: row[place] for name, place in places.items()})
        except (IndexError, ValueError, NotAPostcode) as fault:
            raise UnreadableDirectory(f"line {number} of the directory: {fault}") from fault


def _places(header: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower().removeprefix("\ufeff") for name in header]
    places = {
        column: place
        for column, pattern in _COLUMNS.items()
        for place, name in enumerate(names)
        if pattern.fullmatch(name)
    }
    if missing := _COLUMNS.keys() - places.keys():
        raise UnreadableDirectory(f"it has no column for {', '.join(sorted(missing))}")
    return places


def _read_line(line: dict[str, str]) -> ListedPostcode:
    latitude, longitude = float(line["latitude"] or _NO_PLACE), float(line["longitude"] or 0)
    has_place = latitude < _NO_PLACE
    gss = line["council"].strip()
    return ListedPostcode(
        postcode=parse_postcode(line["postcode"]),
        # Pseudo codes (L99999999, M99999999) are no councils.
        gss="" if gss.endswith("99999999") else gss,
        is_large_user=line["kind"].strip() == "1" or line["kind"].strip().upper() == "L",
        retired_on=_month(line["retired"].strip()),
        latitude=latitude if has_place else None,
        longitude=longitude if has_place else None,
    )


def _month(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), 1) if text else None
