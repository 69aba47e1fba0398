"""Uploaded lists: checked row by row, confirmed, sent once, reported, and forgotten."""

import io
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import psycopg
import pytest
from django.db import connection
from tests.threads import join

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.ids import ListId, TemplateId
from guildhall.notify.domain.lists.life import FileFault, State, Unsent
from guildhall.notify.domain.lists.noticed import Noticed, in_order
from guildhall.notify.domain.lists.problems import Kind
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations import archive_template, save_template
from guildhall.notify.operations.limits import DayIsUsedUp
from guildhall.notify.operations.lists import (
    AlreadyStarted,
    ListNotReady,
    NewList,
    NothingFailed,
    NotThen,
    TemplateChanged,
    cancel_list,
    check_next,
    confirm_list,
    forget_old_lists,
    send_next,
    upload_failed_rows,
    upload_list,
)
from guildhall.notify.operations.lists.uploading import CHECKED_AT_ONCE
from guildhall.notify.operations.templates import Author
from guildhall.notify.queries.lists import (
    ListNotFound,
    ListView,
    count_statuses,
    find_list_sent_before,
    find_row,
    get_list,
    left_on,
    list_wrong_rows,
    read_outcomes,
)
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import OFFICER

AsDispatcher = Callable[[Callable[[], int]], int]


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


def upload(
    sender: Sender, content: str | bytes, *, template: TemplateId | None = None, language: str = "en"
) -> ListView:
    octets = content.encode() if isinstance(content, str) else content
    wanted = NewList(template or sender.email, language, "people.csv", [octets], "Olwen Rhys")  # type: ignore[arg-type]
    return get_list(upload_list(wanted, of=sender.id, actor=OFFICER, now=clock.now(), clock=clock.now))


def people(count: int, *, start: int = 0) -> str:
    rows = "".join(f"jo{number}@example.com,Jo {number},sofa\n" for number in range(start, start + count))
    return f"email address,name,thing\n{rows}"


def confirmed(view: ListView, *, at: datetime | None = None) -> ListView:
    confirm_list(view.id, starts_at=at, confirmed_by="Olwen Rhys", actor=OFFICER, now=clock.now())
    return get_list(view.id)


def send_all(as_dispatcher: AsDispatcher) -> None:
    def step() -> int:
        with acting_for(None):
            return send_next(now=clock.now())

    while as_dispatcher(step):
        pass


@reading
def messages_of(view: ListView) -> list[models.Message]:
    return list(models.Message.objects.filter(job_id=view.id).order_by("job_row"))


def test_a_list_without_mistakes_is_ready_to_be_sent(sender: Sender) -> None:
    view = upload(sender, people(1200))
    assert (view.state, view.rows, view.rows_wrong) == (State.READY, 1200, 0)
    assert (view.kind, view.encoding, view.delimiter, view.headings) == (
        "csv",
        "UTF-8",
        ",",
        ("email address", "name", "thing"),
    )
    assert view.units == {1: 1200}


def test_each_wrong_row_is_told_by_its_number_in_the_spreadsheet(sender: Sender) -> None:
    view = upload(sender, "email address,name,thing\njo@example.com,Jo,sofa\n\nnobody,,bed\nal@example.com,Al,\n")
    assert (view.state, view.rows, view.rows_wrong) == (State.WRONG, 3, 2)
    assert view.problems == {Kind.EMAIL: 1, Kind.MISSING: 2}
    wrong = list_wrong_rows(view.id, most=20)
    assert [(each.row.number, [(problem.kind, problem.column) for problem in each.problems]) for each in wrong] == [
        (4, [(Kind.EMAIL, "email address"), (Kind.MISSING, "name")]),
        (5, [(Kind.MISSING, "thing")]),
    ]


def test_a_list_with_rows_to_mend_cannot_be_sent(sender: Sender) -> None:
    view = upload(sender, "email address,name,thing\nnobody,Jo,sofa\n")
    with pytest.raises(ListNotReady):
        confirmed(view)
    assert get_list(view.id).state is State.WRONG


