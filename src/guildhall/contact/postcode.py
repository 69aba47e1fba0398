"""UK postcodes: one reader of what people type into a box for one, one of lines that may be one.

A postcode is an outward code (``E1``, ``EC1A``) and an inward code (``8QS``). Its area (``E``, ``EC``) is one that
Royal Mail uses and the rest has the shape of a postcode; whether anybody delivers there is not checked
(alphagov/notifications-utils:notifications_utils/countries/_data/uk-postcode-zones.txt, alphagov/frontend; contracts:
notify 1.6, account-and-design 3.1).
"""

import json
import re
from dataclasses import dataclass
from importlib import resources

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier

INVENTED_AREA = "ZZ"
"""Royal Mail gave it to nobody. All addresses of the sandbox lie there, and a real installation refuses it."""

_WHOLE = re.compile(r"([A-Z]{1,3})([0-9][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})")
_BETWEEN = re.compile(r"[^A-Za-z0-9]")
_RETIRED = "GIR0AA"
"""Girobank's: of a shape of its own. It can be looked up, and no letter can be sent there."""

# A is a letter, 9 a digit. Where a letter O was typed for a digit 0, or the other way round, the shape tells. The
# letter at the end of an outward code, B, is never O or I.
_OUTWARD = ("A9", "A99", "AA9", "AA99", "A9B", "AA9B")
_INWARD = "9AA"
_LETTER_FOR = {"0": "O", "1": "I"}
_DIGIT_FOR = {"O": "0", "I": "1"}


class NotAPostcode(Invalid):
    """What was typed is not a UK postcode."""


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
    """Read the answer to a question for a postcode: in any case, spaced and punctuated anyhow, with O for 0, I for 1.

    >>> str(parse_postcode("  e1-8qs."))
    'E1 8QS'
    >>> str(parse_postcode("0X1 OAA"))
    'OX1 0AA'

    :raises NotAPostcode: it is none.
    """
    letters = _BETWEEN.sub("", clean_identifier(typed)).upper()
    if letters == _RETIRED:
        return Postcode(letters[:-3], letters[-3:])
    outward, inward = letters[:-3], _fit(letters[-3:], _INWARD) or ""
    fits = [fit for shape in _OUTWARD if (fit := _fit(outward, shape)) and _read(fit + inward)]
    if not fits:
        raise NotAPostcode("this is not a UK postcode")
    return Postcode(min(fits, key=lambda fit: _slips(fit, outward)), inward)


def find_postcode(line: str) -> Postcode | None:
    """Return the postcode that a line of an address is, or None: a line may be something else, so nothing is mended.

    >>> str(find_postcode("S W1 A 1 aa"))
    'SW1A 1AA'
    """
    return _read("".join(clean_identifier(line).split()).upper())


def looks_like_a_postcode(typed: str) -> bool:
    """Whether somebody seems to have meant a postcode: council names have no digits."""
    meant = clean_identifier(typed)
    return any(letter.isdigit() for letter in meant) and len(meant) < 15


def accept_invented_postcodes() -> None:
    """Take postcodes of the sandbox's area for real from now on, everywhere. Called once, where there is a sandbox."""
    _areas.add(INVENTED_AREA)


def accepts_invented_postcodes() -> bool:
    return INVENTED_AREA in _areas


def _read(letters: str) -> Postcode | None:
    found = _WHOLE.fullmatch(letters)
    return Postcode(found[1] + found[2], found[3]) if found and found[1] in _areas else None


def _slips(fit: str, typed: str) -> int:
    return sum(a != b for a, b in zip(fit, typed, strict=True))


def _fit(typed: str, shape: str) -> str | None:
    """Fit what was typed to a shape, or return None."""
    if len(typed) != len(shape):
        return None
    fitted = [_fit_letter(letter, wanted) for letter, wanted in zip(typed, shape, strict=True)]
    return None if "" in fitted else "".join(fitted)


def _fit_letter(letter: str, wanted: str) -> str:
    """Return the letter as that place wants it, or nothing where it cannot be meant."""
    if wanted == "9":
        return letter if letter.isdigit() else _DIGIT_FOR.get(letter, "")
    if wanted == "B":
        return letter if letter.isalpha() and letter not in _DIGIT_FOR else ""
    return letter if letter.isalpha() else _LETTER_FOR.get(letter, "")


def _read_areas() -> set[str]:
    read = json.loads(resources.files("guildhall.contact").joinpath("data/uk_postcode_zones.json").read_bytes())
    return set(read["zones"])


_areas = _read_areas()
