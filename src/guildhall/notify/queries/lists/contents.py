"""What is in a list: the file as it was uploaded, and its rows with what is wrong with them, all kept encrypted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.checking import CheckedRow
from guildhall.notify.domain.lists.noticed import Noticed
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.domain.lists.remarks import Remark
from guildhall.spreadsheets.table import Row

PURPOSE = "guildhall.notify.list"


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a list with what was wrong with it when it was checked, and what was noticed about it."""

    row: Row
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...] = ()


class StoredFile:
    """The parts of an uploaded file, fetched one by one, as often as somebody goes through them."""

    def __init__(self, list_id: ListId, organisation_id: OrganisationId) -> None:
        self._list_id, self._organisation_id = list_id, organisation_id

    def __iter__(self) -> Iterator[bytes]:
        number = 0
        while (part := self._find(number)) is not None:
            yield part
            number += 1

    def _find(self, number: int) -> bytes | None:
        with acting_for(self._organisation_id), reading():
            part = own_rows(models.ListPart).filter(list_id=self._list_id, number=number).first()
        return secrets.decrypt(bytes(part.content), PURPOSE) if part else None


def hide_block(rows: Sequence[CheckedRow], remarks: Sequence[tuple[Remark, ...]]) -> bytes:
    """Return what is kept of rows that were checked, and of what was noticed about each."""
    kept = [
        (
            each.row.number,
            each.row.cells,
            [(problem.kind, problem.column, problem.extent, problem.characters) for problem in each.problems],
            [(remark.kind, remark.column, remark.about) for remark in noticed],
        )
        for each, noticed in zip(rows, remarks, strict=True)
    ]
    return secrets.encrypt(msgspec.msgpack.encode(kept), PURPOSE)


def show_block(hidden: bytes | memoryview) -> list[ListedRow]:
    """Read back what ``hide_block`` hid."""
    kept = msgspec.msgpack.decode(secrets.decrypt(bytes(hidden), PURPOSE))
    return [
        ListedRow(
            Row(number, tuple(cells)),
            tuple(Problem(Kind(kind), column, extent, characters) for kind, column, extent, characters in problems),
            tuple(Remark(Noticed(kind), column, about) for kind, column, about in remarks),
        )
        for number, cells, problems, remarks in kept
    ]


def read_blocks(list_id: ListId, organisation_id: OrganisationId) -> Iterator[list[ListedRow]]:
    """Go through a list's rows, a block at a time, each fetched on its own: a download may take as long as it takes."""
    number = 0
    while (block := _find_block(list_id, organisation_id, number)) is not None:
        yield show_block(block)
        number += 1


def _find_block(list_id: ListId, organisation_id: OrganisationId, number: int) -> bytes | None:
    with acting_for(organisation_id), reading():
        block = own_rows(models.ListBlock).filter(list_id=list_id, number=number).first()
    return bytes(block.content) if block else None


@reading
def list_wrong_rows(list_id: ListId, *, most: int) -> Sequence[ListedRow]:
    """Return the first rows of a list with something wrong, or its first rows when nothing is."""
    blocks = own_rows(models.ListBlock).filter(list_id=list_id).order_by("number")
    wrong: list[ListedRow] = []
    for block in blocks.filter(rows_wrong__gt=0)[:most]:
        wrong += [each for each in show_block(block.content) if each.problems]
        if len(wrong) >= most:
            break
    return wrong[:most]


@reading
def list_first_rows(list_id: ListId, *, most: int) -> Sequence[ListedRow]:
    """Return the first rows of a list."""
    block = own_rows(models.ListBlock).filter(list_id=list_id, number=0).first()
    return show_block(block.content)[:most] if block else []


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a list and the numbers of the rows before and after it, where there are such."""

    listed: ListedRow
    before: int | None
    after: int | None


@reading
def find_row(list_id: ListId, number: int) -> Place | None:
    """Return the row that has a number in the spreadsheet, or None: it is blank, or there is none."""
    blocks = own_rows(models.ListBlock).filter(list_id=list_id).order_by("number")
    block = blocks.filter(last_row__gte=number).first()
    if block is None:
        return None
    rows = show_block(block.content)
    place = next((place for place, each in enumerate(rows) if each.row.number == number), None)
    if place is None:
        return None
    before = rows[place - 1].row.number if place else _last_before(list_id, block.number)
    after = rows[place + 1].row.number if place + 1 < len(rows) else _first_after(list_id, block.number)
    return Place(rows[place], before, after)


def _last_before(list_id: ListId, block: int) -> int | None:
    found = own_rows(models.ListBlock).filter(list_id=list_id, number=block - 1).first()
    return found.last_row if found else None


def _first_after(list_id: ListId, block: int) -> int | None:
    found = own_rows(models.ListBlock).filter(list_id=list_id, number=block + 1).first()
    return show_block(found.content)[0].row.number if found else None
