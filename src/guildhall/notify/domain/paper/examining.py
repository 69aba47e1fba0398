"""Looking through a letter that somebody else has set: can it be printed, and where does it go?

What is drawn is judged by what can be seen: a page is painted and searched for ink where none may be (contract 1.15).
A PDF can be made to need any amount of time and memory; whoever calls ``examine`` sees to it that it gets only so much.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BytesIO

import msgspec
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

from guildhall.contact.postal_address import PostalAddress
from guildhall.notify.domain.paper.cleaning import clean, written
from guildhall.notify.domain.paper.picturing import PIXELS_PER_POINT, WHITE, look_alike, picture_of
from guildhall.notify.domain.paper.printing import MOST_PAGES, print_window
from guildhall.notify.domain.paper.problems import Problem, address_problem

LARGEST_PDF = 2 * 1024 * 1024
MOST_COUNTED = 1000
"""A document may say that it has any number of pages."""

WIDTH, HEIGHT = 210.0, 297.0
"""An A4 page in millimetres, as everything here is unless it says points."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""

_POINTS = 72 / 25.4
_SAME_SIZE, _SAME_EDGE, _SAME_WINDOW = 2.0, 1.0, 3.0

_PRINTABLE: Box = (15, 5, 195, 292)
_LOGO: Box = (15, 5, 125, 30)
_WINDOW: Box = (24.6, 39.5, 120.0, 66.3)
_SENDER: Box = (125, 5, 195, 95)
_BODY: Box = (15, 95, 195, 292)
_MARK: Box = (0, 0, 1.8 + 15.191, 1.8 + 6.149)


class Examined(msgspec.Struct, frozen=True):
    """What was found: the address as it will be printed and, if the letter is good, the ``pdf`` for the printer."""

    pages: int
    problem: Problem | None = None
    pages_at_fault: tuple[int, ...] = ()
    address: tuple[str, ...] = ()
    pdf: bytes = b""


UNREADABLE = Examined(0, Problem.UNREADABLE)


def examine(pdf: bytes, *, may_be_abroad: bool) -> Examined:
    """Return whether a letter can be printed; if so, with its address set anew in the window and the printer's mark.

    What is looked at is what will be printed: the pages after everything was taken out that acts or hides.
    """
    if len(pdf) > LARGEST_PDF or b"%PDF-" not in pdf[:1024]:
        return UNREADABLE
    try:
        with closing(PdfDocument(pdf)) as document:
            found = _fault_of_shape(document)
            return found or _examine_pages(document, may_be_abroad)
    except (PdfiumError, PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        return UNREADABLE


def _fault_of_shape(document: PdfDocument) -> Examined | None:
    """Return what is wrong with the number or the size of pages, before any is drawn: they may be of any size."""
    pages = len(document)
    if not pages:
        return UNREADABLE
    if pages > MOST_PAGES:
        return Examined(min(pages, MOST_COUNTED), Problem.TOO_LONG)
    at_fault = tuple(number for number, page in _numbered(document) if not _is_a4_portrait(page))
    return Examined(pages, Problem.NOT_A4_PORTRAIT, at_fault) if at_fault else None


def _examine_pages(document: PdfDocument, may_be_abroad: bool) -> Examined:
    seen = [picture_of(page) for _, page in _numbered(document)]
    cleaned = clean(document)
    with closing(PdfDocument(cleaned)) as printed:
        hidden = tuple(
            number for number, page in _numbered(printed) if not look_alike(seen[number - 1], picture_of(page))
        )
        if hidden:
            return Examined(len(seen), Problem.SEEN_OTHERWISE, hidden)
        found = _look_through(printed, may_be_abroad)
    return found if found.problem else _made_ready(found, cleaned)


def _look_through(document: PdfDocument, may_be_abroad: bool) -> Examined:
    pages = len(document)
    for problem, at_fault in _faults(document):
        if at_fault:
            return Examined(pages, problem, tuple(at_fault))
    address = PostalAddress(_text_in(document[0], _WINDOW, _SAME_WINDOW), may_be_abroad)
    wrong = address_problem(address)
    return Examined(pages, wrong, (1,) if wrong else (), address.lines)


def _numbered(document: PdfDocument) -> Iterator[tuple[int, PdfPage]]:
    for number in range(len(document)):
        with closing(document[number]) as page:
            yield number + 1, page


def _faults(document: PdfDocument) -> Iterator[tuple[Problem, Sequence[int]]]:
    numbered = list(enumerate(document, start=1))
    yield Problem.MARK_IN_CONTENT, [number for number, page in numbered[1:] if "NOTIFY" in _text_in(page, _MARK, 0)]
    yield Problem.OUTSIDE_PRINTABLE_AREA, [number for number, page in numbered if _has_ink_outside(page, number)]


def _is_a4_portrait(page: PdfPage) -> bool:
    width, height = page.get_size()
    return abs(width / _POINTS - WIDTH) <= _SAME_SIZE and abs(height / _POINTS - HEIGHT) <= _SAME_SIZE


def _has_ink_outside(page: PdfPage, number: int) -> bool:
    """Paint the page, take away what may be printed on, and look whether anything is left."""
    seen = picture_of(page)
    ink, width, height = bytearray(seen.shades), seen.width, seen.height
    allowed = (_LOGO, _WINDOW, _SENDER, _BODY) if number == 1 else (_PRINTABLE,)
    for box in allowed:
        left, top, right, bottom = _in_pixels(_grown(box, _SAME_WINDOW if box is _WINDOW else _SAME_EDGE))
        blank = bytes([WHITE]) * (min(right, width) - left)
        for row in range(top, min(bottom, height)):
            ink[row * width + left : row * width + left + len(blank)] = blank
    return ink.count(WHITE) != len(ink)


def _in_pixels(box: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge * _POINTS * PIXELS_PER_POINT) for edge in box)
    return max(left, 0), max(top, 0), right, bottom


def _grown(box: Box, by: float) -> Box:
    left, top, right, bottom = box
    return left - by, top - by, right + by, bottom + by


def _text_in(page: PdfPage, box: Box, tolerance: float) -> str:
    _, height = page.get_size()
    left, top, right, bottom = (edge * _POINTS for edge in _grown(box, tolerance))
    with closing(page.get_textpage()) as text:
        found: str = text.get_text_bounded(left, height - bottom, right, height - top)
    return found


def _made_ready(found: Examined, cleaned: bytes) -> Examined:
    """Return the letter with its address set anew over the window, and the printer's mark."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_without_address(cleaned))))
    writer.pages[0].merge_page(PdfReader(BytesIO(print_window(found.address))).pages[0])
    return msgspec.structs.replace(found, pdf=written(writer))


def _without_address(pdf: bytes) -> bytes:
    """Return the letter without the words that stand wholly in the window."""
    left, top, right, bottom = (edge * _POINTS for edge in _grown(_WINDOW, _SAME_WINDOW))
    with closing(PdfDocument(pdf)) as document:
        page = document[0]
        _, height = page.get_size()
        for each in list(page.get_objects(filter=[FPDF_PAGEOBJ_TEXT], max_depth=1)):
            starts, lowest, ends, highest = each.get_bounds()
            if starts >= left and ends <= right and lowest >= height - bottom and highest <= height - top:
                page.remove_obj(each)
        page.gen_content()
        saved = BytesIO()
        document.save(saved)
    return saved.getvalue()
