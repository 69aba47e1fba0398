"""UK postcodes as people type them: in any case, with or without spaces, with O for 0 and I for 1.

A postcode is an outward code (``E1``, ``EC1A``) and an inward code (``8QS``). Its shape is checked, not whether anybody
delivers there (alphagov/frontend and the postcode rules of contract 3.1).
"""

import re
from dataclasses import dataclass

from guildhall.kernel.refusals import Invalid

# A is a letter, 9 a digit. Where a letter O was typed for a digit 0, or the other way round, the shape tells.
_OUTWARD = ("A9", "A99", "AA9", "AA99", "A9A", "AA9A")
_INWARD = "9AA"
_LETTER_FOR = {"0": "O", "1": "I"}
_DIGIT_FOR = {"O": "0", "I": "1"}
_NEVER_INWARD = frozenset("CIKMOV")
_GIROBANK = "GIR0AA"
_OTHER_SIGNS = re.compile(r"[^A-Z0-9]")


class NotAPostcode(Invalid):
    """What was typed does not have the shape of a UK postcode."""


@dataclass(frozen=True)
class Postcode:
    """A postcode in its normal form. ``str()`` writes it with its space."""

    outward: str
    inward: str

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}"

    @property
    def compact(self) -> str:
        """The postcode without its space, as tables keep it."""
        return self.outward + self.inward


def parse_postcode(typed: str) -> Postcode:
    """Read a postcode.

    >>> str(parse_postcode("  e1-8qs."))
    'E1 8QS'
    >>> str(parse_postcode("0X1 OAA"))
    'OX1 0AA'

    :raises NotAPostcode: it has no shape of one.
    """
    letters = _OTHER_SIGNS.sub("", typed.upper())
    if letters == _GIROBANK:
        return Postcode("GIR", "0AA")
    outward, inward = _best(letters[:-3], _OUTWARD), _fit(letters[-3:], _INWARD)
    if outward is None or inward is None or _NEVER_INWARD & set(inward):
        raise NotAPostcode(f"{typed!r} is not a postcode")
    return Postcode(outward, inward)


def looks_like_a_postcode(typed: str) -> bool:
    """Whether somebody seems to have meant a postcode: council names have no digits."""
    return any(letter.isdigit() for letter in typed) and len(typed) < 15


def _best(typed: str, shapes: tuple[str, ...]) -> str | None:
    """Fit what was typed to the shape that changes the fewest letters of it."""
    fits = [fit for shape in shapes if (fit := _fit(typed, shape)) is not None]
    return min(fits, key=lambda fit: sum(a != b for a, b in zip(fit, typed, strict=True)), default=None)


def _fit(typed: str, shape: str) -> str | None:
    if len(typed) != len(shape):
        return None
    fitted = [_fit_letter(letter, wanted) for letter, wanted in zip(typed, shape, strict=True)]
    return None if "" in fitted else "".join(fitted)


def _fit_letter(letter: str, wanted: str) -> str:
    """Return the letter as that place wants it, or nothing where it cannot be meant."""
    if wanted == "9":
        return letter if letter.isdigit() else _DIGIT_FOR.get(letter, "")
    return letter if letter.isalpha() else _LETTER_FOR.get(letter, "")
