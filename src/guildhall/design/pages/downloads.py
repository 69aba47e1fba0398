"""Answers that are files: named by one function, and written for spreadsheet programs by one other."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from guildhall.design.domain.cells import defuse
from guildhall.design.domain.file_name import content_disposition

_MARK = "\ufeff"
"""By it spreadsheet programs know that a CSV is in UTF-8."""

_AT_ONCE = 200


def saved_as(name: str) -> dict[str, str]:
    """Return the header that has a browser save the answer under a name, whatever characters that has."""
    return {"Content-Disposition": content_disposition(name, is_saved=True)}


def shown_as(name: str) -> dict[str, str]:
    """Return the header that names an answer which the browser shows itself."""
    return {"Content-Disposition": content_disposition(name, is_saved=False)}


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> StreamingHttpResponse:
    """Answer with a table that is written while it is fetched, a block of rows at a time. Every cell is defused."""
    return StreamingHttpResponse(
        _lines(headings, rows),
        content_type="text/csv; charset=utf-8",
        headers={**saved_as(name), "Cache-Control": "no-store"},
    )


def _lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    held = io.StringIO()
    writer = csv.writer(held)
    held.write(_MARK)
    writer.writerow([defuse(cell) for cell in headings])
    for count, row in enumerate(rows, start=1):
        writer.writerow([defuse(cell) for cell in row])
        if count % _AT_ONCE == 0:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()
