"""Writing a table that spreadsheet programs open as it is meant: in UTF-8, and no cell a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from guildhall.spreadsheets.cells import defuse

_MARK = "\ufeff"
"""By it spreadsheet programs know that a file is in UTF-8."""

_AT_ONCE = 200


def write_csv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a table as CSV, a block of rows at a time, the headings first. Every cell is defused.

    ``opening`` reads the same cells again, also after somebody has mended some in a spreadsheet program.
    """
    held = io.StringIO()
    writer = csv.writer(held)
    held.write(_MARK)
    for count, row in enumerate(rows, start=1):
        writer.writerow([defuse(cell) for cell in row])
        if count % _AT_ONCE == 0:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()