@pytest.mark.parametrize(
    ("content", "fault", "about"),
    [
        ("name,thing\nJo,sofa\n", FileFault.COLUMNS_MISSING, ("email address",)),
        ("email address,name\njo@example.com,Jo\n", FileFault.COLUMNS_MISSING, ("thing",)),
        ("email address,Email_Address,name,thing\na,b,c,d\n", FileFault.COLUMNS_REPEATED, ("email address",)),
        ("email address,name,thing\n", FileFault.NO_ROWS, ()),
        ("\n\n  \n", FileFault.EMPTY, ()),
        (b"%PDF-1.7 not a list", FileFault.NOT_A_LIST, ()),
        (b"PK\x03\x04 not an archive", FileFault.NOT_A_LIST, ()),
        (b"a,b\x00\x01\nc,d\n", FileFault.NOT_A_LIST, ()),
        (f"email address,name,thing\njo@example.com,{'x' * 200_000},sofa\n", FileFault.CELL_TOO_LONG, ("2", "2", "2")),
        (f'{people(2)}c@d.com,"Jo,sofa\n{people(4)}', FileFault.QUOTE_NEVER_ENDS, ("4", "4", "4")),
        (f'{people(2)}c@d.com,Jo,"sofa\n\nc@d.com,Jo,"bed"\n', FileFault.QUOTE_INSIDE_CELL, ("4", "4", "6")),
        ("People\n\nemail address,name,thing\njo@example.com,Jo,x\n", FileFault.HEADINGS_BELOW, ("3",)),
        (
            'email address,name,"thing\njo@example.com,Jo,sofa"\nal@example.com,Al,x\n',
            FileFault.COLUMNS_MISSING,
            ("thing",),
        ),
        (
            'email address,name,thing,"note\njo@example.com,Jo,sofa,x"\nal@example.com,Al,x\n',
            FileFault.HEADING_SWALLOWED,
            ("1",),
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    sender: Sender, content: str | bytes, fault: FileFault, about: tuple[str, ...]
) -> None:
    view = upload(sender, content)
    assert (view.state, view.fault, view.fault_about, view.rows) == (State.UNREADABLE, fault, about, 0)


def test_rows_that_share_a_cell_cannot_be_used(sender: Sender) -> None:
    def fill(sheet: Any) -> None:
        for row in (["email address", "name", "thing"], ["a@example.com", "A", "x"], ["b@example.com", "B", None]):
            sheet.append(row)
        sheet.merge_cells("C2:C3")

    view = upload(sender, workbook(fill))
    assert (view.state, view.fault, view.fault_about) == (State.UNREADABLE, FileFault.CELLS_MERGED, ("C2:C3",))


def test_what_was_noticed_is_kept_with_a_list_and_its_rows(sender: Sender) -> None:
    view = upload(sender, f"{people(3)}JO1@example.com,Jo,sofa,more\n")
    assert (view.state, view.rows) == (State.READY, 4)
    assert [(noticed, seen.count) for noticed, seen in in_order(view.noticed)] == [
        (Noticed.SAME_RECIPIENT, 1),
        (Noticed.MORE_CELLS, 1),
    ]
    place = find_row(view.id, 5)
    assert place is not None
    assert [(remark.kind, remark.about) for remark in place.listed.remarks] == [
        (Noticed.SAME_RECIPIENT, "3"),
        (Noticed.MORE_CELLS, ""),
    ]


def test_a_column_that_is_needed_and_hidden_is_said_to_be_hidden(sender: Sender) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["email address", "name", "thing"])
        sheet.append(["a@example.com", "A", "x"])
        sheet.column_dimensions["B"].hidden = True

    view = upload(sender, workbook(fill))
    assert (view.fault, view.fault_about) == (FileFault.COLUMNS_MISSING, ("name",))
    assert [place.about for place in view.noticed[Noticed.HIDDEN_COLUMNS].places] == ["B (name)"]


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_large_file_is_checked_by_the_worker_and_shows_how_far_it_is(
    sender: Sender, as_dispatcher: AsDispatcher
) -> None:
    content = people(9000)
    assert len(content) > CHECKED_AT_ONCE
    view = upload(sender, content)
    assert (view.state, view.rows) == (State.CHECKING, 0)

    def step() -> int:
        with acting_for(None):
            return check_next(now=clock.now(), clock=clock.now)

    assert as_dispatcher(step) == 1
    assert (get_list(view.id).state, get_list(view.id).rows) == (State.READY, 9000)
    assert as_dispatcher(step) == 0


def test_a_small_file_that_unpacks_to_a_large_one_is_the_workers_too(
    sender: Sender, as_dispatcher: AsDispatcher
) -> None:
    file = io.BytesIO(workbook(lambda sheet: sheet.append(["email address", "name", "thing"])))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/{number}.xml", " " * 1_000_000)
    assert len(file.getvalue()) < CHECKED_AT_ONCE
    view = upload(sender, file.getvalue())
    assert view.state is State.CHECKING

    def step() -> int:
        with acting_for(None):
            return check_next(now=clock.now(), clock=clock.now)

    assert as_dispatcher(step) == 1
    assert get_list(view.id).state is State.UNREADABLE


def test_what_a_dead_worker_began_to_check_is_checked_again_from_the_start(
    sender: Sender, as_dispatcher: AsDispatcher
) -> None:
    view = upload(sender, people(9000))
    beats: list[datetime] = []

    def heart() -> datetime:
        beats.append(clock.now())
        if len(beats) > 3:
            raise KeyboardInterrupt
        return beats[-1]

    def dying() -> int:
        with acting_for(None), pytest.raises(KeyboardInterrupt):
            check_next(now=clock.now(), clock=heart)
        return 0

    as_dispatcher(dying)
    assert 0 < get_list(view.id).rows < 9000

    def later() -> int:
        now = clock.now() + timedelta(minutes=2)
        with acting_for(None):
            return check_next(now=now, clock=lambda: now)

    assert as_dispatcher(later) == 1
    assert (get_list(view.id).state, get_list(view.id).rows) == (State.READY, 9000)


def test_a_confirmed_list_is_sent_in_the_words_it_was_checked_with(sender: Sender, as_dispatcher: AsDispatcher) -> None:
    view = confirmed(upload(sender, people(3)))
    assert view.state is State.SCHEDULED
    send_all(as_dispatcher)
    done = get_list(view.id)
    assert (done.state, done.rows_sent, done.rows_unsent) == (State.FINISHED, 3, 0)
    sent = messages_of(view)
    assert [(each.job_row, each.recipient, each.sent_by) for each in sent] == [
        (1, "jo0@example.com", "Olwen Rhys"),
        (2, "jo1@example.com", "Olwen Rhys"),
        (3, "jo2@example.com", "Olwen Rhys"),
    ]
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT sum(quantity) FROM metering_usageevent WHERE service_id = %s", [sender.id])
        assert cursor.fetchone() == (3,)


def test_each_row_is_in_the_language_that_it_asks_for(sender: Sender, as_dispatcher: AsDispatcher) -> None:
    content = (
        "email address,name,thing,iaith\na@example.com,A,x,Cymraeg\nb@example.com,B,x,\nc@example.com,C,x,english\n"
    )
    view = confirmed(upload(sender, content, language="both"))
    send_all(as_dispatcher)
    assert [each.language for each in messages_of(view)] == ["cy", "both", "en"]


def test_no_row_is_lost_or_sent_twice_when_a_worker_dies_in_the_middle(
    sender: Sender, as_dispatcher: AsDispatcher, database: dict[str, str]
) -> None:
    view = confirmed(upload(sender, people(1200)))
    with psycopg.connect(database["superuser"]) as judge, psycopg.connect(database["superuser"]) as executioner:
        judge.execute("LOCK TABLE notify_message IN EXCLUSIVE MODE")  # the worker has moved the list on and waits here
        is_over = threading.Event()
        killing = threading.Thread(target=_kill_who_waits_for_a_lock, args=(executioner, is_over))
        killing.start()

        def step() -> int:
            with acting_for(None):
                return send_next(now=clock.now())

        try:
            assert as_dispatcher(step) == 0
        finally:
            is_over.set()
            join(killing)
    assert (get_list(view.id).rows_sent, messages_of(view)) == (0, [])
    send_all(as_dispatcher)
    assert [each.job_row for each in messages_of(view)] == list(range(1, 1201))


def _kill_who_waits_for_a_lock(executioner: psycopg.Connection, is_over: threading.Event) -> None:
    """Look until somebody waits, however long the worker takes to come that far."""
    executioner.autocommit = True
    while not is_over.wait(0.05):
        killed = executioner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock'"
        )
        if killed.fetchall():
            return


