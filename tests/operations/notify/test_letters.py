"""Letters on their way: picked up, printed into a folder, counted, cancelled, reported and returned."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pypdfium2 import PdfDocument
from tests.domain.notify.hostile_pdfs import bomb, letter

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify import operations as notify
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import KeyId, MessageId, TemplateId
from guildhall.notify.domain.letter_report import NothingReported, Report, read_report
from guildhall.notify.domain.letter_timing import pick_up_of
from guildhall.notify.domain.paper.__main__ import MOST_MEMORY, MOST_SECONDS
from guildhall.notify.domain.paper.examining import UNREADABLE
from guildhall.notify.domain.template import Choices, Pair, Postage, Words
from guildhall.notify.operations import NewMessage, NotifyServiceId
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.operations.letters.cancelling import LetterGone, cancel_letter
from guildhall.notify.operations.letters.child import Child
from guildhall.notify.operations.letters.examining import AFTER_A_COSTLY_ONE, examine_waiting
from guildhall.notify.operations.letters.precompiled import PrecompiledLetter, accept_precompiled
from guildhall.notify.operations.letters.reporting import Taken, take_report
from guildhall.notify.operations.receipts import apply_receipts
from guildhall.notify.ports import Providers, ScannerUnreachable, connect_virus_scanner
from guildhall.notify.providers.letter_folder import LetterFolder, LetterFolderSettings
from guildhall.notify.queries.remembered import Caller, Key, forget_services, known_service
from guildhall.notify.testing import AUTHOR
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import OFFICER, make_service

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PICK_UP = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
ADDRESS = {"address_line_1": "Mx One", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"}

Send = Callable[..., MessageId]
Deliver = Callable[..., int]


@pytest.fixture(autouse=True)
def nothing_waits(database: dict[str, str]) -> None:
    """Put aside what other tests left, so that a test finds only its own letters."""
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")
        superuser.execute("UPDATE notify_provideraccount SET is_active = false")


@pytest.fixture
def template(sender: NotifyServiceId) -> TemplateId:
    return notify.add_template(
        notify_service_id=sender,
        channel=Channel.LETTER,
        name="A letter",
        pair=Pair(Words("About ((thing))", "Dear ((name)),\n\n---\n\nPage two\n\n---\n\nPage three")),
        by=AUTHOR,
        now=clock.now(),
        choices=Choices(postage=Postage.FIRST),
    ).id


@pytest.fixture
def send(sender: NotifyServiceId, template: TemplateId) -> Send:
    forget_services()

    def one(*, now: datetime = NOW, kind: KeyKind = KeyKind.LIVE, **values: object) -> MessageId:
        given = {"name": "Jo", "thing": "tax", **ADDRESS, **values}
        wanted = NewMessage(Channel.LETTER, "", "", None, template, given, (), "r", None, None)
        prepared = notify.prepare(wanted, sender=known_service(sender), kind=kind, key_id=None, now=now)
        with transaction():
            notify.write_prepared([prepared])
        return prepared.id

    return one


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path


@pytest.fixture
def deliver(as_dispatcher: Callable[[Callable[[], int]], int], folder: Path) -> Deliver:
    def at(now: datetime = PICK_UP) -> int:
        printer = LetterFolder(LetterFolderSettings(folder))
        worker = Carriers(Providers({}, {Channel.LETTER: printer}))
        return as_dispatcher(lambda: notify.deliver_waiting(Channel.LETTER, worker, now=now, clock=lambda: now))

    return at


def row_of(message_id: UUID) -> models.Message:
    with transaction():
        return models.Message.objects.get(id=message_id)


def uses(database: Mapping[str, str], message_id: UUID) -> list[tuple[Any, ...]]:
    with psycopg.connect(database["superuser"]) as superuser:
        found = superuser.execute(
            "SELECT meter, quantity, rate_multiplier FROM metering_usageevent WHERE event_id = %s", [str(message_id)]
        )
        return found.fetchall()


def listed(folder: Path) -> list[dict[str, Any]]:
    return [line for each in sorted(folder.rglob("*.json")) for line in json.loads(each.read_text())["letters"]]


def test_a_letter_is_printed_when_its_day_is_picked_up_and_not_before(
    send: Send, deliver: Deliver, folder: Path
) -> None:
    letter = send()
    assert deliver(PICK_UP - timedelta(seconds=1)) == 0
    assert deliver() == 1
    row = row_of(letter)
    assert (row.status, row.sheets, row.postage, row.provider) == ("sending", 2, "first", "letter-folder")
    place = folder / row.provider_reference
    assert place.name == f"first-{letter}.pdf"
    assert place.parent.name == "2026-11-20"
    line = listed(folder)[0]
    assert line["sha256"] == hashlib.sha256(place.read_bytes()).hexdigest()
    assert (line["id"], line["file"], line["pages"], line["sheets"]) == (str(letter), row.provider_reference, 3, 2)
    assert (line["address"], line["postage"], line["may_be_repeated"]) == (
        ["Mx One", "1 High Street", "SW1A 1AA"],
        "first",
        False,
    )
    assert len(PdfDocument(place)) == 3


def test_a_letter_after_half_past_five_waits_for_the_next_day(send: Send, deliver: Deliver) -> None:
    letter = send(now=PICK_UP)
    assert row_of(letter).next_try_at == PICK_UP + timedelta(days=1) == pick_up_of(PICK_UP)
    assert deliver() == 0


def test_a_letter_is_counted_by_class_and_sheets_when_it_is_handed_over(
    send: Send, deliver: Deliver, database: dict[str, str]
) -> None:
    letter = send()
    assert uses(database, letter) == []
    deliver()
    assert uses(database, letter) == [("letters_first", 1, 2)]


def test_a_hand_over_that_nobody_recorded_writes_the_same_files_again(
    send: Send, deliver: Deliver, folder: Path, database: dict[str, str]
) -> None:
    letter = send()
    deliver()
    before = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute(
            "UPDATE notify_message SET status = 'created', next_try_at = %s, leased_until = %s WHERE id = %s",
            [PICK_UP, PICK_UP, letter],
        )
    deliver(PICK_UP + timedelta(minutes=5))
    after = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    assert set(after) == set(before)
    assert [line["may_be_repeated"] for line in listed(folder)] == [True]
    assert all(after[each] == before[each] for each in after if each.suffix == ".pdf")
    assert uses(database, letter) == [("letters_first", 1, 2)]


def test_a_folder_that_is_away_loses_nothing(send: Send, deliver: Deliver, folder: Path) -> None:
    letter = send()
    folder.rmdir()
    deliver()
    assert row_of(letter).status == "created"
    assert "FileNotFoundError" in row_of(letter).problem
    folder.mkdir()
    deliver(PICK_UP + timedelta(minutes=10))
    assert row_of(letter).status == "sending"


def test_a_letter_with_a_test_key_is_delivered_in_pretence_and_for_nothing(
    send: Send, deliver: Deliver, folder: Path, database: dict[str, str]
) -> None:
    letter = send(kind=KeyKind.TEST)
    assert deliver(NOW) == 1
    assert row_of(letter).status == "delivered"
    assert list(folder.iterdir()) == []
    assert uses(database, letter) == []


def test_a_letter_can_be_taken_back_until_it_is_picked_up(
    send: Send, deliver: Deliver, sender: NotifyServiceId, database: dict[str, str]
) -> None:
    letter, gone = send(), send(now=PICK_UP - timedelta(days=1, hours=1))
    cancel_letter(letter, of=sender, actor=OFFICER, now=PICK_UP - timedelta(seconds=1))
    assert (row_of(letter).status, row_of(letter).next_try_at) == ("cancelled", None)
    with pytest.raises(LetterGone):
        cancel_letter(letter, of=sender, actor=OFFICER, now=NOW)
    with pytest.raises(LetterGone):
        cancel_letter(gone, of=sender, actor=OFFICER, now=PICK_UP)
    with pytest.raises(LetterGone):
        cancel_letter(gone, of=NotifyServiceId(uuid4()), actor=OFFICER, now=NOW - timedelta(days=2))
    assert deliver() == 1
    assert uses(database, letter) == []


def test_printed_letters_are_reported_and_some_come_back(
    send: Send, deliver: Deliver, sender: NotifyServiceId, as_dispatcher: Callable[[Callable[[], int]], int]
) -> None:
    letter, waiting = send(), send(now=PICK_UP + timedelta(minutes=1))
    deliver()
    report = read_report(f"file,printed\nfirst-{letter}.pdf,yes\n{waiting},yes\n{uuid4()},no\ntotal,3".encode())
    assert take_report(report, Report.PRINTED, of=sender, actor=None, now=PICK_UP) == Taken(1, 2)
    assert take_report(report, Report.PRINTED, of=sender, actor=None, now=PICK_UP) == Taken(0, 3)
    as_dispatcher(lambda: apply_receipts(now=PICK_UP))
    assert (row_of(letter).status, row_of(waiting).status) == ("delivered", "created")
    assert take_report([letter], Report.RETURNED, of=sender, actor=None, now=PICK_UP) == Taken(1, 0)
    as_dispatcher(lambda: apply_receipts(now=PICK_UP + timedelta(days=9)))
    assert row_of(letter).status == "returned-letter"
    assert take_report([letter], Report.RETURNED, of=sender, actor=None, now=PICK_UP) == Taken(0, 1)


def test_a_report_of_nothing_is_refused() -> None:
    with pytest.raises(NothingReported):
        read_report(b"file,printed\nnone,yes\n\xff\xfe\x00")


class Scanner:
    """A virus scanner that is away, until it is told what it finds."""

    def __init__(self) -> None:
        self.finds: bool | None = None

    def passes(self, content: bytes) -> bool:
        if self.finds is None:
            raise ScannerUnreachable("away")
        return self.finds


def test_a_letter_waits_for_the_virus_scanner_however_long_that_is_away(
    sender: NotifyServiceId, as_dispatcher: Callable[[Callable[[], int]], int], database: dict[str, str]
) -> None:
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_letterfile SET checked_at = now() WHERE checked_at IS NULL")
    forget_services()
    key = Key(KeyId(uuid4()), KeyKind.LIVE, False, "")
    brought = PrecompiledLetter("AAAA", "r", Postage.SECOND)
    letter = accept_precompiled(brought, caller=Caller(known_service(sender), key), now=NOW).id
    scanner = Scanner()
    connect_virus_scanner(scanner)
    try:
        for minutes in range(0, 20, 2):
            assert as_dispatcher(lambda at=NOW + timedelta(minutes=minutes): examine_waiting(now=at)) == 0  # type: ignore[misc]
        assert row_of(letter).status == "pending-virus-check"
        scanner.finds = False
        assert as_dispatcher(lambda: examine_waiting(now=NOW + timedelta(hours=1))) == 1
        assert row_of(letter).status == "virus-scan-failed"
    finally:
        connect_virus_scanner(None)


def test_what_makes_the_child_hang_or_die_is_unreadable_and_the_next_letter_is_read() -> None:
    with Child(seconds=0.0) as impatient:
        assert impatient.examine(b"%PDF-1.7", may_be_abroad=False) is UNREADABLE
    with Child() as child:
        assert child.examine(b"%PDF-1.7", may_be_abroad=False) == UNREADABLE
        assert child._process is not None
        child._process.kill()
        assert child.examine(b"%PDF-1.7", may_be_abroad=False) is UNREADABLE
        assert child.examine(b"%PDF-1.7", may_be_abroad=False) == UNREADABLE
        assert child._process.poll() is None


def test_a_child_may_use_only_so_much_and_write_nothing() -> None:
    with Child() as child:
        assert child.examine(b"%PDF-1.7", may_be_abroad=False) == UNREADABLE
        assert child._process is not None
        limits = Path(f"/proc/{child._process.pid}/limits").read_text()
    soft = {line[:25].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert soft["Max address space"] == str(MOST_MEMORY)
    assert (soft["Max file size"], soft["Max core file size"]) == ("0", "0")
    assert MOST_SECONDS <= int(soft["Max cpu time"]) <= MOST_SECONDS + 5


def test_what_unpacks_to_more_than_memory_holds_is_unreadable() -> None:
    with Child() as child:
        assert child.examine(letter(packed=bomb(1)), may_be_abroad=False) is UNREADABLE
        assert child.has_died
        assert child.examine(letter(), may_be_abroad=False).problem is None
        assert not child.has_died
    with Child(largest=5_000) as careful:
        assert careful.examine(letter(), may_be_abroad=False) is UNREADABLE


def bring(sender: NotifyServiceId, content: bytes) -> MessageId:
    key = Key(KeyId(uuid4()), KeyKind.LIVE, False, "")
    wanted = PrecompiledLetter(base64.b64encode(content).decode(), "r", Postage.SECOND)
    return accept_precompiled(wanted, caller=Caller(known_service(sender), key), now=NOW).id


def test_a_councils_letters_wait_after_one_that_took_too_much_and_nobody_elses_do(
    sender: NotifyServiceId, other_council: Council, as_dispatcher: Callable[[Callable[[], int]], int]
) -> None:
    forget_services()
    costly, theirs = bring(sender, letter(packed=bomb(1))), bring(sender, letter())
    elsewhere = make_service(other_council)
    with acting_for(other_council.id):
        with transaction():
            others = notify.ensure_notify_service(elsewhere.id, "Elsewhere")
        another = bring(others, letter())

    def states(at: timedelta) -> list[str]:
        as_dispatcher(lambda: examine_waiting(now=NOW + at))
        found = [row_of(costly).status, row_of(theirs).status]
        with acting_for(other_council.id):
            return [*found, row_of(another).status]

    waits = "pending-virus-check"
    assert states(timedelta(0)) == ["validation-failed", waits, "created"]
    assert states(AFTER_A_COSTLY_ONE - timedelta(seconds=1)) == ["validation-failed", waits, "created"]
    assert states(AFTER_A_COSTLY_ONE) == ["validation-failed", "created", "created"]


def test_a_letter_that_nobody_found_good_is_never_printed(
    sender: NotifyServiceId, deliver: Deliver, folder: Path, database: dict[str, str]
) -> None:
    forget_services()
    brought = bring(sender, letter(catalogue=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"))
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute(
            "UPDATE notify_message SET status = 'created', next_try_at = %s WHERE id = %s", [PICK_UP, brought]
        )
    deliver()
    assert list(folder.rglob("*.pdf")) == []
    assert row_of(brought).status != "sending"


def endless_pdf() -> bytes:
    """Return a small PDF that draws twenty times what draws twenty times what draws …, twelve deep."""

    def stream(entries: bytes, content: bytes) -> bytes:
        return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)

    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + b" /Resources << /XObject << /F 5 0 R >> >> >>",
        stream(b"", b"/F Do"),
    ]
    for number in range(6, 18):
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F %d 0 R >> >>" % number
        objects.append(stream(form, b"/F Do " * 20 if number < 17 else b"0 0 1 1 re f"))
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer << /Size 17 /Root 1 0 R >>\n%%EOF"


def test_a_pdf_that_never_ends_is_ended() -> None:
    begun_at = time.monotonic()
    with Child(seconds=3.0) as child:
        assert child.examine(endless_pdf(), may_be_abroad=False) is UNREADABLE
        assert child.examine(b"%PDF-1.7", may_be_abroad=False) == UNREADABLE
    assert time.monotonic() - begun_at < 30


def test_a_status_of_letters_is_known() -> None:
    assert {report.status for report in Report} == {Status.DELIVERED, Status.RETURNED_LETTER}
