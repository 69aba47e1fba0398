"""A list's headings: which column says to whom, which fill the template's gaps, and what is amiss with them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guildhall.kernel.text import clean_identifier, compose
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.personalisation import key_of
from guildhall.spreadsheets.table import Area

RECIPIENT_COLUMNS: Mapping[Channel, tuple[str, ...]] = {
    Channel.EMAIL: ("email address",),
    Channel.SMS: ("phone number",),
    Channel.LETTER: (
        "address line 1",
        "address line 2",
        "address line 3",
        "address line 4",
        "address line 5",
        "address line 6",
        "address line 7",
        "postcode",
    ),
}
LANGUAGE_COLUMNS = ("language", "iaith")
_FEWEST_ADDRESS_COLUMNS = 3
_LAST_LINES = ("address line 7", "postcode")
_USUAL_LENGTH = 64

Places = tuple[int, ...]
"""Where the columns of one name are."""


def heading_key(name: str) -> str:
    """Return the form in which headings and the names that a template asks for are compared.

    Case, spaces of any kind, line ends, hyphens and underscores do not matter, nor does what nobody can see.
    """
    return _key_of_usual(name) if len(name) <= _USUAL_LENGTH else _key(name)


@lru_cache(maxsize=4096)
def _key_of_usual(name: str) -> str:
    return _key(name)


def _key(name: str) -> str:
    return key_of(name if name.isascii() and name.isprintable() else clean_identifier(compose(name)))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things are in a list. ``headings`` are as typed, without the empty ones at the end.

    ``places`` gives each column's places by its key: several when its heading is repeated. ``delimiter`` is what stands
    between the columns of a text file; empty in a spreadsheet. ``width_as_written`` counts the empty headings too.
    """

    headings: tuple[str, ...]
    places: Mapping[str, Places]
    missing: tuple[str, ...]
    repeated: tuple[str, ...]
    to_whom: tuple[str, ...]
    delimiter: str = ""
    width_as_written: int = 0

    @property
    def is_usable(self) -> bool:
        return not self.missing and not self.repeated

    @property
    def width(self) -> int:
        return len(self.headings)

    @property
    def first_recipient(self) -> int:
        """The place of the first column that says whom to write to; 0 when there is none."""
        return min(self.places_of(self.to_whom), default=0)

    def places_of(self, names: Iterable[str]) -> list[int]:
        """Return the places of all columns that have one of these names."""
        return sorted({place for name in names for place in self.where(name)})

    def where(self, name: str) -> Places:
        """Return the places of the columns that have a name: several when it is repeated, none when it is missing."""
        return self.places.get(heading_key(name), ())

    def cell(self, name: str, cells: Sequence[str]) -> str:
        """Return what a row has in a column that is there once."""
        return cell_at(self.where(name), cells)

    def value(self, name: str, cells: Sequence[str]) -> str | list[str]:
        """Return what a row has for a gap."""
        places = self.where(name)
        return reader_of(places)(places, cells)


def cell_at(places: Places, cells: Sequence[str]) -> str:
    """Return what a row has in a column that is there once; nothing where there is no such column."""
    return cells[places[0]] if places and places[0] < len(cells) else ""


def reader_of(places: Places) -> Callable[[Places, Sequence[str]], str | list[str]]:
    """Return how a row is read for a gap: as a text, or as the texts of all the columns that repeat its heading."""
    return cell_at if len(places) < 2 else _cells_at


def _cells_at(places: Places, cells: Sequence[str]) -> list[str]:
    return [cells[place] for place in places if place < len(cells) and cells[place]]


def read_columns(cells: Sequence[str], channel: Channel, *, asked_for: Iterable[str], delimiter: str = "") -> Columns:
    """Return what a list's headings say, for a template that asks for these names.

    Who gets the message is said once; any other
    heading may be repeated, and its columns are then one list.
    """
    width = max((place for place, heading in enumerate(cells, start=1) if heading), default=0)
    headings = tuple(cells[:width])
    found: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        if heading:
            found.setdefault(heading_key(heading), []).append(place)
    places = {key: tuple(each) for key, each in found.items()}
    to_whom = RECIPIENT_COLUMNS[channel]
    gaps = [name for name in asked_for if heading_key(name) not in places and not _is_of(name, to_whom)]
    return Columns(
        headings,
        places,
        (*_missing_recipient(places, channel), *gaps),
        tuple(name for name in to_whom if len(places.get(heading_key(name), ())) > 1),
        to_whom,
        delimiter,
        len(cells),
    )


def ruined_by(merged: Iterable[Area], columns: Columns, asked_for: Iterable[str], *, after: int) -> list[Area]:
    """Return the areas in which rows share a cell of a column that the list uses: only the first of them has its text.

    :param after: the number of the row of headings.
    """
    used = columns.places_of((*columns.to_whom, *asked_for))
    return [
        area
        for area in merged
        if max(area.first_row, after + 1) < area.last_row
        and any(area.first_place <= place <= area.last_place for place in used)
    ]


def expected_columns(channel: Channel, asked_for: Iterable[str]) -> tuple[str, ...]:
    """Return the headings that a list for a template should have, in the order of a file to begin with."""
    to_whom = RECIPIENT_COLUMNS[channel]
    shown = tuple(name for name in to_whom if name != "address line 7")
    return (*shown, *(name for name in asked_for if not _is_of(name, to_whom)))


def _is_of(name: str, names: Collection[str]) -> bool:
    return heading_key(name) in {heading_key(each) for each in names}


def _missing_recipient(places: Mapping[str, Places], channel: Channel) -> tuple[str, ...]:
    """Return the columns that must say to whom: of an address any three lines, if the last line is one of two names."""
    names = RECIPIENT_COLUMNS[channel]
    if channel is not Channel.LETTER:
        return tuple(name for name in names if heading_key(name) not in places)
    lines = [name for name in names if name not in _LAST_LINES]
    for last in _LAST_LINES:
        if sum(heading_key(name) in places for name in (*lines, last)) >= _FEWEST_ADDRESS_COLUMNS:
            return ()
    return tuple(name for name in (*lines[:2], "postcode") if heading_key(name) not in places) or (lines[0],)
