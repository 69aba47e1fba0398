"""A stranger's PDF is refused or made harmless: nothing that acts, hides or comes from elsewhere is ever printed."""

import base64
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject
from tests.domain.notify.hostile_pdfs import document, dot, form, layered, letter, stamped, stream

from guildhall.notify.domain.paper.examining import Examined, examine
from guildhall.notify.domain.paper.problems import Problem

ATTACHED = b"/EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>] >>"
PRIVATE = b"/PieceInfo << /X << /Private (secret) >> >> /Thumb 5 0 R /Metadata 5 0 R"
DRAWS_ANOTHER = b"/Resources << /XObject << /Y 6 0 R >> >>"
PAPER_ONLY = b"/TR /Identity /TR2 /Default /HT /Default /BG2 /Default"
ENDS_IN_A_LOOP = b"xref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 /Prev 9 >>\nstartxref\n9\n"
SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
PRINTED, HIDDEN, NOT_ON_A_SCREEN = 4, 2, 4 | 32
ACTING = {"/A", "/AA", "/AF", "/Annots", "/Author", "/EF", "/JS", "/OC", "/OCProperties", "/Properties", "/S", "/URI"}
ELSEWHERE = {"/Alternates", "/BG2", "/FFilter", "/HT", "/OPI", "/PS", "/Ref", "/Subtype2", "/TR", "/TR2", "/Thumb"}
HARMLESS_PAGE = {"/Type", "/Parent", "/MediaBox", "/Rotate", "/Contents", "/Resources", "/Group"}


def looked_at(pdf: bytes) -> Examined:
    return examine(pdf, may_be_abroad=False)


def all_of(pdf: bytes) -> tuple[set[str], bytes]:
    """Return every entry and kind, and whatever its streams say, whether anything leads to it or not."""
    reader = PdfReader(BytesIO(pdf))
    waiting: list[PdfObject | None] = [reader.trailer]
    waiting += [reader.get_object(number) for numbers in reader.xref.values() for number in numbers]
    found, said, met = set(), [], set()
    while waiting:
        each = waiting.pop()
        each = each.get_object() if each is not None else None
        if id(each) in met or not isinstance(each, DictionaryObject | ArrayObject):
            continue
        met.add(id(each))
        if isinstance(each, DictionaryObject):
            found |= {str(entry) for entry in each} | {str(each.get("/Subtype"))}
        if isinstance(each, StreamObject):
            said.append(each.get_data())
        waiting += each.values() if isinstance(each, DictionaryObject) else each
    return found, b"".join(said)


def xobject(content: bytes, *more: bytes) -> bytes:
    return letter(content, resources=b"/XObject << /X 5 0 R >>", more=more)


@pytest.mark.parametrize(
    "pdf",
    [
        letter(catalogue=b"/OpenAction " + SCRIPT),
        letter(catalogue=b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        letter(catalogue=b"/OpenAction << /S /URI /URI (https://evil.example) >>"),
        letter(catalogue=b"/OpenAction << /S /GoToR /F (other.pdf) /D [0] >>"),
        letter(catalogue=b"/OpenAction [3 0 R /Fit]"),
        letter(catalogue=b"/AA << /WP %s >>" % SCRIPT),
        letter(catalogue=b"/Names << /JavaScript << /Names [(a) %s] >> >>" % SCRIPT),
        letter(catalogue=b"/Names << %s >>" % ATTACHED, more=[stream(b"MZ secret")]),
        letter(catalogue=b"/AcroForm << /XFA 5 0 R /Fields [] >>", more=[stream(b"<xdp/>")]),
        letter(catalogue=b"/URI << /Base (https://evil.example) >>"),
        letter(catalogue=b"/Collection << >> /Requirements [<< /S /EnableJavaScripts >>]"),
        letter(page=b"/AA << /O %s >>" % SCRIPT),
        letter(page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 99 99] /Border [0 0 0] /A %s >>]" % SCRIPT),
        letter(page=PRIVATE, more=[stream(b"secret")]),
        letter(trailer=b"/Info << /Author (secret) /Title (secret) >>"),
        xobject(b"/X Do", form(b"", b"/F (/etc/passwd) /FFilter /FlateDecode /Ref << /F (other.pdf) /Page 0 >>")),
        xobject(b"/X Do", stream(b"(%pipe%id) (r) file", b"/Type /XObject /Subtype /PS")),
        xobject(b"/X Do", form(b"", b"/Subtype2 /PS /PS 6 0 R"), stream(b"showpage")),
        xobject(
            b"q 9 0 0 9 100 300 cm /X Do Q",
            dot(b"\xff", b"/Alternates [<< /Image 6 0 R /DefaultForPrinting true >>]"),
            dot(b"\0"),
        ),
        xobject(b"/X Do", form(b"/Y Do", DRAWS_ANOTHER), form(b"", b"/OPI << >> /AF [7 0 R]")),
        xobject(
            b"/X Do", form(b"/G gs 60 300 9 9 re f", b"/Resources << /ExtGState << /G << %s >> >> >>" % PAPER_ONLY)
        ),
        xobject(
            b"/X Do", form(b"/Y Do", DRAWS_ANOTHER), stream(b"(%pipe%id) (r) file", b"/Type /XObject /Subtype /PS")
        ),
        layered(b"/Order [5 0 R]"),
        stamped(PRINTED),
    ],
)
def test_of_a_letter_only_what_is_seen_is_printed(pdf: bytes) -> None:
    found = looked_at(pdf)
    assert found.problem is None
    reader = PdfReader(BytesIO(found.pdf))
    assert set(reader.root_object) == {"/Type", "/Pages"}
    assert set(reader.pages[0]) <= HARMLESS_PAGE
    entries, said = all_of(found.pdf)
    assert entries & (ACTING | ELSEWHERE) == set()
    assert b"secret" not in said


