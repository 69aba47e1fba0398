"""Answers that are files: named by one function, and handed over while they are written."""

from collections.abc import Iterable, Sequence
from itertools import chain

from django.http import StreamingHttpResponse

from guildhall.design.domain.file_name import content_disposition
from guildhall.spreadsheets.writing import write_csv


def saved_as(name: str) -> dict[str, str]:
    """Return the header that has a browser save the answer under a name, whatever characters that has."""
    return {"Content-Disposition": content_disposition(name, is_saved=True)}


def shown_as(name: str) -> dict[str, str]:
    """Return the header that names an answer which the browser shows itself."""
    return {"Content-Disposition": content_disposition(name, is_saved=False)}


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> StreamingHttpResponse:
    """Answer with a table that is written while it is fetched, a block of rows at a time. Every cell is defused."""
    return StreamingHttpResponse(
        write_csv(chain((headings,), rows)),
        content_type="text/csv; charset=utf-8",
        headers={**saved_as(name), "Cache-Control": "no-store"},
    )
