"""A list's headings: which column says to whom, which fill the template's gaps, and what is amiss with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.personalisation import key_of

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


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things are in a list. ``headings`` are as typed, without the empty ones at the end.

    ``places`` gives each column's places by its key: several when its heading is repeated. ``delimiter`` is what stands
    between the columns of a text file; empty in a spreadsheet.
    """

    headings: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    missing: tuple[str, ...]
    repeated: tuple[str, ...]
    to_whom: tuple[str, ...]
    delimiter: str = ""

    @property
    def is_usable(self) -> bool:
        return not self.missing and not self.repeated

    @property
    def width(self) -> int:
        return len(self.headings)

    @property
    def first_recipient(self) -> int:
        """The place of the first column that says whom to write to; 0 when there is none."""
        return min((place for name in self.to_whom for place in self.places.get(key_of(name), ())), default=0)

    def cell(self, name: str, cells: Sequence[str]) -> str:
        """Return what a row has in a column that is there once; nothing where there is no such column."""
        places = self.places.get(key_of(name), ())
        return cells[places[0]] if places and places[0] < len(cells) else ""

    def value(self, name: str, cells: Sequence[str]) -> str | list[str]:
        """Return what a row has for a gap: a text, or the texts of all the columns that repeat its heading."""
        places = self.places.get(key_of(name), ())
        if len(places) < 2:
            return self.cell(name, cells)
        return [cells[place] for place in places if place < len(cells) and cells[place]]


def read_columns(cells: Sequence[str], channel: Channel, *, asked_for: Iterable[str], delimiter: str = "") -> Columns:
    """Return what a list's headings say, for a template that asks for these names.

    Headings are compared without case, spaces, hyphens and underscores. Who gets the message is said once; any other
    heading may be repeated, and its columns are then one list.
    """
    headings = tuple(cells)
    while headings and not headings[-1]:
        headings = headings[:-1]
    places: dict[str, tuple[int, ...]] = {}
    for place, heading in enumerate(headings):
        if heading:
            places[key_of(heading)] = (*places.get(key_of(heading), ()), place)
    to_whom = RECIPIENT_COLUMNS[channel]
    gaps = [name for name in asked_for if key_of(name) not in places and not _is_of(name, to_whom)]
    return Columns(
        headings,
        places,
        (*_missing_recipient(places, channel), *gaps),
        tuple(name for name in to_whom if len(places.get(key_of(name), ())) > 1),
        to_whom,
        delimiter,
    )


def expected_columns(channel: Channel, asked_for: Iterable[str]) -> tuple[str, ...]:
    """Return the headings that a list for a template should have, in the order of a file to begin with."""
    to_whom = RECIPIENT_COLUMNS[channel]
    shown = tuple(name for name in to_whom if name != "address line 7")
    return (*shown, *(name for name in asked_for if not _is_of(name, to_whom)))


def _is_of(name: str, names: Collection[str]) -> bool:
    return key_of(name) in {key_of(each) for each in names}


def _missing_recipient(places: Mapping[str, tuple[int, ...]], channel: Channel) -> tuple[str, ...]:
    """Return the columns that must say to whom: of an address any three lines, if the last line is one of two names."""
    names = RECIPIENT_COLUMNS[channel]
    if channel is not Channel.LETTER:
        return tuple(name for name in names if key_of(name) not in places)
    lines = [name for name in names if name not in _LAST_LINES]
    for last in _LAST_LINES:
        if sum(key_of(name) in places for name in (*lines, last)) >= _FEWEST_ADDRESS_COLUMNS:
            return ()
    return tuple(name for name in (*lines[:2], "postcode") if key_of(name) not in places) or (lines[0],)
