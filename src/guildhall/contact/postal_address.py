"""The address on a letter: read the way people paste it, and refused for the seven reasons why it would not arrive.

The rules are alphagov/notifications-utils:notifications_utils/recipient_validation/postal_address.py (contract 1.6).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from guildhall.contact.countries import UNITED_KINGDOM, Country, Zone, find_country
from guildhall.contact.postcode import find_postcode
from guildhall.kernel.refusals import Invalid

FEWEST_LINES, MOST_LINES = 3, 7

_NOT_AT_START = tuple('@()=[]”"\\/,<>~')
_SPACES = re.compile(r"[\s\u180e\u200b\u200c\u200d\u2060\ufeff]+")
_SPACE_BEFORE_POINT = re.compile(r"\s(?<!\s{2})\s*+(?=[,.])")
_BFPO = re.compile(r"bfpo\s*+(?:(?:c/o\s*+)?(?P<number>\d{1,9})|c/o)?", re.IGNORECASE)
_HOMELESS_LINE = "nfa"
_HOMELESS = re.compile(r"no fixed (?:abode|address)", re.IGNORECASE)


class NotAnAddress(Invalid):
    """No letter can be sent there."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TooFewLines(NotAnAddress):
    """Fewer than three lines."""


class TooManyLines(NotAnAddress):
    """More than seven lines: they do not fit into the window."""


class FirstLinesEmpty(NotAnAddress):
    """One of the first two lines holds no letter or digit."""


class CountryAfterBfpo(NotAnAddress):
    """An address of the forces ends with a country abroad, where civil post would take it."""


class LastLineUnknown(NotAnAddress):
    """The last line is neither a UK postcode nor, where letters go abroad, a country."""

    def __init__(self, *, may_be_abroad: bool) -> None:
        super().__init__()
        self.may_be_abroad = may_be_abroad


class StrangeStart(NotAnAddress):
    """A line begins with a character that no address begins with."""


class NoFixedAbode(NotAnAddress):
    """The address says that the person has none."""


@dataclass(frozen=True)
class PostalAddress:
    """An address as it was written, and everything that follows from it. ``may_be_abroad``: the sender may write there.

    Lines are trimmed, empty ones dropped, the country put into its usual words (the United Kingdom left out), the
    postcode spaced, and a forces' number put last.
    """

    written: str
    may_be_abroad: bool = False

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines as they are printed."""
        lines = list(self._read.lines)
        if self.postcode and lines:
            lines[-1] = self.postcode
        if self.bfpo_number is not None:
            lines.append(f"BFPO {self.bfpo_number}")
        if self.is_abroad:
            lines.append(self.country.name)
        return tuple(lines)

    @property
    def one_line(self) -> str:
        return ", ".join(self.lines)

    @property
    def country(self) -> Country:
        return self._read.country or UNITED_KINGDOM

    @property
    def zone(self) -> Zone:
        return self.country.zone

    @property
    def is_abroad(self) -> bool:
        return self.zone is not Zone.UNITED_KINGDOM

    @property
    def bfpo_number(self) -> int | None:
        return self._read.bfpo_number

    @cached_property
    def postcode(self) -> str | None:
        """The postcode, spaced as it is printed, or None where there is none or the letter goes abroad."""
        lines = self._read.lines
        postcode = None if self.is_abroad or not lines else find_postcode(lines[-1])
        return str(postcode) if postcode else None

    @property
    def has_enough_lines(self) -> bool:
        return len(self.lines) >= FEWEST_LINES

    @property
    def has_too_many_lines(self) -> bool:
        return len(self.lines) > MOST_LINES

    @property
    def first_lines_say_something(self) -> bool:
        first = self.lines[:2]
        return bool(first) and all(any(character.isalnum() for character in line) for line in first)

    @property
    def has_country_after_bfpo(self) -> bool:
        return self.bfpo_number is not None and self.is_abroad

    @property
    def has_known_last_line(self) -> bool:
        if self.is_abroad:
            return self.may_be_abroad
        return self.bfpo_number is not None or self.postcode is not None

    @property
    def has_strange_start(self) -> bool:
        return any(line.startswith(_NOT_AT_START) for line in self.lines)

    @property
    def is_no_fixed_abode(self) -> bool:
        return any(line.lower() == _HOMELESS_LINE or _HOMELESS.search(line) for line in self.lines)

    @cached_property
    def _read(self) -> "_Read":
        return _read(self.written)


def check_address(address: PostalAddress) -> None:
    """Refuse an address that no letter would reach, for the first reason that applies.

    :raises NotAnAddress: its kinds, above, stand in the order in which they are looked for.
    """
    for is_wrong, refusal in _REASONS:
        if is_wrong(address):
            raise refusal(address)


def is_deliverable(address: PostalAddress) -> bool:
    return not any(is_wrong(address) for is_wrong, _ in _REASONS)


@dataclass(frozen=True, slots=True)
class _Read:
    """The lines of an address without its country and its forces' number."""

    lines: Sequence[str]
    country: Country | None
    bfpo_number: int | None


def _read(written: str) -> _Read:
    lines, number = _without_bfpo([line for line in map(_tidy, written.splitlines()) if line])
    country = find_country(lines[-1]) if lines else None
    if country is None:
        return _Read(lines, None, number)
    lines.pop()
    while country.zone is Zone.UNITED_KINGDOM and lines and _is_united_kingdom(lines[-1]):
        lines.pop()
    return _Read(lines, country, number)


def _tidy(line: str) -> str:
    line = _SPACES.sub(" ", line).strip().rstrip(" ,")
    return _SPACE_BEFORE_POINT.sub("", line)


def _is_united_kingdom(line: str) -> bool:
    country = find_country(line)
    return country is not None and country.zone is Zone.UNITED_KINGDOM


def _without_bfpo(lines: list[str]) -> tuple[list[str], int | None]:
    """Take out the lines that only say BFPO, when one of them says which."""
    matches = [_BFPO.fullmatch(line) for line in lines]
    numbers = [int(match["number"]) for match in matches if match and match["number"]]
    if not numbers:
        return lines, None
    return [line for line, match in zip(lines, matches, strict=True) if match is None], numbers[0]


_REASONS: Sequence[tuple[Callable[[PostalAddress], bool], Callable[[PostalAddress], NotAnAddress]]] = (
    (lambda address: not address.has_enough_lines, lambda address: TooFewLines()),
    (lambda address: address.has_too_many_lines, lambda address: TooManyLines()),
    (lambda address: not address.first_lines_say_something, lambda address: FirstLinesEmpty()),
    (lambda address: address.has_country_after_bfpo, lambda address: CountryAfterBfpo()),
    (
        lambda address: not address.has_known_last_line,
        lambda address: LastLineUnknown(may_be_abroad=address.may_be_abroad),
    ),
    (lambda address: address.has_strange_start, lambda address: StrangeStart()),
    (lambda address: address.is_no_fixed_abode, lambda address: NoFixedAbode()),
)
