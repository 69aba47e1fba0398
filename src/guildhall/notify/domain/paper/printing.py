"""A letter as a PDF: A4, tagged, its typeface in it, the same bytes every time it is asked for.

Set by Typst, which needs nothing of the machine it runs on; the typeface is Source Sans, which every council may print.
"""

import json
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Literal

import typst
from pypdfium2 import PdfDocument

from guildhall.kernel.refusals import Invalid
from guildhall.notify.domain.email_message import write_body
from guildhall.notify.domain.letter import letter_date, letter_heading, letter_html, letter_lines
from guildhall.notify.domain.paper.reading_html import read_blocks_of_html, read_runs_of_html
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words

FONT = "Source Sans Pro"
MOST_PAGES = 10
LONGEST_LETTER = 60_000
"""Characters of words: more than ten pages hold, and few enough to be read and set in a moment."""

_GAPS = [[{"text": f"address line {number}", "strong": False, "gap": True}] for number in range(1, 8)]

Language = Literal["en", "cy"]

_setting = threading.Lock()
"""The typesetter works for one letter at a time."""


class LetterTooLong(Invalid):
    """The letter has more pages than an envelope takes."""

    def __init__(self, pages: int) -> None:
        super().__init__(f"the letter is longer than {MOST_PAGES} pages")
        self.pages = pages


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A letter's words in one of its languages."""

    language: Language
    words: Words


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that stands on a letter. ``address`` is the recipient's, line by line; none for a preview."""

    letterhead: str
    sender_block: str
    address: Sequence[str]
    parts: Sequence[LetterPart]
    given: Personalisation
    day: date


@dataclass(frozen=True, slots=True)
class Printed:
    pdf: bytes
    pages: int

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides."""
        return (self.pages + 1) // 2


def print_letter(letter: Letter) -> Printed:
    """Return the letter as it will be printed.

    :raises LetterTooLong: it has more than ten pages.
    :raises QrCodeTooLong: a code in it would hold too much.
    """
    content = _as_json(letter)
    with _setting:
        pdf = _compiler().compile(_layout("letter.typ"), format="pdf", sys_inputs={"letter": content})
    assert isinstance(pdf, bytes)
    printed = Printed(pdf, _count_pages(pdf))
    if printed.pages > MOST_PAGES:
        raise LetterTooLong(printed.pages)
    return printed


def picture_letter(letter: Letter, *, dots_per_inch: float = 72.0) -> list[bytes]:
    """Return a picture of each page of the letter, as PNG.

    :raises LetterTooLong: it has more than ten pages.
    :raises QrCodeTooLong: a code in it would hold too much.
    """
    print_letter(letter)
    content = _as_json(letter)
    with _setting:
        pages = _compiler().compile(
            _layout("letter.typ"), format="png", ppi=dots_per_inch, sys_inputs={"letter": content}
        )
    return [pages] if isinstance(pages, bytes) else list(pages or ())


def print_window(address: Sequence[str]) -> bytes:
    """Return a page that is laid over the first one of somebody else's letter: its address, and the printer's mark."""
    given = json.dumps({"font": FONT, "address": list(address)})
    with _setting:
        pdf = _compiler().compile(_layout("window.typ"), format="pdf", sys_inputs={"given": given})
    assert isinstance(pdf, bytes)
    return pdf


def _as_json(letter: Letter) -> str:
    """Return the letter as the page is set from it.

    :raises LetterTooLong: nobody need read it to know that it has more than ten pages.
    """
    words = [letter.sender_block, *(each for part in letter.parts for each in (part.words.subject, part.words.body))]
    size = sum(len(write_body(each, letter.given)) for each in words) + sum(map(len, letter.address))
    if size > LONGEST_LETTER:
        raise LetterTooLong(MOST_PAGES + 1)
    return json.dumps(
        {
            "font": FONT,
            "title": "Letter",
            "letterhead": letter.letterhead,
            "address": [[{"text": line, "strong": False, "gap": False}] for line in letter.address] or _GAPS,
            "sender": [read_runs_of_html(line) for line in letter_lines(letter.sender_block, letter.given)],
            "parts": [_part(letter, part) for part in letter.parts],
        }
    )


def _part(letter: Letter, part: LetterPart) -> dict[str, object]:
    return {
        "language": part.language,
        "date": letter_date(letter.day, is_welsh=part.language == "cy"),
        "heading": read_runs_of_html(letter_heading(part.words.subject, letter.given)),
        "blocks": read_blocks_of_html(letter_html(part.words.body, letter.given)),
    }


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Return the typesetter with the typefaces loaded."""
    typefaces = resources.files("font_source_sans_pro").joinpath("files")
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(typefaces)]))


@lru_cache(maxsize=2)
def _layout(name: str) -> bytes:
    return resources.files("guildhall.notify").joinpath(f"data/{name}").read_bytes()


def _count_pages(pdf: bytes) -> int:
    with closing(PdfDocument(pdf)) as document:
        return len(document)