def test_two_workers_do_not_send_the_same_rows(sender: Sender, as_dispatcher: AsDispatcher) -> None:
    view = confirmed(upload(sender, people(1200)))
    workers = [threading.Thread(target=send_all, args=(as_dispatcher,)) for _each in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        join(worker)
    send_all(as_dispatcher)
    assert [each.job_row for each in messages_of(view)] == list(range(1, 1201))
    assert get_list(view.id).rows_sent == 1200


def test_a_list_waits_for_its_time(sender: Sender, as_dispatcher: AsDispatcher) -> None:
    view = confirmed(upload(sender, people(2)), at=clock.now() + timedelta(hours=1))
    send_all(as_dispatcher)
    assert (get_list(view.id).state, messages_of(view)) == (State.SCHEDULED, [])

    def later() -> int:
        with acting_for(None):
            return send_next(now=clock.now() + timedelta(hours=2))

    assert as_dispatcher(later) == 2


@pytest.mark.parametrize("ahead", [timedelta(days=7, minutes=1), -timedelta(minutes=1)])
def test_a_list_goes_out_within_seven_days(sender: Sender, ahead: timedelta) -> None:
    view = upload(sender, people(2))
    with pytest.raises(NotThen):
        confirmed(view, at=clock.now() + ahead)


def test_a_list_is_taken_back_before_its_first_message_and_never_after(
    sender: Sender, as_dispatcher: AsDispatcher
) -> None:
    view = confirmed(upload(sender, people(2)), at=clock.now() + timedelta(hours=1))
    _cancel(view, sender)
    send_all(as_dispatcher)
    assert (get_list(view.id).state, messages_of(view)) == (State.CANCELLED, [])
    sent = confirmed(upload(sender, people(2, start=5)))
    send_all(as_dispatcher)
    with pytest.raises(AlreadyStarted):
        cancel_list(sent.id, cancelled_by="Olwen Rhys", actor=OFFICER, now=clock.now())


def test_a_cancelling_waits_for_a_sending_that_has_begun_and_comes_too_late(
    sender: Sender, as_dispatcher: AsDispatcher, database: dict[str, str]
) -> None:
    view = confirmed(upload(sender, people(2)))
    refusals: list[AlreadyStarted] = []

    def cancel() -> None:
        try:
            _cancel(view, sender)
        except AlreadyStarted as refusal:
            refusals.append(refusal)

    _race(database, "notify_message", lambda: send_all(as_dispatcher), cancel)
    assert len(refusals) == 1
    assert (get_list(view.id).state, len(messages_of(view))) == (State.FINISHED, 2)


def test_a_sending_waits_for_a_cancelling_that_has_begun_and_sends_nothing(
    sender: Sender, as_dispatcher: AsDispatcher, database: dict[str, str]
) -> None:
    view = confirmed(upload(sender, people(2)))
    _race(database, "notify_daycount", lambda: _cancel(view, sender), lambda: send_all(as_dispatcher))
    assert (get_list(view.id).state, messages_of(view)) == (State.CANCELLED, [])


def _cancel(view: ListView, sender: Sender) -> None:
    with acting_for(sender.council.id):
        cancel_list(view.id, cancelled_by="Olwen Rhys", actor=OFFICER, now=clock.now())


def _race(database: dict[str, str], table: str, first: Callable[[], None], second: Callable[[], None]) -> None:
    """Run two acts at one moment: the first has the list and waits for a table, the second waits for the first."""

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connection.close()

    with psycopg.connect(database["superuser"]) as judge:
        judge.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        runners = [threading.Thread(target=run, args=(act,)) for act in (first, second)]
        for waiting, runner in enumerate(runners, start=1):
            runner.start()
            _until_so_many_wait(database, waiting)
        judge.rollback()
        for runner in runners:
            join(runner)


def _until_so_many_wait(database: dict[str, str], wanted: int) -> None:
    asked = (
        "SELECT pg_sleep(0.02), count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with psycopg.connect(database["superuser"], autocommit=True) as watcher:
        for _each in range(1500):
            found = watcher.execute(asked).fetchone()
            if found and found[1] >= wanted:
                return
    raise AssertionError("nobody waits")


def test_the_whole_list_is_counted_against_the_days_limit_or_none_of_it(council: Council) -> None:
    sender = make_sender(council, is_live=False)
    with transaction():
        models.NotifyService.objects.filter(id=sender.id).update(guest_emails=["jo0@example.com"], emails_a_day=5)
    first = upload(sender, "email address,name,thing\n" + "jo0@example.com,Jo,sofa\n" * 4)
    second = upload(sender, "email address,name,thing\n" + "jo0@example.com,Jo,sofa\n" * 2)
    soon = clock.now() + timedelta(minutes=1)
    day = soon.date()
    confirmed(first, at=soon)
    with pytest.raises(DayIsUsedUp):
        confirmed(second, at=soon)
    assert get_list(second.id).state is State.READY
    assert left_on(day, of=sender.id, counted="email", limit=5) == 1
    cancel_list(first.id, cancelled_by="Olwen Rhys", actor=OFFICER, now=clock.now())
    assert left_on(day, of=sender.id, counted="email", limit=5) == 5
    confirmed(second, at=soon)


def test_a_service_in_trial_mode_writes_to_its_team_and_guests_only(council: Council) -> None:
    sender = make_sender(council, is_live=False)
    view = upload(sender, people(2))
    assert (view.state, view.problems) == (State.WRONG, {Kind.NOT_ALLOWED: 2})


def test_a_list_is_not_sent_in_words_that_nobody_looked_at(sender: Sender) -> None:
    view = upload(sender, people(2))
    pair = view.template.pair
    save_template(sender.email, opened=1, name="An email", pair=pair, by=Author(None, "x@example.com"), now=clock.now())
    with pytest.raises(TemplateChanged):
        confirmed(view)


def test_a_confirmed_list_keeps_its_words_when_the_template_gets_new_ones(
    sender: Sender, as_dispatcher: AsDispatcher
) -> None:
    view = confirmed(upload(sender, people(2)))
    words = Pair(Words("New", "It now asks for ((something else))"))
    save_template(
        sender.email, opened=1, name="An email", pair=words, by=Author(None, "x@example.com"), now=clock.now()
    )
    send_all(as_dispatcher)
    assert [each.template_version for each in messages_of(view)] == [1, 1]


def test_rows_that_cannot_be_sent_any_more_are_reported_each(sender: Sender, as_dispatcher: AsDispatcher) -> None:
    view = confirmed(upload(sender, people(2)))
    archive_template(sender.email, actor=PersonId(new_id()), now=clock.now())
    send_all(as_dispatcher)
    done = get_list(view.id)
    assert (done.state, done.rows_sent, done.rows_unsent) == (State.FINISHED, 0, 2)
    outcomes = list(read_outcomes(done, sender.council.id))
    assert [outcome.unsent for outcome in outcomes] == [Unsent.TEMPLATE_GONE] * 2


def test_the_rows_that_failed_become_a_list_of_their_own(sender: Sender, as_dispatcher: AsDispatcher) -> None:
    view = confirmed(upload(sender, people(3)))
    with pytest.raises(NothingFailed):
        upload_failed_rows(view.id, uploaded_by="Olwen", actor=OFFICER, now=clock.now(), clock=clock.now)
    send_all(as_dispatcher)

    def fail_one() -> int:
        with acting_for(None), transaction():
            failed = models.Message.objects.filter(job_id=view.id, job_row=2)
            return failed.update(status="permanent-failure", next_try_at=None, completed_at=clock.now())

    assert as_dispatcher(fail_one) == 1
    assert count_statuses(get_list(view.id)) == {Status.CREATED: 2, Status.PERMANENT_FAILURE: 1}
    again = get_list(upload_failed_rows(view.id, uploaded_by="Olwen", actor=OFFICER, now=clock.now(), clock=clock.now))
    assert (again.state, again.rows, again.file_name) == (State.READY, 1, "people (2).csv")
    place = find_row(again.id, 2)
    assert place is not None
    assert place.listed.row.cells == ("jo1@example.com", "Jo 1", "sofa")


def test_the_same_file_is_noticed_when_it_was_sent_before(sender: Sender) -> None:
    first = upload(sender, people(2))
    second = upload(sender, people(2))
    assert find_list_sent_before(second) is None
    confirmed(first)
    found = find_list_sent_before(second)
    assert found is not None
    assert found.id == first.id


def test_rows_are_found_by_their_number_with_the_ones_beside_them(sender: Sender) -> None:
    view = upload(sender, people(600))
    first, edge, last = (find_row(view.id, number) for number in (2, 501, 601))
    assert first and edge and last
    assert (first.before, first.after) == (None, 3)
    assert (edge.before, edge.after) == (500, 502)
    assert (last.before, last.after) == (600, None)
    assert find_row(view.id, 999) is None


def test_a_lists_rows_are_kept_encrypted_and_deleted_in_time(sender: Sender, as_dispatcher: AsDispatcher) -> None:
    view = upload(sender, people(3))
    with reading():
        assert not any(b"example.com" in bytes(part.content) for part in models.ListPart.objects.all())
        assert not any(b"example.com" in bytes(block.content) for block in models.ListBlock.objects.all())

    def after(days: int) -> Callable[[], int]:
        def forget() -> int:
            with acting_for(None):
                forget_old_lists(now=clock.now() + timedelta(days=days))
            return 0

        return forget

    as_dispatcher(after(6))
    assert not get_list(view.id).is_forgotten
    as_dispatcher(after(8))
    assert get_list(view.id).is_forgotten
    with reading():
        assert not models.ListPart.objects.filter(list_id=view.id).exists()
        assert not models.ListBlock.objects.filter(list_id=view.id).exists()


def test_another_councils_list_is_not_found(sender: Sender, other_council: Council) -> None:
    view = upload(sender, people(2))
    with acting_for(other_council.id):
        with pytest.raises(ListNotFound):
            get_list(view.id)
        with pytest.raises(ListNotFound):
            cancel_list(ListId(view.id), cancelled_by="Olwen Rhys", actor=OFFICER, now=datetime.now(UTC))
