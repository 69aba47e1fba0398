"""Rows of a list as a table shows them: what is wrong stands in the cell where it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.notify.domain.lists.columns import heading_key
from guildhall.notify.domain.lists.problems import Problem
from guildhall.notify.pages.lists.wording import name_of_place, words_of
from guildhall.notify.queries.lists import ListedRow


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell with what is wrong with it."""

    text: str
    problems: Sequence[Text]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row under its list's headings. ``others`` is what is wrong with no cell: a column and words each."""

    number: int
    cells: Sequence[ShownCell]
    others: Sequence[tuple[Text, Text]]

    @property
    def is_wrong(self) -> bool:
        return bool(self.others) or any(cell.problems for cell in self.cells)


def shown_rows(rows: Sequence[ListedRow], headings: Sequence[str]) -> list[ShownRow]:
    """Return rows as they stand under headings. What a row has beyond them is left aside."""
    return [_shown(each, headings) for each in rows]


def _shown(listed: ListedRow, headings: Sequence[str]) -> ShownRow:
    texts = (*listed.row.cells, *[""] * len(headings))
    in_cells: dict[str, list[Text]] = {key: [] for key in map(heading_key, headings) if key}
    others = []
    for problem in listed.problems:
        key = heading_key(problem.column)
        if key in in_cells:
            in_cells[key].append(words_of(problem))
        else:
            others.append(_about(problem))
    cells = [
        ShownCell(text, in_cells.get(heading_key(heading), ())) for heading, text in zip(headings, texts, strict=False)
    ]
    return ShownRow(listed.row.number, cells, others)


def _about(problem: Problem) -> tuple[Text, Text]:
    return name_of_place(problem), words_of(problem)
