"""Letters that somebody else has set: what may be printed, and what is said of the rest.

alphagov/notifications-template-preview:app/precompiled.py; the contract's 1.15.
"""

from datetime import date
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader, PdfWriter

from guildhall.notify.domain.paper.examining import LARGEST_PDF, Examined, examine
from guildhall.notify.domain.paper.printing import Letter, LetterPart, print_letter
from guildhall.notify.domain.paper.problems import Problem
from guildhall.notify.domain.personalisation import NOTHING_GIVEN
from guildhall.notify.domain.template import Words

ADDRESS = "Mx One\\\n1 High Street\\\nTestford\\\nSW1A 1AA"


def page(*placed: tuple[float, float, str], size: str = 'paper: "a4"', window: str = ADDRESS) -> str:
    """Return a page in Typst with words at places (mm from the top left corner)."""
    words = [f"#place(top + left, dx: {x}mm, dy: {y}mm, [{text}])" for x, y, text in placed]
    return f"#page({size}, margin: 0mm)[#place(top + left, dx: 25mm, dy: 41mm, text(9pt)[{window}])\n{' '.join(words)}]"


def pdf(*pages: str) -> bytes:
    made = typst.compile("\n".join(pages).encode())
    assert isinstance(made, bytes)
    return made


def looked_at(*pages: str, may_be_abroad: bool = False) -> Examined:
    return examine(pdf(*pages), may_be_abroad=may_be_abroad)


def test_a_good_letter_gets_its_address_and_the_printers_mark() -> None:
    found = looked_at(page((15, 96, "Dear all"), (16, 6, "Logo"), (126, 94, "Sender"), (15, 286, "end")))
    assert (found.pages, found.problem) == (1, None)
    assert found.address == ("Mx One", "1 High Street", "Testford", "SW1A 1AA")
    words = PdfReader(BytesIO(found.pdf)).pages[0].extract_text()
    assert "NOTIFY" in words
    assert "Dear all" in words


def test_our_own_letters_pass() -> None:
    words = LetterPart("en", Words("About", "Dear all\n\n---\n\nMore"))
    ours = Letter("Testford", "Town Hall", ("A", "B", "SW1A 1AA"), [words], NOTHING_GIVEN, date(2026, 1, 1))
    assert examine(print_letter(ours).pdf, may_be_abroad=False).problem is None


@pytest.mark.parametrize(
    "placed",
    [(5, 100, "x"), (197, 100, "x"), (100, 1, "x"), (100, 294, "x"), (60, 80, "x"), (20, 33, "x"), (1, 1, "x")],
)
def test_ink_where_none_may_be_is_told_with_its_page(placed: tuple[float, float, str]) -> None:
    found = looked_at(page((15, 96, "Dear all"), placed))
    assert (found.problem, found.pages_at_fault) == (Problem.OUTSIDE_PRINTABLE_AREA, (1,))


def test_later_pages_may_be_printed_on_all_over_but_for_the_margins() -> None:
    assert looked_at(page(), page((60, 80, "x"), (16, 6, "x"))).problem is None
    assert looked_at(page(), page(), page((10, 80, "x"))).pages_at_fault == (3,)


def test_white_words_are_no_ink() -> None:
    assert looked_at(page((1.8, 1.8, "#text(6pt, fill: white)[NOTIFY]"))).problem is None


def test_a_mark_on_a_later_page_would_cut_the_letter_in_two() -> None:
    mark = (1.8, 1.8, "#text(6pt, fill: white)[NOTIFY]")
    found = looked_at(page(mark), page(mark), page(mark))
    assert (found.problem, found.pages_at_fault) == (Problem.MARK_IN_CONTENT, (2, 3))


@pytest.mark.parametrize("size", ['paper: "a4", flipped: true', 'paper: "us-letter"', "width: 9000mm, height: 9000mm"])
def test_only_a4_upright_goes_into_an_envelope(size: str) -> None:
    found = looked_at(page(), page(size=size))
    assert (found.problem, found.pages_at_fault) == (Problem.NOT_A4_PORTRAIT, (2,))


def test_a_page_that_is_turned_upright_is_upright() -> None:
    sideways = PdfWriter(clone_from=PdfReader(BytesIO(pdf(page((15, 96, "Dear all"))))))
    sideways.pages[0].rotate(90)
    sideways.pages[0].transfer_rotation_to_content()
    sideways.pages[0].rotate(270)
    turned = BytesIO()
    sideways.write(turned)
    found = examine(turned.getvalue(), may_be_abroad=False)
    assert (found.problem, found.address[:1]) == (None, ("Mx One",))
    again = examine(found.pdf, may_be_abroad=False)
    assert (again.problem, again.address) == (None, found.address)


def test_ten_pages_go_into_an_envelope_and_eleven_do_not() -> None:
    assert looked_at(*[page()] * 10).problem is None
    assert looked_at(*[page()] * 11).problem is Problem.TOO_LONG


@pytest.mark.parametrize(
    ("window", "problem"),
    [
        ("", Problem.NO_ADDRESS),
        ("A\\\nSW1A 1AA", Problem.TOO_FEW_ADDRESS_LINES),
        ("#set text(6pt)\n" + "One line\\\n" * 7 + "SW1A 1AA", Problem.TOO_MANY_ADDRESS_LINES),
        ("A\\\nB\\\nBFPO 1\\\nFrance", Problem.COUNTRY_AFTER_BFPO),
        ("A\\\nno fixed abode\\\nSW1A 1AA", Problem.NO_FIXED_ABODE),
        ("Mx A\\\nThe Street\\\nSome Town", Problem.NOT_A_POSTCODE),
        ("A\\\nB\\\nFrance", Problem.ABROAD_NOT_ALLOWED),
        ("A\\\n(B\\\nSW1A 1AA", Problem.STRANGE_ADDRESS_LINE),
        ("A\\\n!!\\\nSW1A 1AA", Problem.FIRST_LINES_EMPTY),
    ],
)
def test_an_address_in_the_window_is_held_to_the_same_rules(window: str, problem: Problem) -> None:
    assert looked_at(page(window=window)).problem is problem


def test_where_letters_go_abroad_a_country_will_do() -> None:
    assert looked_at(page(window="A\\\nB\\\nFrance"), may_be_abroad=True).problem is None
    assert (
        looked_at(page(window="Mx A\\\nThe Street\\\nSome Town"), may_be_abroad=True).problem
        is Problem.NOT_A_POSTCODE_OR_COUNTRY
    )


def test_what_is_no_pdf_is_unreadable_and_nothing_worse() -> None:
    locked = PdfWriter(clone_from=PdfReader(BytesIO(pdf(page()))))
    locked.encrypt("secret")
    encrypted = BytesIO()
    locked.write(encrypted)
    whole = pdf(page())
    for content in (
        b"",
        b"!!!",
        b"%PDF-1.7",
        whole[:400],
        b"PK\x03\x04",
        encrypted.getvalue(),
        whole + b"x" * LARGEST_PDF,
    ):
        assert examine(content, may_be_abroad=False) == Examined(0, Problem.UNREADABLE)
