"""What a letter looks like on paper: read back from the PDF by another program than the one that wrote it."""

from contextlib import closing, suppress
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from guildhall.notify.domain.paper.printing import UNPRINTABLE, Letter, LetterPart, LetterTooLong, Printed, print_letter
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.qr_code import QrCodeTooLong
from guildhall.notify.domain.template import Words

MM = 72 / 25.4
ADDRESS = ("Mx Ŵŷn One", "1 High Street", "Testford", "TE1 2AB")


def letter(*bodies: str, language: str = "en", **given: object) -> Letter:
    parts = [LetterPart("cy" if language == "cy" else "en", Words("About ((thing))", body)) for body in bodies]
    return Letter(
        letterhead="Testford City Council",
        sender_block="Council Tax\nTown Hall",
        address=ADDRESS,
        parts=parts,
        given=Personalisation({"thing": "tax", **given}),
        day=date(2026, 3, 1),
    )


def words_of(printed: Printed, page: int = 0, box: tuple[float, float, float, float] = (0, 0, 210, 297)) -> str:
    """Return the words within a box (left, top, right, bottom, in mm from the top left corner)."""
    left, top, right, bottom = box
    with closing(PdfDocument(printed.pdf)) as document:
        text = (
            document[page].get_textpage().get_text_bounded(left * MM, (297 - bottom) * MM, right * MM, (297 - top) * MM)
        )
    return " ".join(text.replace("\u2060", "").split())


def test_the_address_stands_in_the_window_and_the_sender_in_the_corner() -> None:
    printed = print_letter(letter("Dear all"))
    assert words_of(printed, box=(24.6, 39.5, 120, 66.3)) == "Mx Ŵŷn One 1 High Street Testford TE1 2AB"
    assert words_of(printed, box=(125, 5, 195, 95)) == "Council Tax Town Hall"
    assert words_of(printed, box=(0, 0, 17, 8)) == "NOTIFY"
    assert words_of(printed, box=(15, 66.4, 195, 95)) == ""
    assert words_of(printed, box=(15, 95, 195, 292)).startswith("1 March 2026 About tax Dear all")


def test_a_letter_is_a4_and_carries_its_typeface() -> None:
    reader = PdfReader(BytesIO(print_letter(letter("Dear all")).pdf))
    page = reader.pages[0]
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (210, 297)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    described = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert described
    assert all("/FontFile2" in each or "/FontFile3" in each for each in described)


def test_the_same_letter_is_the_same_file() -> None:
    assert print_letter(letter("Dear ((name))", name="Jo")) == print_letter(letter("Dear ((name))", name="Jo"))


def test_a_rule_begins_a_new_page_and_two_pages_are_one_sheet() -> None:
    printed = print_letter(letter("One\n\n---\n\nTwo"))
    assert (printed.pages, printed.sheets) == (2, 1)
    assert words_of(printed, 1) == "Two Page 2 of 2"
    assert print_letter(letter("One\n\n***\n\nTwo\n\n***\n\nThree")).sheets == 2


def test_welsh_comes_first_and_english_begins_on_its_own_page() -> None:
    given = letter("Helo", language="cy")
    both = Letter(given.letterhead, "", ADDRESS, [*given.parts, *letter("Hello").parts], given.given, given.day)
    printed = print_letter(both)
    assert "1 Mawrth 2026" in words_of(printed, 0)
    assert "Tudalen 1 o 2" in words_of(printed, 0)
    assert words_of(printed, 1) == "1 March 2026 About tax Hello Page 2 of 2"


def test_what_a_value_says_is_never_read_as_instructions() -> None:
    value = '#panic("x") $x$ *y* ((thing)) <b> ![x](file:///etc/passwd) https://a-b.example'
    assert "#panic(“x”) $x$ *y* ((thing)) <b> a-b.example" in words_of(
        print_letter(letter("Dear ((name))", name=value))
    )


def test_lists_headings_verbatim_lines_and_codes_are_all_printed() -> None:
    body = "# Head\n\n* one\n  1. deep\n* two\n\n    typed\n\nQR: https://x.example\n\n^ inset"
    words = words_of(print_letter(letter(body)))
    for expected in ("Head", "• one", "1. deep", "• two", "typed", "inset"):
        assert expected in words
    assert "QR:" not in words


def test_a_letter_of_more_than_ten_pages_is_refused() -> None:
    assert print_letter(letter("\n\n---\n\n".join(["x"] * 10))).sheets == 5
    with pytest.raises(LetterTooLong):
        print_letter(letter("\n\n---\n\n".join(["x"] * 11)))


def test_a_megabyte_of_words_is_refused_before_it_is_read_or_set() -> None:
    for values in ({"name": "word " * 200_000}, {"name": "[" * 1_000_000}, {"name": "x", "thing": "x" * 1_000_000}):
        with pytest.raises(LetterTooLong):
            print_letter(letter("((name))", **values))


def test_a_code_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(QrCodeTooLong):
        print_letter(letter("QR: ((name))", name="x" * 505))


def test_lines_shown_as_typed_stay_on_their_page() -> None:
    printed = print_letter(letter("One\n\n    typed\n\n---\n\n    typed too\n\nTwo"))
    assert words_of(printed, 0).endswith("One typed Page 1 of 2")
    assert words_of(printed, 1) == "typed too Two Page 2 of 2"


def test_a_gap_that_nobody_filled_is_marked_on_a_preview() -> None:
    body = Words("About ((thing))", "Dear ((name)),\n\nQR: ((link))\n\n((late??You are late.))")
    shown = Letter("Testford", "", (), [LetterPart("en", body)], Personalisation({}), date(2026, 3, 1))
    words = words_of(print_letter(shown))
    for expected in ("address line 1", "About ((thing))", "Dear ((name))", "((link))", "((late??You are late.))"):
        assert expected in words


LETTERS_OF_MARKDOWN = "ab \n\t#*-_^•1.()[]{}<>&;\"'`~|\\/:!?=+@$%ŵ你🙂\u200b\u2028\x01\x0b\x85\ue0f8QRqr"


@given(
    body=st.text(LETTERS_OF_MARKDOWN, max_size=80) | st.text(max_size=40),
    value=st.text(LETTERS_OF_MARKDOWN, max_size=40) | st.lists(st.text(max_size=10), max_size=4) | st.none(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_is_printed_or_refused_by_name(body: str, value: object) -> None:
    words = Words("About ((x))", f"{body}\n\n((x))\n\nhttps://x.example/((x))")
    filled = Personalisation({"x": value})
    sent = Letter("Testford", "((x))", ("A", "B", "SW1A 1AA"), [LetterPart("en", words)], filled, date(2026, 3, 1))
    with suppress(*UNPRINTABLE):
        assert print_letter(sent).pages >= 1
