"""What is strange about a list's rows and no reason to refuse them: found while they are checked, told before they go.

One ``Remarks`` sees the rows of one list, in order. What it keeps of each is a number, to know a recipient again.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from guildhall.notify.domain.lists.broken import is_date
from guildhall.notify.domain.lists.checking import CheckedRow
from guildhall.notify.domain.lists.columns import Columns, heading_key
from guildhall.notify.domain.lists.noticed import Noticed
from guildhall.notify.domain.lists.rules import Rules
from guildhall.spreadsheets.noticed import MOST_PLACES, Notices

_WANTS_ADDRESS_OR_NUMBER = re.compile(
    "address|cyfeiriad|house|flat|street|stryd|postcode|codpost|number|rhif|reference|cyfeirnod|account|cyfrif"
    "|phone|ffôn|ffon|mobile|code|uprn"
)
_WANTS_DAY = re.compile("date|dyddiad|day|diwrnod|when|pryd|birth|geni|dob|time|amser|expir|deadline|month|year")
_MAY_BE_GARBLED = re.compile("[\u00c2-\u00f4][^\x00-\x7f]")
"""How a letter of UTF-8 begins, and another of its bytes."""
_MOST_DIGITS = 15
"""Digits that a spreadsheet program keeps of a number: those after them become zeros (IEEE 754)."""
_FEWEST_NUMBERS, _FEWEST_DIGITS, _USUAL_SHARE = 10, 5, 0.8


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was noticed about a row. ``column`` is empty when it is the whole row."""

    kind: Noticed
    column: str
    about: str = ""


@dataclass(slots=True)
class _Digits:
    """How long the numbers of a column are, and which rows have the first of each length."""

    lengths: Counter[int] = field(default_factory=Counter)
    rows: dict[int, list[int]] = field(default_factory=dict)
    has_zeros: bool = False

    def add(self, cell: str, row: int) -> None:
        length = len(cell)
        self.lengths[length] += 1
        self.has_zeros = self.has_zeros or cell[0] == "0"
        rows = self.rows.setdefault(length, [])
        if len(rows) < MOST_PLACES:
            rows.append(row)

    def shorter(self) -> list[int]:
        """Return lengths that numbers have which may have lost a zero or two: almost all others have one more."""
        usual, count = self.lengths.most_common(1)[0] if self.lengths else (0, 0)
        total = self.lengths.total()
        if self.has_zeros or usual < _FEWEST_DIGITS or total < _FEWEST_NUMBERS or count < _USUAL_SHARE * total:
            return []
        return [length for length in (usual - 1, usual - 2) if length in self.lengths]


class Remarks:
    """Everything that is noticed about a list's rows. ``notices`` adds it up."""

    def __init__(self, columns: Columns, rules: Rules, notices: Notices, *, letters_are_guessed: bool) -> None:
        self.notices = notices
        self._columns, self._letters_are_guessed = columns, letters_are_guessed
        self._width = columns.width_as_written
        used = columns.places_of((*columns.to_whom, *rules.asked_for))
        self._used = [(place, columns.headings[place]) for place in used]
        to_whom = set(columns.places_of(columns.to_whom))
        self._digits = {
            place: _Digits() for place, name in self._used if place not in to_whom and _wants_address_or_number(name)
        }
        self._first_rows: dict[int, int] = {}
        self._notice_headings(rules)

    def on(self, checked: CheckedRow) -> tuple[Remark, ...]:
        """Return what is noticed about a row."""
        row, cells = checked.row.number, checked.row.cells
        found = self._on_row(checked)
        for place, name in self._used:
            cell = cells[place] if place < len(cells) else ""
            if place in self._digits or cell.isdecimal() or not cell.isascii():
                found += self._on_cell(cell, row, place, name)
        for remark in found:
            self.notices.add(remark.kind, row, remark.about or remark.column)
        return (*found, *self._on_price(checked))

    def finish(self) -> None:
        """Notice what only all rows together show."""
        for place, digits in sorted(self._digits.items()):
            for length in digits.shorter():
                self.notices.add_many(
                    Noticed.LOST_ZEROS, digits.rows[length], digits.lengths[length], self._columns.headings[place]
                )

    def _notice_headings(self, rules: Rules) -> None:
        for name in rules.asked_for:
            spellings = dict.fromkeys(self._columns.headings[place] for place in self._columns.places_of([name]))
            if len(spellings) > 1:
                self.notices.add(Noticed.SAME_HEADING, 0, ", ".join(spellings))

    def _on_row(self, checked: CheckedRow) -> list[Remark]:
        """Notice what a row's recipient is like, and more cells than headings in a text file.

        A recipient is known again in the form in which messages keep them. Programs write a row as wide as the first.
        """
        found, row, cells = [], checked.row.number, checked.row.cells
        if checked.addressee is not None:
            first = self._first_rows.setdefault(hash(checked.addressee.recipient.casefold()), row)
            if first != row:
                found.append(Remark(Noticed.SAME_RECIPIENT, self._columns.to_whom[0], str(first)))
            if checked.addressee.number is not None and checked.addressee.number.is_unlikely:
                found.append(Remark(Noticed.UNLIKELY_NUMBER, self._columns.to_whom[0]))
        if len(cells) > self._width and self._columns.delimiter and any(cells[self._width :]):
            found.append(Remark(Noticed.MORE_CELLS, ""))
        return found

    def _on_price(self, checked: CheckedRow) -> tuple[Remark, ...]:
        """Notice characters that make a row's text cost more, and by how many units in all."""
        dearer = checked.dearer
        if dearer is None or checked.problems:
            return ()
        extent = (dearer.fragments - dearer.without) * checked.rate_multiplier
        self.notices.add(Noticed.DEARER, checked.row.number, dearer.as_words, extent=extent)
        return (Remark(Noticed.DEARER, "", dearer.as_words),)

    def _on_cell(self, cell: str, row: int, place: int, name: str) -> list[Remark]:
        kinds = []
        if not cell.isascii():
            kinds = [Noticed.GUESSED_LETTERS] if self._letters_are_guessed else []
            kinds += [Noticed.GARBLED_LETTERS] if _is_garbled(cell) else []
        elif cell.isdecimal():
            if place in self._digits:
                self._digits[place].add(cell, row)
            kinds = [Noticed.LOST_DIGITS] if _has_lost_digits(cell) else []
        elif place in self._digits and is_date(cell):
            kinds = [Noticed.DATE]
        return [Remark(kind, name) for kind in kinds]


def _has_lost_digits(number: str) -> bool:
    return len(number) > _MOST_DIGITS and not number[_MOST_DIGITS:].strip("0")


def _wants_address_or_number(heading: str) -> bool:
    """Whether a column seems to be for addresses or numbers, by its heading."""
    key = heading_key(heading)
    return _WANTS_ADDRESS_OR_NUMBER.search(key) is not None and _WANTS_DAY.search(key) is None


def _is_garbled(cell: str) -> bool:
    """Whether the letters of a cell are UTF-8 that some program took for Windows-1252: ``JosÃ©``."""
    if not _MAY_BE_GARBLED.search(cell):
        return False
    try:
        return cell.encode("cp1252").decode() != cell
    except UnicodeError:
        return False
