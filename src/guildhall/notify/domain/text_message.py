"""What a text message will say on the phone, and how many fragments it will cost.

Networks charge by fragment and fit more characters into one when all of them are in the GSM alphabet. What has a plain
twin there is replaced by it; every other character is sent as it is, and the whole message then travels, and is
counted, as UTF-16 (alphagov/notifications-utils pull requests 1442 and 1443, contract 1.13).
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guildhall.kernel.text import compose
from guildhall.notify.domain.paper.characters import MOST_CHARACTERS_NAMED
from guildhall.notify.domain.personalisation import NOTHING_GIVEN, Personalisation
from guildhall.notify.domain.wording import PLAIN_LINE, read_wording

LONGEST_MESSAGE = 918
"""Characters a text message may have, its service name prefix not counted."""

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
COSTS_TWO = frozenset("^{}\\[~]|€")
FITS_GSM = GSM_ALPHABET | COSTS_TWO

_REPLACEMENTS = {
    **dict.fromkeys("\u2011\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e", '"'),
    **dict.fromkeys("\u00a0\u202f\t", " "),
    **dict.fromkeys("\u180e\u200b\u2060\ufeff\u2028\u2029", ""),
    "\u2026": "...",
    "\u0141": "L",
    "\u0142": "l",
}
_REPLACED = str.maketrans(_REPLACEMENTS)
_INVISIBLE = {ord(character): None for character in "\u180e\u200b\u2060\ufeff"}
_JOINERS = {ord(character): None for character in "\u200c\u200d"}
"""What joins letters and emoji. Where nothing else is outside the GSM alphabet there is nothing to join."""

_NEEDS_NO_UTF16 = FITS_GSM | _REPLACEMENTS.keys() | set(map(chr, _JOINERS))
_SPACE_BEFORE_POINT = re.compile(r"[ \t](?<![ \t]{2})[ \t]*+(?=[,.])")
_MANY_NEWLINES = re.compile(r"\n{3,}")
_PLAIN = re.compile(r"[\n !-Z_a-z]*+\Z")
"""The everyday message: nothing in it to replace, and every character costs one."""
_STAYS = re.compile(r"[\n -~£¥§¿¡€ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùü]*+\Z")
"""What is sent as it is typed, but for its spaces: there is nothing to compose, to drop or to replace."""


@dataclass(frozen=True, slots=True)
class Dearer:
    """Why a message costs more than it would with plain characters: because of which, and how many fragments."""

    characters: tuple[str, ...]
    fragments: int
    without: int

    @property
    def as_words(self) -> str:
        """The characters, or the first of many, and both numbers: as it is kept of a row. No word has a space in it."""
        return " ".join((*self.characters[:MOST_CHARACTERS_NAMED], str(self.fragments), str(self.without)))


@dataclass(frozen=True)
class TextMessage:
    """A text message as it is sent, with the service's name in front."""

    content: str
    prefix: str | None

    @cached_property
    def length(self) -> int:
        return length_in_utf16(self.content)

    @property
    def length_without_prefix(self) -> int:
        """The length that the limit of 918 looks at."""
        return max(0, self.length - _length_of_prefix(self.prefix)) if self.prefix else self.length

    @property
    def is_too_long(self) -> bool:
        return self.length_without_prefix > LONGEST_MESSAGE

    @property
    def is_empty(self) -> bool:
        return self.length_without_prefix == 0

    @cached_property
    def fragments(self) -> int:
        return count_fragments(self.content)

    @cached_property
    def outside_gsm(self) -> tuple[str, ...]:
        """The characters because of which the whole message travels as UTF-16, each once, the first first."""
        return tuple(dict.fromkeys(character for character in self.content if character not in FITS_GSM))

    @cached_property
    def dear(self) -> tuple[str, ...]:
        """The characters that can make it cost more: those outside the GSM alphabet, else those that count as two."""
        return self.outside_gsm or tuple(dict.fromkeys(filter(COSTS_TWO.__contains__, self.content)))

    @property
    def dearer(self) -> Dearer | None:
        """Which characters make it cost more than with a plain one in the place of each; None when none does."""
        without = _fragments_of_gsm(len(self.content))
        return Dearer(self.dear, self.fragments, without) if self.fragments > without else None


def write_text_message(
    template: str, given: Personalisation = NOTHING_GIVEN, *, prefix: str | None = None
) -> TextMessage:
    """Return the message a phone will show for a template's words."""
    filled = read_wording(template).fill(given, PLAIN_LINE)
    return TextMessage(tidy(f"{prefix}: {filled}" if prefix else filled), prefix)


def tidy(text: str) -> str:
    """Return text without stray space, with plain twins for what has one, and composed: an accent is no character."""
    if _STAYS.match(text):
        return _with_single_spaces(_SPACE_BEFORE_POINT.sub("", text))
    text = _without_idle_joiners(_SPACE_BEFORE_POINT.sub("", compose(text)))
    return replace_characters(_with_single_spaces("\n".join(text.translate(_INVISIBLE).splitlines())))


def _with_single_spaces(text: str) -> str:
    text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return _MANY_NEWLINES.sub("\n\n", text).strip()


def replace_characters(text: str) -> str:
    """Return text in which each character with a plain twin in the GSM alphabet is that; all others stay."""
    return text if _PLAIN.match(text) else text.translate(_REPLACED)


def count_fragments(content: str) -> int:
    """Return how many fragments a message, prefix included, is charged as.

    >>> count_fragments("ŵ" + "x" * 69), count_fragments("ŵ" + "x" * 70)
    (1, 2)
    """
    length = length_in_utf16(content)
    if not _PLAIN.match(content):
        if not FITS_GSM.issuperset(content):
            return 1 if length <= 70 else -(-length // 67)
        length += sum(1 for character in content if character in COSTS_TWO)
    return _fragments_of_gsm(length)


def length_in_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=1024)
def _length_of_prefix(prefix: str) -> int:
    """Return how many of a message's characters stand before its own words."""
    return length_in_utf16(replace_characters(compose(prefix))) + len(": ")


def _fragments_of_gsm(length: int) -> int:
    return 1 if length <= 160 else -(-length // 153)


def _without_idle_joiners(text: str) -> str:
    outside = set(text) - _NEEDS_NO_UTF16
    return text if any(not character.isspace() for character in outside) else text.translate(_JOINERS)
