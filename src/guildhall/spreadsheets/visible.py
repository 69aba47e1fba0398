"""What of a spreadsheet a person sees: hidden and filtered rows and hidden columns are left out, and that is noticed.

Whoever looks at the sheet before sending it sees neither, so nobody is written to, and nothing is said, that they have
not seen. GOV.UK Notify leaves them out too.
"""

from collections.abc import Collection

from guildhall.spreadsheets.noticed import Hidden, Notices
from guildhall.spreadsheets.table import Row, letter_of


class Visible:
    """The rows of one sheet as they are seen. The first of them are the headings."""

    def __init__(self, notices: Notices, hidden_places: Collection[int] = ()) -> None:
        self._notices, self._hidden_places = notices, set(hidden_places)
        self._told_places: set[int] = set()
        self._is_heading = True

    def hide_places(self, places: Collection[int]) -> None:
        """Leave out columns from here on."""
        self._hidden_places.update(places)

    def row(self, row: Row, *, is_hidden: bool, repeated: int = 1) -> Row | None:
        """Return what is seen of a row, or of so many that are alike; None when nothing is."""
        if not any(row.cells) and not row.uncalculated:
            return None
        if is_hidden:
            self._notices.add(Hidden.ROWS, row.number, rows=repeated)
            return None
        return self._without_hidden_places(row) if self._hidden_places else row

    def _without_hidden_places(self, row: Row) -> Row | None:
        self._tell_places(row)
        cells = tuple("" if place in self._hidden_places else cell for place, cell in enumerate(row.cells))
        uncalculated = tuple(place for place in row.uncalculated if place not in self._hidden_places)
        if not any(cells) and not uncalculated:
            return None
        self._is_heading = False
        return Row(row.number, cells, uncalculated)

    def _tell_places(self, row: Row) -> None:
        """Notice each hidden column in which something is, by its letter and its heading."""
        for place, cell in enumerate(row.cells):
            if cell and place in self._hidden_places and place not in self._told_places:
                self._told_places.add(place)
                heading = f" ({cell})" if self._is_heading else ""
                self._notices.add(Hidden.COLUMNS, row.number, letter_of(place) + heading)
