"""What a text message will say on the phone, and how many fragments it will cost.

Networks charge by fragment and fit more characters into one when all of them are in the GSM alphabet. So everything
outside it is replaced by the nearest thing inside it, except the Welsh letters: a message that needs them is sent, and
counted, as UCS-2.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from guildhall.notify.domain.personalisation import NOTHING_GIVEN, Personalisation
from guildhall.notify.domain.wording import PLAIN_LINE, read_wording

LONGEST_MESSAGE = 918
"""Characters a text message may have, its service name prefix not counted."""

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
COSTS_TWO = frozenset("^{}\\[~]|€")
WELSH_LETTERS = frozenset("ÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜÝŸŴŶẀẂẄỲàáâäèéêëìíîïòóôöùúûüýÿŵŷẁẃẅỳ")
FORCES_UCS2 = WELSH_LETTERS - GSM_ALPHABET

_ALLOWED = GSM_ALPHABET | COSTS_TWO | WELSH_LETTERS
_REPLACEMENTS = {
    **dict.fromkeys("\u2011\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e", '"'),
    **dict.fromkeys("\u00a0\u202f\t", " "),
    **dict.fromkeys("\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029", ""),
    "\u2026": "...",
    "\u0141": "L",
    "\u0142": "l",
}
_INVISIBLE = {ord(character): None for character in "\u180e\u200b\u200c\u200d\u2060\ufeff"}
_SPACE_BEFORE_POINT = re.compile(r"[ \t](?<![ \t]{2})[ \t]*+(?=[,.])")
_MANY_NEWLINES = re.compile(r"\n{3,}")
_PLAIN = re.compile(r"[\n !-Z_a-z]*+\Z")
"""The everyday message: nothing in it to replace, and every character costs one."""


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text message as it is sent: the service's name in front, every character one that a network carries."""

    content: str
    prefix: str | None

    @property
    def length(self) -> int:
        return length_in_utf16(self.content)

    @property
    def length_without_prefix(self) -> int:
        """The length that the limit of 918 looks at."""
        if not self.prefix:
            return self.length
        return max(0, self.length - length_in_utf16(replace_unsendable(self.prefix)) - len(": "))

    @property
    def is_too_long(self) -> bool:
        return self.length_without_prefix > LONGEST_MESSAGE

    @property
    def is_empty(self) -> bool:
        return self.length_without_prefix == 0

    @property
    def fragments(self) -> int:
        return count_fragments(self.content)


def write_text_message(
    template: str, given: Personalisation = NOTHING_GIVEN, *, prefix: str | None = None
) -> TextMessage:
    """Return the message a phone will show for a template's words."""
    filled = read_wording(template).fill(given, PLAIN_LINE)
    return TextMessage(tidy(f"{prefix}: {filled}" if prefix else filled), prefix)


def tidy(text: str) -> str:
    """Return text without stray space and without characters that networks do not carry."""
    text = _SPACE_BEFORE_POINT.sub("", text)
    text = "\n".join(" ".join(line.translate(_INVISIBLE).split()) for line in text.splitlines())
    return replace_unsendable(_MANY_NEWLINES.sub("\n\n", text).strip())


def replace_unsendable(text: str) -> str:
    """Return text in which each character is one of the GSM alphabet, its extension, or a Welsh letter."""
    if _PLAIN.match(text):
        return text
    return "".join(map(_nearest, text))


def count_fragments(content: str) -> int:
    """Return how many fragments a message, prefix included, is charged as.

    >>> count_fragments("ŵ" + "x" * 69), count_fragments("ŵ" + "x" * 70)
    (1, 2)
    """
    length = length_in_utf16(content)
    if not _PLAIN.match(content):
        if not FORCES_UCS2.isdisjoint(content):
            return 1 if length <= 70 else -(-length // 67)
        length += sum(1 for character in content if character in COSTS_TWO)
    return 1 if length <= 160 else -(-length // 153)


def length_in_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=4096)
def _nearest(character: str) -> str:
    if character in _ALLOWED:
        return character
    decomposed = unicodedata.decomposition(character)
    if decomposed and not decomposed.startswith("<"):
        first = chr(int(decomposed.split()[0], 16))
        if first in _ALLOWED:
            return first
    return _REPLACEMENTS.get(character, "?")
