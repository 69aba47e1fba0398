"""Words composed, blanks found, identifiers cleaned, searches folded; each for every character that Unicode has."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.kernel.text import LONGEST_RUN_OF_MARKS, clean_identifier, compose, fold, is_blank, is_invisible

# Han and Hangul in their thousands, private letters and unassigned ones all behave as their first does.
EVERY_CHARACTER = [
    chr(code)
    for code in (*range(0x3401), *range(0xA000, 0xAC01), *range(0xF900, 0x20000), *range(0xE0000, 0xE0200))
    if unicodedata.category(chr(code)) not in ("Cn", "Cs")
]
MARKS = [each for each in EVERY_CHARACTER if unicodedata.combining(each)]
MEAN_TEXT = st.lists(
    st.one_of(
        st.sampled_from(["a", "ŷ", "y", "O’Brien", " ", "–", "가", "ᄀ", "ᅡ", "\u0344", "\u0f73", "\u0f81", "\uff9e"]),
        st.sampled_from(MARKS),
        st.builds(lambda mark, times: mark * times, st.sampled_from(MARKS), st.integers(25, 70)),
        st.characters(exclude_categories=["Cs"]),
    )
).map("".join)
READERS = (compose, is_blank, clean_identifier, fold)


@pytest.mark.parametrize("reader", [compose, clean_identifier, fold])
@given(text=MEAN_TEXT)
def test_reading_what_was_read_changes_nothing(reader, text):
    once = reader(text)
    assert reader(once) == once


@pytest.mark.parametrize("reader", [compose, clean_identifier, fold])
def test_no_character_is_read_differently_the_second_time(reader):
    assert [each for each in map(reader, EVERY_CHARACTER) if reader(each) != each] == []


def test_every_character_alone_is_plainly_composed():
    assert [each for each in EVERY_CHARACTER if compose(each) != unicodedata.normalize("NFC", each)] == []


@given(text=MEAN_TEXT)
def test_words_are_composed_and_lose_nothing(text):
    composed = compose(text)
    assert unicodedata.is_normalized("NFC", composed)
    assert composed.replace("\u034f", "") == compose(text.replace("\u034f", "")).replace("\u034f", "")


@given(text=st.text(max_size=20))
def test_words_of_any_language_are_plainly_composed(text):
    assert compose(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("marks", ["\u0300", "\u0300\u0316", "\u0344", "\u0f73\u0f75", "\u0316\u0344\u0f81"])
def test_a_run_of_marks_that_no_language_has_is_broken_up(marks):
    apart = unicodedata.normalize("NFD", compose("a" + marks * 200))
    longest = run = 0
    for character in apart:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    assert longest <= LONGEST_RUN_OF_MARKS + 1  # one of them may stand in the letter before


def test_a_run_of_as_many_marks_as_there_may_be_is_left_and_one_more_is_not():
    letter = "q" + "\u0323" * (LONGEST_RUN_OF_MARKS - 1)
    assert compose(letter + "\u0300") == letter + "\u0300"
    assert compose(letter + "\u0300\u0301") == letter + "\u0300\u034f\u0301"


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize(
    "unit",
    ["\u0300\u0316", "\u0f73\u0f75\u0f81\u0316", "\uff9e\u0316", "\u0344\u0345\u0316", "a\u0316", "\u200b", " ", "ﷺ"],
    ids=ascii,
)  # fmt: skip
def test_reading_takes_time_in_proportion_to_the_length(reader, unit):
    times, more = 3_000, 6
    short, long = "a" + unit * times, "a" + unit * times * more
    slack = 0.002  # what a clock cannot tell from nothing
    assert _fastest(reader, long) < slack + _fastest(reader, short) * more * 2.5  # the square would be sixfold


def _fastest(reader, text):
    def once():
        start = time.process_time()
        reader(text)
        return time.process_time() - start

    return min(once() for _ in range(4))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\t\r\n\x0b\x0c", "\x00\x1b\x7f\x85",
        "\u00a0\u1680\u2000\u2003\u2007\u2009\u202f\u205f\u3000", "\u2028\u2029",  # spaces and line ends
        "\u200b\u200c\u200d\u2060\ufeff\u180e", "\u00ad",  # zero width, soft hyphen
        "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",  # direction
        "\u115f\u1160\u3164\uffa0", "\u2800", "\U0001d159",  # fillers, braille blank, null note head
        "\ufe00\ufe0f\U000e0100", "\u180b", "\U000e0020\U000e007f",  # selectors, tags
        "\u0301", "\u20dd", "\u0903", "\u034f", "\u17b4",  # marks with no letter to stand on
        "\ufff9\ufffa\ufffb", "\u2061\u2062\u2063\u2064", "\u206a\u206f", "\U0001d173",
    ],
    ids=ascii,
)  # fmt: skip
def test_what_cannot_be_seen_is_blank(text):
    assert is_blank(text)
    assert not is_blank(f"{text}a{text}")


@pytest.mark.parametrize("text", ["a", "0", ".", "·", "–", "王", "ŵ", "w\u0302", "👨‍👩‍👧", "1️⃣", "ー", "€", "\ufffd"])
def test_what_can_be_seen_is_not_blank(text):
    assert not is_blank(text)


DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = DIRECTION + "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u115f\u3164\u2800\ufe0f\x00\x1b"
DASHES = "-\u058a\u05be\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\u2e3a\u301c\ufe58\ufe63\uff0d"


@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
def test_an_identifier_loses_what_cannot_be_seen(character):
    assert is_invisible(character)
    assert clean_identifier(f"{character}SW1A{character} 1AA{character}") == "SW1A 1AA"


@pytest.mark.parametrize("dash", DASHES, ids=ascii)
def test_every_dash_in_an_identifier_is_a_hyphen(dash):
    assert clean_identifier(f"12{dash}34") == "12-34"


@pytest.mark.parametrize("space", "\u00a0\u1680\u2007\u2009\u202f\u3000\t\n\u2028", ids=ascii)
def test_every_space_in_an_identifier_is_a_space(space):
    assert clean_identifier(f"{space}SW1A{space}{space}1AA{space}") == "SW1A 1AA"


def test_digits_and_letters_of_other_keyboards_are_plain_ones():
    assert clean_identifier("０７７００　٩٠٠१२३") == "07700 900123"
    assert clean_identifier("ｊｏ＠ｅｘａｍｐｌｅ．ｃｏｍ") == "jo@example.com"
    assert {clean_identifier(each) for each in EVERY_CHARACTER if each.isdecimal()} == set("0123456789")


def test_an_identifier_keeps_what_its_reader_must_refuse():
    assert clean_identifier("²½Ⅷ é ☎") == "²½Ⅷ é ☎"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O’Brien", "O'Brien"), ("OʼBrien", "obrien"), ("O`Brien", "O´Brien"),
        ("King′s Lynn", "Kings Lynn"),
        ("Bronglais – Ward", "Bronglais - Ward"), ("Stoke-on-Trent", "stoke on trent"),
        ("Anne\u2011Marie", "anne–marie"),
        ("Llŷn", "Llyn"), ("Lly\u0302n", "LLŶN"), ("Ynys Môn", "ynys mon"),
        ("Łukasz Gołębiewski", "lukasz golebiewski"),
        ("Straße", "STRASSE"), ("Ærøskøbing", "aeroskobing"), ("ﬁre", "FIRE"), ("İstanbul", "istanbul"),
        ("“Big” Jo", '"big" jo'), ("a\u00a0\u200bb", "a b"), ("ＡＢＣ", "abc"), ("Ελλάς", "ΕΛΛΑΣ"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_fold_alike(one, other):
    assert fold(one) == fold(other) != ""


def test_different_names_stay_different():
    assert len({fold(each) for each in ("Môn", "Men", "हिन्दी", "हन्दी", "王", "玉", "a.b", "ab", "", "£5", "5")}) == 11
