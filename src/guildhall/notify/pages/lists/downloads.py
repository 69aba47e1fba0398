"""Files that officers take away: what to mend, what became of each row, and a file to begin with.

Every cell is defused: what somebody typed into a list is no formula in the officer's spreadsheet program. Files are
made as they are fetched, a block of rows at a time.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.design.languages import Text
from guildhall.design.pages.downloads import as_csv
from guildhall.design.pages.speaking import current_language
from guildhall.kernel.audiences import officers
from guildhall.kernel.clock import LONDON
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.visitor import Language
from guildhall.notify import queries
from guildhall.notify.domain.ids import ListId, TemplateId
from guildhall.notify.domain.lists.life import State
from guildhall.notify.pages.lists.listing import columns_for
from guildhall.notify.pages.lists.noticing import remark_about, remark_words
from guildhall.notify.pages.lists.wording import REPORT_HEADINGS, name_of_place, outcome_words, words_of
from guildhall.notify.pages.section import MAY_SEND, service_at
from guildhall.notify.queries.lists import ListedRow, ListView, Outcome, get_list, read_blocks, read_outcomes


@officers(*MAY_SEND)
def problems(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponseBase:
    """Download the rows as they were uploaded, each with its number and what is wrong or strange in which column.

    The file can be mended and uploaded as it is: the columns that are added fill no gap.
    """
    view = get_list(ListId(list_id), of=service_at(service).id)
    rows = _with_problems(view, service_at(service).sender.organisation_id, current_language())
    return as_csv((*view.headings, "row", "column", "problem"), rows, f"{_stem(view)} - problems.csv")


@officers(*MAY_SEND)
def report(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponseBase:
    """Download what became of each row, with its times."""
    here, language = service_at(service), current_language()
    view = get_list(ListId(list_id), of=here.id)
    row, *others = (words.in_(language) for words in REPORT_HEADINGS)
    rows = (_reported(view, each, language) for each in read_outcomes(view, here.sender.organisation_id))
    return as_csv((row, *view.headings, *others), rows, f"{_stem(view)} - report.csv")


@officers(*MAY_SEND)
def example(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponseBase:
    """Download a file with the headings that a template needs and nobody in it."""
    template = queries.get_template(TemplateId(template_id), of=service_at(service).id)
    return as_csv(columns_for(template), (), f"{template.name}.csv")


def _with_problems(view: ListView, organisation_id: OrganisationId, language: Language) -> Iterator[Sequence[str]]:
    width = len(view.headings)
    for block in read_blocks(view.id, organisation_id):
        for listed in block:
            cells = (*listed.row.cells, *[""] * width)[:width]
            yield (*cells, str(listed.row.number), *_columns_and_words(listed, language))


def _columns_and_words(listed: ListedRow, language: Language) -> tuple[str, str]:
    """Return what is wrong with a row and what was noticed about it, and in which columns."""
    said = [(name_of_place(problem), words_of(problem)) for problem in listed.problems]
    said += [(remark_about(remark), remark_words(remark)) for remark in listed.remarks]
    return "; ".join(about.in_(language) for about, _ in said), "; ".join(words.in_(language) for _, words in said)


def _reported(view: ListView, outcome: Outcome, language: Language) -> Sequence[str]:
    width = len(view.headings)
    cells = (*outcome.row.cells, *[""] * width)[:width]
    words = outcome_words(outcome, is_over=view.state is State.FINISHED)
    return (
        str(outcome.row.number),
        *cells,
        words.in_(language) if isinstance(words, Text) else words,
        _written(outcome.sent_at or outcome.accepted_at),
        _written(outcome.completed_at),
    )


def _written(at: datetime | None) -> str:
    return at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _stem(view: ListView) -> str:
    return PurePath(view.file_name).stem or "list"
