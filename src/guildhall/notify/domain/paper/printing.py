"""A letter as a PDF: A4, tagged, its typeface in it, the same bytes every time it is asked for.

Set by Typst, which needs nothing of the machine it runs on; the typeface is Source Sans, which every council may print.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
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
from guildhall.notify.domain.paper.breaking import LONGEST_IN_CORNER, with_breaks
from guildhall.notify.domain.paper.characters import undrawable
from guildhall.notify.domain.paper.reading_html import Block, read_blocks_of_html, read_plain_line, read_runs_of_html
from guildhall.notify.domain.personalisation import NOTHING_GIVEN, Personalisation
from guildhall.notify.domain.qr_code import QrCodeTooLong
from guildhall.notify.domain.template import Words

FONT = "Source Sans Pro"
MOST_PAGES = 10
LONGEST_LETTER = 60_000
"""Characters of words: more than ten pages hold, and few enough to be read and set in a moment."""

LONGEST_CORNER = 2_000
"""Characters of the sender's block: twice as many as fit beside the address."""

_GAPS = [[{"text": f"address line {number}", "strong": False, "gap": True}] for number in range(1, 8)]

Language = Literal["en", "cy"]

_setting = threading.Lock()
"""The typesetter works for one letter at a time."""


class LetterTooLong(Invalid):
    """The letter has more pages than an envelope takes."""

    def __init__(self, pages: int) -> None:
        super().__init__(f"the letter is longer than {MOST_PAGES} pages")
        self.pages = pages


class CharactersMissing(Invalid):
    """The typeface of letters cannot draw some of the characters; ``characters`` are these."""

    def __init__(self, characters: Sequence[str]) -> None:
        super().__init__(f"letters cannot show {' '.join(characters)}")
        self.characters = tuple(characters)


class WindowTooSmall(Invalid):
    """The recipient's address does not fit into the envelope's window."""


class CornerTooSmall(Invalid):
    """The sender's block does not fit into the corner of the page."""


UNPRINTABLE = (CharactersMissing, CornerTooSmall, LetterTooLong, QrCodeTooLong, WindowTooSmall)
"""Whatever can be wrong with a letter's words."""


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

    :raises CharactersMissing: it holds characters that no letter can show.
    :raises WindowTooSmall: or ``CornerTooSmall``: what has its place on the page does not fit into it.
    :raises LetterTooLong: it has more than ten pages.
    :raises QrCodeTooLong: a code in it would hold too much.
    """
    pdf = _set("letter.typ", {"letter": _as_json(letter)})
    printed = Printed(pdf, _count_pages(pdf))
    if printed.pages > MOST_PAGES:
        raise LetterTooLong(printed.pages)
    return printed


def check_corner(sender_block: str) -> None:
    """Refuse a sender's block that no letter can show in its corner.

    :raises CharactersMissing: it holds characters that no letter can show.
    :raises CornerTooSmall: it does not fit.
    """
    if len(sender_block) > LONGEST_CORNER:
        raise CornerTooSmall("the sender's block is longer than any that fits")
    print_letter(Letter("", sender_block, (), (), NOTHING_GIVEN, date(2000, 1, 1)))


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
    return _set("window.typ", {"given": json.dumps({"font": FONT, "address": list(address)})})


def _set(layout: str, given: Mapping[str, str]) -> bytes:
    """Set a page.

    :raises WindowTooSmall: or ``CornerTooSmall``: what has its place on the page does not fit into it.
    """
    try:
        with _setting:
            pdf = _compiler().compile(_layout(layout), format="pdf", sys_inputs=dict(given))
    except typst.TypstError as fault:
        refusal = next((kind for words, kind in _DOES_NOT_FIT.items() if words in str(fault)), None)
        if refusal is None:
            raise
        raise refusal("it does not fit into its place on the page") from fault
    assert isinstance(pdf, bytes)
    return pdf


_DOES_NOT_FIT: Mapping[str, type[Invalid]] = {
    "address does not fit": WindowTooSmall,
    "sender does not fit": CornerTooSmall,
    "letterhead does not fit": CornerTooSmall,
}


def _as_json(letter: Letter) -> str:
    """Return the letter as the page is set from it.

    :raises LetterTooLong: nobody need read it to know that it has more than ten pages.
    """
    words = [letter.sender_block, *(each for part in letter.parts for each in (part.words.subject, part.words.body))]
    size = sum(len(write_body(each, letter.given)) for each in words) + sum(map(len, letter.address))
    if size > LONGEST_LETTER:
        raise LetterTooLong(MOST_PAGES + 1)
    content = {
        "font": FONT,
        "title": "Letter",
        "letterhead": with_breaks(read_plain_line(letter.letterhead), longest=LONGEST_IN_CORNER),
        "address": [with_breaks(read_plain_line(line)) for line in letter.address] or _GAPS,
        "sender": [
            with_breaks(read_runs_of_html(line), longest=LONGEST_IN_CORNER)
            for line in letter_lines(letter.sender_block, letter.given)
        ],
        "parts": [_part(letter, part) for part in letter.parts],
    }
    if missing := undrawable("".join(_texts_in(content))):
        raise CharactersMissing(missing)
    return json.dumps(content)


def _texts_in(content: object) -> Iterator[str]:
    """Yield every text that is drawn as such, wherever it stands."""
    if isinstance(content, dict):
        if isinstance(text := content.get("text"), str):
            yield text
        content = list(content.values())
    if isinstance(content, list):
        for inner in content:
            yield from _texts_in(inner)


def _part(letter: Letter, part: LetterPart) -> dict[str, object]:
    return {
        "language": part.language,
        "date": letter_date(letter.day, is_welsh=part.language == "cy"),
        "heading": with_breaks(read_runs_of_html(letter_heading(part.words.subject, letter.given))),
        "blocks": _blocks_with_breaks(read_blocks_of_html(letter_html(part.words.body, letter.given))),
    }


def _blocks_with_breaks(blocks: Sequence[Block]) -> list[Block]:
    return [_block_with_breaks(each) for each in blocks]


def _block_with_breaks(block: Block) -> Block:
    if "runs" in block:
        return {**block, "runs": with_breaks(block["runs"])}
    return {**block, "items": [_blocks_with_breaks(item) for item in block["items"]]} if "items" in block else block


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Return the typesetter with the typefaces loaded."""
    typefaces = resources.files("font_source_sans_pro").joinpath("files")
    return typst.Compiler(
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(typefaces)])
    )


@lru_cache(maxsize=2)
def _layout(name: str) -> bytes:
    return resources.files("guildhall.notify").joinpath(f"data/{name}").read_bytes()


def _count_pages(pdf: bytes) -> int:
    with closing(PdfDocument(pdf)) as document:
        return len(document)
