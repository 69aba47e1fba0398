"""Whatever is typed into a letter is on the paper and can be read there, or the letter is refused and says why."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.checking import check_row
from guildhall.notify.domain.lists.columns import read_columns
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.paper.breaking import MAY_END, with_breaks
from guildhall.notify.domain.paper.characters import undrawable
from guildhall.notify.domain.paper.examining import examine
from guildhall.notify.domain.paper.printing import (
    CharactersMissing,
    CornerTooSmall,
    Letter,
    LetterPart,
    WindowTooSmall,
    check_corner,
    print_letter,
)
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Pair, Words
from guildhall.spreadsheets.table import Row

ADDRESS = ("Jo Jones", "1 High Street", "SW1A 1AA")
LONG = "W" * 60
LINK = f"https://guildhall.example/testford/track/{'abcdef0123456789' * 8}"


def letter(
    body: str = "Hello",
    *,
    heading: str = "About your bill",
    block: str = "The Council\n1 High Street",
    address: tuple[str, ...] = ADDRESS,
    letterhead: str = "Testford Council",
    **values: str,
) -> Letter:
    parts = [LetterPart("en", Words(heading, body))]
    return Letter(letterhead, block, address, parts, Personalisation(values), date(2026, 11, 30))


@pytest.mark.parametrize(
    "words",
    [
        LINK,
        LONG * 8,
        "\u00a0".join(["word"] * 200),
        "-".join("word" for _ in range(200)),
        "." * 400,
        "e\u0301" * 300,
        f"* {LONG * 5}\n* {LINK}",
        f"1. {LONG * 3}\n2. x",
        f"# {LONG * 3}\n\n^ {LONG * 4}",
        f"[{LONG}]({LINK})",
        "((value))",
    ],
)
def test_what_we_set_passes_our_own_examination_of_letters(words: str) -> None:
    printed = print_letter(letter(words, value=LONG * 6))
    found = examine(printed.pdf, may_be_abroad=True)
    assert (found.problem, found.address) == (None, ADDRESS)


@settings(max_examples=12, deadline=None)
@given(
    words=st.text(alphabet="Wi .-/\u00a0\u2060\nŵ@", min_size=1, max_size=400),
    letterhead=st.text(alphabet="Wi .", max_size=70),
    block=st.lists(st.text(alphabet="Wi .@", min_size=1, max_size=60), min_size=1, max_size=6),
)
def test_nothing_that_is_typed_runs_off_the_page(words: str, letterhead: str, block: list[str]) -> None:
    try:
        printed = print_letter(letter(words, letterhead=letterhead, block="\n".join(block)))
    except CornerTooSmall:
        return
    assert examine(printed.pdf, may_be_abroad=True).problem is None


def test_a_name_a_heading_and_a_block_of_one_long_word_each_stay_on_the_page() -> None:
    printed = print_letter(letter(heading=LONG * 4, letterhead=LONG, block=f"{LONG}\n{LONG}"))
    assert examine(printed.pdf, may_be_abroad=True).problem is None


def test_an_address_that_does_not_fit_into_the_window_is_refused_and_never_cut_off() -> None:
    print_letter(letter(address=(LONG, "1 High Street", "SW1A 1AA")))
    with pytest.raises(WindowTooSmall):
        print_letter(letter(address=tuple(f"{LONG}{number}" for number in range(7))))


def test_a_block_that_does_not_fit_into_the_corner_is_refused_and_never_cut_off() -> None:
    check_corner("\n".join(["Council offices", "1 High Street"] * 5))
    with pytest.raises(CornerTooSmall):
        check_corner("\n".join([f"{LONG} {LONG} {LONG}"] * 10))


@pytest.mark.parametrize(
    "place",
    [
        {"body": "Hello 😀"},
        {"heading": "市"},
        {"block": "שלום"},
        {"letterhead": "مدينة"},
        {"address": ("Jo 😀", "1 High Street", "SW1A 1AA")},
        {"body": "((value))", "value": "😀"},
        {"body": "[😀](https://a.example)"},
    ],
)
def test_a_letter_with_characters_that_its_typeface_lacks_is_refused_by_their_names(place: dict[str, object]) -> None:
    with pytest.raises(CharactersMissing) as refused:
        print_letter(letter(**place))  # type: ignore[arg-type]
    assert set(refused.value.characters) <= set("😀市שלוםمدينة")


@pytest.mark.parametrize(
    "text", ["Annwyl Siân, £5 – “ŵ ŷ” • … ½ ²", "Ελλάδα Москва Łódź", "a\u00a0b\u200b\u2060\u2011c\u202f\t\n"]
)
def test_what_councils_write_can_be_shown(text: str) -> None:
    assert undrawable(text) == ()


def test_a_scanned_address_need_not_be_drawn() -> None:
    print_letter(letter("QR: https://例え.example/道"))


def test_only_words_that_fit_on_no_line_are_broken_and_never_between_a_letter_and_its_mark() -> None:
    def broken(*texts: str) -> str:
        runs = with_breaks([{"text": text, "strong": False, "gap": False} for text in texts])
        return "".join(run["text"] for run in runs if run is not None)

    assert MAY_END not in broken("an ordinary sentence with internationalisation in it")
    assert MAY_END in broken("x" * 15, "y" * 15)
    assert MAY_END + "\u0301" not in broken("e\u0301" * 40)
    assert broken(LINK).replace(MAY_END, "") == LINK


def test_a_lists_row_with_a_character_that_no_letter_shows_is_not_sent() -> None:
    rules = Rules(Channel.LETTER, Pair(Words("About", "Dear ((name))")), None, letter_names=("name",))
    columns = read_columns(
        ["address line 1", "address line 2", "postcode", "name"], Channel.LETTER, asked_for=rules.asked_for
    )
    checked = check_row(Row(2, ["Jo", "1 High Street", "SW1A 1AA", "Jo 😀"]), columns, rules)
    assert checked.problems == (Problem(Kind.NOT_DRAWN, "name", characters="😀"),)