def test_what_is_stamped_or_filled_in_is_printed_as_part_of_the_page() -> None:
    found = looked_at(stamped(PRINTED))
    assert found.problem is None
    assert looked_at(stamped(PRINTED, b"[0 300 50 350]")).problem is Problem.OUTSIDE_PRINTABLE_AREA
    assert looked_at(stamped(HIDDEN)).problem is None


@pytest.mark.parametrize(
    "pdf",
    [
        layered(b"/OFF [5 0 R]"),
        layered(b"/BaseState /OFF"),
        layered(b"/BaseState /ON", b"/Usage << /View << /ViewState /OFF >> /Print << /PrintState /ON >> >>"),
        stamped(NOT_ON_A_SCREEN),
        stamped(0),
    ],
)
def test_a_letter_that_looks_different_on_paper_than_on_a_screen_is_refused(pdf: bytes) -> None:
    """Notes in a hidden layer would be sent to a resident; a comment that is not printed would be missed."""
    assert (looked_at(pdf).problem, looked_at(pdf).pages_at_fault) == (Problem.SEEN_OTHERWISE, (1,))


def test_ink_beyond_the_page_that_is_seen_is_not_printed_either() -> None:
    beyond = b"BT /F 9 Tf -500 300 Td (Beyond) Tj ET"
    wide = looked_at(letter(beyond, box=b"[-2000 -2000 3000 3000]", page=b"/CropBox [0 0 595 842]"))
    page = PdfReader(BytesIO(wide.pdf)).pages[0]
    assert [float(edge) for edge in page.mediabox] == [0, 0, 595, 842]


def deep(levels: int, fan: int) -> bytes:
    """Return pages whose tree has so many levels, each leading so often to the next."""
    kids = [b"<< /Type /Pages /Kids [%s] /Count 1 >>" % (b"%d 0 R " % (level + 3) * fan) for level in range(levels)]
    leaf = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] >>" % (levels + 1)
    return document(b"<< /Type /Catalog /Pages 2 0 R >>", *kids, leaf)


TABLE = letter()
IS_LOOPED = TABLE.replace(b"/Root 1 0 R ", b"/Root 1 0 R /Prev %d " % TABLE.rindex(b"xref\n0"))
NO_ZIP = base64.b64decode(b"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")
LOOP = form(b"/X Do", b"/Resources << /XObject << /X 5 0 R >> >>")


@pytest.mark.parametrize(
    ("pdf", "problem"),
    [
        (letter(pages=b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"), Problem.UNREADABLE),
        (letter(pages=b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>"), Problem.TOO_LONG),
        (letter(pages=b"<< /Type /Pages /Kids [%s] /Count 20000 >>" % (b"3 0 R " * 20_000)), Problem.TOO_LONG),
        (letter(pages=b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"), None),
        (letter(pages=b"<< /Type /Pages /Kids [3 0 R] /Count -5 >>"), None),
        (deep(2000, 1), Problem.UNREADABLE),
        (deep(20, 10), Problem.NO_ADDRESS),
        (IS_LOOPED, None),
        (
            b"%PDF-1.7\n" + ENDS_IN_A_LOOP,
            Problem.UNREADABLE,
        ),
        (TABLE.replace(b"xref\n0 5", b"xref\n0 4294967295"), None),
        (letter(packed=b"<< /Length 4 0 R >>\nstream\nx\nendstream"), Problem.NO_ADDRESS),
        (letter(packed=b"<< /Length -99999999999 >>\nstream\nx\nendstream"), Problem.NO_ADDRESS),
        (letter(catalogue=b"/X " + b"[" * 20_000 + b"]" * 20_000), None),
        (letter(catalogue=b"/X " + b"<< /A " * 20_000 + b">>" * 20_000), None),
        (letter(b"[" * 20_000), None),
        (letter(b"q " * 20_000), None),
        (xobject(b"/X Do", LOOP), None),
        (letter(b"BT /F 1e30 Tf 1 300 Td (x) Tj ET"), None),
        (letter(box=b"[0 0 1e30 1e30]"), Problem.NOT_A4_PORTRAIT),
        (letter(box=b"[0 0 2000000000 2000000000]"), Problem.NOT_A4_PORTRAIT),
        (letter(box=b"[nan nan nan nan]"), Problem.NOT_A4_PORTRAIT),
        (letter(box=b"[0 0 0 0]"), Problem.NOT_A4_PORTRAIT),
        (letter(box=b"[]"), Problem.NOT_A4_PORTRAIT),
        (letter(box=b"[595 842 0 0]"), None),
        (letter(page=b"/UserUnit 100"), None),
        (letter(page=b"/Rotate /x"), Problem.UNREADABLE),
        (letter() + NO_ZIP, None),
        (b"<html><script>alert(1)</script>" + letter() + b"<script>alert(1)</script>", None),
        (b"%PDF-1.7\n" + b"1 0 obj\n" * 20_000, Problem.UNREADABLE),
        (b"%PDF-1.7\n" + b"<" * 20_000, Problem.UNREADABLE),
        (b"%PDF-1.7\n" + b"startxref\n0\n" * 20_000, Problem.UNREADABLE),
        (b"\0" * 20_000, Problem.UNREADABLE),
    ],
)
def test_a_pdf_of_any_shape_is_answered(pdf: bytes, problem: Problem | None) -> None:
    found = looked_at(pdf)
    assert found.problem is problem
    assert found.pages <= 1000
    assert b"<script>" not in found.pdf
    assert NO_ZIP not in found.pdf
