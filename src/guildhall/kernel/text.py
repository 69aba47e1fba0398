"""What people type, read the same way everywhere: words composed, blanks found, identifiers cleaned, searches folded.

Words for people (names, messages, answers) go through ``compose``. Identifiers that people type (phones, emails,
postcodes, card numbers, references, dates, numbers) go through ``clean_identifier``. Values of programs go through
neither: they keep their bytes. All four readers take time in proportion to the text's length, whatever stands in it.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_RUN_OF_MARKS = 30
"""Unicode's Stream-Safe Text Format (UAX #15): no language needs more marks on a letter."""

_MAY_CHANGE = re.compile("[^\x00-\u02ff\u2010-\u2027]")
"""Latin letters and everyday punctuation are composed as they stand."""
_JOINER = "\u034f"
_LONG_RUN = re.compile(rb"[^\0]{%d,}+" % (LONGEST_RUN_OF_MARKS + 1))
_MARKS_OF_SEVERAL = "\u0340\u0341\u0343\u0344\u0f73\u0f75\u0f81"
"""Marks that composing takes apart. Some of them are no marks by their class."""
_TAKEN_APART = {ord(mark): unicodedata.normalize("NFD", mark) for mark in _MARKS_OF_SEVERAL}

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0\U0001d159")
"""Letters, marks and symbols of Unicode that are made to leave no ink."""
_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))

_DASHES = frozenset("\u02d7\u2043\u2053\u207b\u208b\u2212\u2796")
"""Dashes that Unicode's category of dashes leaves out: minus signs, the hyphen bullet, the swung dash."""
_APOSTROPHES = frozenset(
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u2018\u2019\u201a\u201b\u2032\u2035\ua78c\uff07\uff40"
)
_QUOTES = frozenset("\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u275d\u275e\u301d\u301e\u301f\uff02")
_LETTERS = {"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "œ": "oe", "ŧ": "t"}
"""Letters that people without them on their keyboard write otherwise; Unicode does not take them apart."""
_FULL_WIDTH = range(0xFF01, 0xFF5F)


def compose(words: str) -> str:
    """Return words for people in Unicode's composed form (NFC), so that a word typed in two ways is one word.

    Promised of every text: composing it again changes nothing, and the time grows with the length alone. A letter with
    over 30 marks is in no language; such a run is broken up by U+034F, which leaves no ink (UAX #15).

    >>> compose("Llŷn") == compose("Lly\u0302n") == "Llŷn"
    True
    """
    if not _MAY_CHANGE.search(words):
        return words
    return unicodedata.normalize("NFC", _break_up_marks(words.translate(_TAKEN_APART)))


def is_blank(words: str) -> bool:
    """Whether nothing of a text can be seen: spaces, direction marks, fillers, or marks with no letter to stand on.

    >>> is_blank(" \u200b\u3164\u2800\ufe0f"), is_blank("·")
    (True, False)
    """
    return not any(map(_is_visible, words))


def clean_identifier(typed: str) -> str:
    """Return an identifier as it was meant: what cannot be seen left out, and each sign as a plain keyboard has it.

    Invisible characters and those of direction are dropped. Every dash is a hyphen, every decimal digit one of 0 to 9,
    every full-width letter a plain one. Spaces of any kind are single spaces, with none at the ends. Whether what is
    left is a phone number, a postcode or a date is for its reader to say.

    >>> clean_identifier("\u202a+44\u00a07700\u2013９00\u200b123 \u202c")
    '+44 7700-900123'
    """
    if not (typed.isascii() and typed.isprintable()):
        typed = "".join(map(_in_an_identifier, typed))
    return " ".join(typed.split())


def fold(words: str) -> str:
    """Return what two spellings of a name have in common, to compare what is searched for with what is searched.

    Case, accents, and the way apostrophes, dashes and quotation marks are written do not matter. Apostrophes vanish and
    dashes are spaces, because people leave both out. Folded words are for comparing, never for showing.

    >>> fold("O’Brien"), fold("Bronglais – Ward"), fold("LLŶN")
    ('obrien', 'bronglais ward', 'llyn')
    """
    return " ".join("".join(map(_folded, words)).split())


def plain_letters(words: str) -> str:
    """Return a text in ASCII, as far as it goes: accents dropped, ligatures taken apart, other scripts left out.

    >>> plain_letters("Ynys Môn, ﬁnd 市役所")
    'Ynys Mon, find '
    """
    # One by one: taken together, a run of marks would first be put in order, which takes its length squared.
    letters = "".join(unicodedata.normalize("NFKD", character) for character in words)
    return letters.encode("ascii", "ignore").decode()


def is_invisible(character: str) -> bool:
    """Whether a character is made to leave no ink: control, direction, joiners, fillers, selectors. Spaces are not."""
    if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return not character.isspace()
    return character in _FILLERS or any(first <= ord(character) <= last for first, last in _SELECTORS)


@lru_cache(maxsize=4096)
def _is_visible(character: str) -> bool:
    return not (is_invisible(character) or character.isspace() or unicodedata.category(character)[0] == "M")


@lru_cache(maxsize=4096)
def _in_an_identifier(character: str) -> str:
    if character.isspace():
        return " "
    if is_invisible(character):
        return ""
    if _is_dash(character):
        return "-"
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    return chr(ord(character) - 0xFEE0) if ord(character) in _FULL_WIDTH else character


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Fold one character. Marks are dropped, so that none has to be put in order and characters fold one by one."""
    if character in _APOSTROPHES or is_invisible(character) or unicodedata.combining(character):
        return ""
    if character.isspace() or _is_dash(character):
        return " "
    if character in _QUOTES:
        return '"'
    plain = _LETTERS.get(character) or unicodedata.normalize("NFKD", character).casefold()
    return character if plain == character else "".join(map(_folded, plain))


def _is_dash(character: str) -> bool:
    return unicodedata.category(character) == "Pd" or character in _DASHES


def _break_up_marks(words: str) -> str:
    """Break up long runs: putting one in order takes ``unicodedata`` the square of the run's length."""
    pieces, done = [], 0
    for run in _LONG_RUN.finditer(bytes(map(unicodedata.combining, words))):
        for cut in range(run.start() + LONGEST_RUN_OF_MARKS, run.end(), LONGEST_RUN_OF_MARKS):
            pieces.append(words[done:cut])
            done = cut
    return _JOINER.join((*pieces, words[done:]))
