"""Checking every row of an uploaded list, in a stream, and keeping what was found a block of rows at a time.

Whoever checks a list holds it for a minute and holds on with every block. What a dead worker held is checked again from
the start; a worker that was thought dead notices with its next block and stops.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.kernel.turns import next_in_turn
from guildhall.notify import models
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.checking import CheckedRow, Checker, Tally
from guildhall.notify.domain.lists.columns import Columns, expected_columns, read_columns, ruined_by
from guildhall.notify.domain.lists.life import FileFault, State
from guildhall.notify.domain.lists.remarks import Remark, Remarks
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.lists.swallowed import find_swallowed
from guildhall.notify.domain.personalisation import key_of
from guildhall.notify.queries.lists.contents import StoredFile, hide_block
from guildhall.notify.queries.lists.views import ListView, get_list, get_rules
from guildhall.notify.queries.remembered import known_service
from guildhall.spreadsheets.noticed import MOST_PLACES, Notices
from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.table import (
    CellTooLong,
    FileEmpty,
    FileTooLarge,
    NotATable,
    PasswordProtected,
    QuoteInsideCell,
    QuoteNeverEnds,
    Row,
    TooManyColumns,
    TooManyRows,
    UnreadableFile,
    UnreadableRow,
)

HELD_FOR = timedelta(seconds=60)
BLOCK = 500
"""Rows that are kept together, and later sent together."""

_LOOKED_AT = 20
"""Rows among which the headings are looked for, when the first row has none."""

TRIES = 3
"""How often a list is begun to be checked, before it is taken for one that nobody can read."""

FAULTS: Mapping[type[UnreadableFile], FileFault] = {
    FileEmpty: FileFault.EMPTY,
    FileTooLarge: FileFault.TOO_LARGE,
    NotATable: FileFault.NOT_A_LIST,
    PasswordProtected: FileFault.LOCKED,
    TooManyRows: FileFault.TOO_MANY_ROWS,
    TooManyColumns: FileFault.TOO_MANY_COLUMNS,
    CellTooLong: FileFault.CELL_TOO_LONG,
    QuoteNeverEnds: FileFault.QUOTE_NEVER_ENDS,
    QuoteInsideCell: FileFault.QUOTE_INSIDE_CELL,
}


class _LetGo(Exception):
    """Somebody else has the list now, or it is not to be checked any more."""


def check_next(*, now: datetime, clock: Callable[[], datetime]) -> int:
    """Check the list that has waited longest of the council whose turn it is, and return how many lists that was."""
    waiting = _list_waiting(now)
    council = next_in_turn(list(waiting), last=next(iter(_last_turn), None))
    if council is None:
        return 0
    _last_turn[:] = [council]
    return int(check_list(waiting[council], council, now=now, clock=clock))


_last_turn: list[OrganisationId] = []


def check_list(
    list_id: ListId, organisation_id: OrganisationId, *, now: datetime, clock: Callable[[], datetime]
) -> bool:
    """Check every row of a list and say what was found; or return False, when somebody else does.

    The list comes out ready to be sent, with rows to mend, or as a file that cannot be used.
    """
    with acting_for(organisation_id):
        hold = _Hold(list_id, new_id(), clock)
        if not hold.take(now):
            return False
        try:
            _check(hold, get_list(list_id), organisation_id)
        except UnreadableFile as fault:
            hold.refuse(FAULTS[type(fault)], _where(fault))
        except _LetGo:
            return False
    return True


def _where(fault: UnreadableFile) -> list[str]:
    """Return the row that the fault is in, and of a text file the lines where the row begins and where the fault is."""
    if not isinstance(fault, UnreadableRow):
        return []
    return [str(place) for place in (fault.row, fault.line, fault.at_line) if place]


@transaction
def _list_waiting(now: datetime) -> Mapping[OrganisationId, ListId]:
    """Find of each council the list to check next. The worker's login sees every council's."""
    waiting = models.UploadedList.objects.filter(_is_free(now), state=str(State.CHECKING))
    rows = waiting.order_by("organisation_id", "uploaded_at").distinct("organisation_id")
    return {OrganisationId(council): ListId(each) for council, each in rows.values_list("organisation_id", "id")}


def _is_free(now: datetime) -> Q:
    return Q(held_until=None) | Q(held_until__lt=now)


class _Hold:
    """A list in one worker's hand: every change to it is refused when another has taken it."""

    def __init__(self, list_id: ListId, worker: UUID, clock: Callable[[], datetime]) -> None:
        self.list_id = list_id
        self.notices = Notices()
        self._worker, self._clock = worker, clock

    @transaction
    def take(self, now: datetime) -> bool:
        """Take the list if nobody has it, and throw away what somebody else may have begun."""
        free = own_rows(models.UploadedList).filter(_is_free(now), id=self.list_id, state=str(State.CHECKING))
        taken = free.update(
            worker=self._worker, held_until=now + HELD_FOR, tries=F("tries") + 1, rows_checked=0, rows_wrong=0
        )
        if taken:
            self._throw_away_blocks()
        return bool(taken)

    def say(self, **found: object) -> None:
        """Write down what was found about the file."""
        with transaction():
            self._update(**found)

    @transaction
    def keep(self, number: int, checked: list[CheckedRow], remarks: list[tuple[Remark, ...]]) -> None:
        """Keep a block of rows, and hold on to the list. What a crash loses of them is checked again."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")  # the end of the check waits for all that came before
        wrong = sum(bool(each.problems) for each in checked)
        self._update(
            held_until=self._clock() + HELD_FOR,
            rows_checked=F("rows_checked") + len(checked),
            rows_wrong=F("rows_wrong") + wrong,
        )
        models.ListBlock.objects.create(
            list_id=self.list_id,
            number=number,
            last_row=checked[-1].row.number,
            rows_wrong=wrong,
            content=hide_block(checked, remarks),
        )

    @transaction
    def finish(self, tally: Tally) -> None:
        """Let go of a list that can be read: ready, or with rows to mend."""
        self._update(
            noticed=self.notices.kept(),
            state=str(State.WRONG if tally.wrong else State.READY),
            changed_at=self._clock(),
            held_until=None,
            rows_abroad=tally.abroad,
            problems={str(kind): count for kind, count in tally.kinds.items()},
            units={str(multiplier): count for multiplier, count in tally.units.items()},
        )

    @transaction
    def refuse(self, fault: FileFault, about: list[str]) -> None:
        """Let go of a file that cannot be used, and of the rows that were read."""
        self._update(
            noticed=self.notices.kept(),
            state=str(State.UNREADABLE),
            changed_at=self._clock(),
            held_until=None,
            fault=str(fault),
            fault_about=about,
            rows_checked=0,
            rows_wrong=0,
        )
        self._throw_away_blocks()

    def _update(self, **changes: object) -> None:
        mine = own_rows(models.UploadedList).filter(id=self.list_id, worker=self._worker, state=str(State.CHECKING))
        if not mine.update(**changes):
            raise _LetGo

    def _throw_away_blocks(self) -> None:
        own_rows(models.ListBlock).filter(list_id=self.list_id).delete()


def _check(hold: _Hold, view: ListView, organisation_id: OrganisationId) -> None:
    rules = get_rules(view, known_service(view.notify_service_id))
    asked_for = rules.asked_for
    if view.tries > TRIES:
        raise NotATable("nobody came to the end of it")
    expected = set(map(key_of, expected_columns(view.channel, asked_for)))
    table = open_spreadsheet(
        StoredFile(view.id, organisation_id), is_expected=lambda heading: key_of(heading) in expected
    )
    hold.notices = table.notices
    rows = iter(table.rows)
    headings = next(rows)
    columns = read_columns(headings.cells, view.channel, asked_for=asked_for, delimiter=table.delimiter)
    hold.say(
        kind=table.kind,
        encoding=table.encoding,
        delimiter=table.delimiter,
        headings=list(columns.headings),
        heading_row=headings.number,
    )
    if not columns.is_usable:
        _refuse_columns(hold, columns, _find_headings_below(rows, view, asked_for))
        return
    if find_swallowed(headings.cells, columns, view.channel) is not None:
        hold.refuse(FileFault.HEADING_SWALLOWED, [str(headings.number)])
        return
    remarks = Remarks(columns, rules, table.notices, letters_are_guessed=table.is_guess)
    tally = _check_rows(hold, rows, columns, rules, remarks)
    ruined = ruined_by(table.merged, columns, asked_for, after=headings.number)
    if not tally.rows:
        hold.refuse(FileFault.NO_ROWS, [])
    elif ruined:
        hold.refuse(FileFault.CELLS_MERGED, [area.name for area in ruined[:MOST_PLACES]])
    else:
        hold.finish(tally)


def _find_headings_below(rows: Iterator[Row], view: ListView, asked_for: Sequence[str]) -> Row | None:
    """Return the row that would do as headings, when the first does not: people write titles above them."""
    return next(
        (
            row
            for row in islice(rows, _LOOKED_AT)
            if read_columns(row.cells, view.channel, asked_for=asked_for).is_usable
        ),
        None,
    )


def _refuse_columns(hold: _Hold, columns: Columns, below: Row | None) -> None:
    if below is not None:
        hold.refuse(FileFault.HEADINGS_BELOW, [str(below.number)])
    elif columns.missing:
        hold.refuse(FileFault.COLUMNS_MISSING, list(columns.missing))
    else:
        hold.refuse(FileFault.COLUMNS_REPEATED, list(columns.repeated))


def _check_rows(hold: _Hold, rows: Iterator[Row], columns: Columns, rules: Rules, remarks: Remarks) -> Tally:
    tally, checker = Tally(), Checker(columns, rules)
    for number, block in enumerate(_blocks(rows)):
        checked = list(map(checker.check, block))
        for each in checked:
            tally.add(each)
        hold.keep(number, checked, [remarks.on(each) for each in checked])
    remarks.finish()
    return tally


def _blocks(rows: Iterator[Row]) -> Iterable[list[Row]]:
    while block := list(islice(rows, BLOCK)):
        yield block
