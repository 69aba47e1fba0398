"""Whether words can be read on a colour: WCAG's contrast ratio, and the least we accept of a council's colour.

A council's colour lies behind white words in the header, so that is the pair we measure.
"""

import re
from dataclasses import dataclass

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier

LEAST_RATIO = 4.5
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", re.ASCII)


class NotAColour(Invalid):
    """The text is not a colour written as # and three or six hexadecimal digits."""


class ContrastTooLow(Invalid):
    """White words cannot be read on the colour. ``ratio`` is what was measured, rounded down to two places."""

    def __init__(self, colour: "Colour", ratio: float) -> None:
        self.colour = colour
        self.ratio = int(ratio * 100) / 100
        super().__init__(
            f"White text on {colour} has a contrast of {self.ratio:.2f}:1. It must be at least {LEAST_RATIO}:1."
        )


@dataclass(frozen=True)
class Colour:
    """A colour of the screen, each part from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """How bright it looks, from 0 (black) to 1 (white), as WCAG 2 defines relative luminance."""
        red, green, blue = (_linear(part / 255) for part in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def parse_colour(typed: str) -> Colour:
    """Read a colour as people write them: ``#00703c``, ``00703C`` or ``#fff``.

    :raises NotAColour: it is anything else.
    """
    found = _HEX.fullmatch(clean_identifier(typed))
    if not found:
        raise NotAColour(f"{typed!r} is not a colour like #00703c")
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return Colour(*bytes.fromhex(digits))


def contrast_ratio(one: Colour, other: Colour) -> float:
    """Return WCAG's contrast of two colours, from 1.0 (the same) to 21.0 (black on white), whichever lies on top.

    >>> contrast_ratio(WHITE, BLACK)
    21.0
    """
    brighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable_brand_colour(text: str) -> Colour:
    """Read a colour that white words can be read on.

    :raises NotAColour: the text is not a colour.
    :raises ContrastTooLow: white on it is under 4.5:1; the refusal carries the measured ratio.
    """
    colour = parse_colour(text)
    ratio = contrast_ratio(colour, WHITE)
    if ratio < LEAST_RATIO:
        raise ContrastTooLow(colour, ratio)
    return colour


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
