"""Writing the same email to thousands: set once with marks where values go, then only the marks are replaced.

Reading Markdown and setting type costs half a millisecond an email. A value that is nothing but plain words cannot
change how the words around it are read, wherever its gap stands among ordinary text; then the template is written once
for all values of that shape. Any other value, and any gap in a place where its neighbours matter, is written the long
way: what comes out is the same.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from guildhall.notify.domain.email_message import EmailMessage, shorten_preheader, write_email, write_whole_preheader
from guildhall.notify.domain.markdown.blocks import LONGEST_READ
from guildhall.notify.domain.personalisation import Personalisation, key_of, means_yes
from guildhall.notify.domain.wording import Gap, Wording, read_wording

_PLAIN_WORDS = re.compile(r"[A-Za-z0-9]{2,}(?: [A-Za-z0-9]{2,})*")
_MARK = re.compile(r"Zqx([a-z]{3})jv")
_MARK_BEGINS = "Zqx"
_MOST_MARKS = 26 * 26 * 26
_MOST_ESCAPED, _MOST_MARKED = 6, 5
"""By how much text can grow: a quotation mark that is escaped, and a word of two letters with a mark in its place."""
_BEFORE = frozenset(" \n/=(")
_AFTER = frozenset(" \n,;!?)")
_UNSAFE = re.compile(r"[\t\r\\<]")
_HAS_LETTER = re.compile(r"[A-Za-z]")

Shape = tuple[tuple[str, int | bool], ...]
"""What values are like, by key: how many words each has; of a condition, whether it is met."""


@dataclass(frozen=True, slots=True)
class _Gaps:
    """What a template asks for: keys of values, and keys of conditions. None where a gap's neighbours matter."""

    values: tuple[str, ...]
    conditions: tuple[str, ...]


def merge_email(subject: str, body: str, given: Personalisation) -> EmailMessage:
    """Return the email that a template's subject and body become: what ``write_email`` returns, sooner."""
    gaps = _mergeable_gaps(subject, body)
    shape = None if gaps is None else _shape_of(gaps, given)
    if gaps is None or shape is None or _may_be_too_long(body, [str(given[key]) for key in gaps.values]):
        return write_email(subject, body, given)
    words = [word for key in gaps.values for word in str(given[key]).split(" ")]
    set_ = _set_with_marks(subject, body, shape)

    def put_in(text: str) -> str:
        return _MARK.sub(lambda mark: words[_number_of(mark.group(1))], text)

    return EmailMessage(
        put_in(set_.subject),
        put_in(set_.plain_text),
        put_in(set_.html),
        shorten_preheader(put_in(set_.preheader)),
    )


def _may_be_too_long(body: str, values: list[str]) -> bool:
    """Decide whether so much might come together, escaped or marked, that not all of its markup would be read."""
    longest = max(map(len, values), default=0)
    return _MOST_ESCAPED * len(body) + _MOST_MARKED * longest * body.count("((") > LONGEST_READ


@lru_cache(maxsize=1024)
def _mergeable_gaps(subject: str, body: str) -> _Gaps | None:
    """Return the gaps of a template whose values can be put in afterwards, or None."""
    if _MARK_BEGINS in subject or _MARK_BEGINS in body or _UNSAFE.search(subject) or _UNSAFE.search(body):
        return None
    values: dict[str, None] = {}
    conditions: dict[str, None] = {}
    for wording in (read_wording(subject), read_wording(body)):
        for number, piece in enumerate(wording.pieces):
            if isinstance(piece, Gap):
                if piece.words_if_yes is None and not _stands_among_text(wording, number):
                    return None
                (values if piece.words_if_yes is None else conditions)[key_of(piece.name)] = None
    is_clear = not (values.keys() & conditions.keys()) and not any("&" in key for key in (*values, *conditions))
    return _Gaps(tuple(values), tuple(conditions)) if is_clear else None


def _stands_among_text(wording: Wording, number: int) -> bool:
    """Decide whether the places before and after a gap hold nothing that reads it together with its value."""
    before = wording.pieces[number - 1] if number else "\n"
    after = wording.pieces[number + 1] if number + 1 < len(wording.pieces) else "\n"
    if isinstance(before, Gap) or isinstance(after, Gap) or before[-1] not in _BEFORE:
        return False
    if after[0] == ".":  # "1. " begins a list, and "GOV.UK" is a name
        return _HAS_LETTER.search(before.rpartition("\n")[2]) is not None and after[1:2] in ("", " ", "\n")
    return after[0] in _AFTER


def _shape_of(gaps: _Gaps, given: Personalisation) -> Shape | None:
    shape: list[tuple[str, int | bool]] = []
    for key in gaps.values:
        value = given.get(key)
        if not isinstance(value, str) or _PLAIN_WORDS.fullmatch(value) is None:
            return None
        shape.append((key, value.count(" ") + 1))
    for key in gaps.conditions:
        value = given.get(key)
        if value is None or isinstance(value, list):
            return None
        shape.append((key, means_yes(str(value))))
    return tuple(shape) if sum(words for _, words in shape) < _MOST_MARKS else None


@lru_cache(maxsize=1024)
def _set_with_marks(subject: str, body: str, shape: Shape) -> EmailMessage:
    values: dict[str, str] = {}
    number = 0
    for key, words in shape:
        if isinstance(words, bool):
            values[key] = "yes" if words else "no"
        else:
            values[key] = " ".join(_mark(each) for each in range(number, number + words))
            number += words
    given = Personalisation(values)
    email = write_email(subject, body, given)
    return EmailMessage(email.subject, email.plain_text, email.html, write_whole_preheader(body, given))


def _mark(number: int) -> str:
    letters = (number // 676, number // 26 % 26, number % 26)
    return f"{_MARK_BEGINS}{''.join(chr(ord('a') + each) for each in letters)}jv"


def _number_of(letters: str) -> int:
    first, second, third = (ord(letter) - ord("a") for letter in letters)
    return first * 676 + second * 26 + third
