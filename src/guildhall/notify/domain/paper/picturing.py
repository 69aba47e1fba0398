"""A page as it looks: every dot of it, as a shade of grey."""

from contextlib import closing
from dataclasses import dataclass

from pypdfium2 import PdfPage

PIXELS_PER_POINT = 1.5
WHITE = 255
_ALMOST_WHITE = 245
_AS_SEEN = bytes(WHITE if shade >= _ALMOST_WHITE else shade for shade in range(256))

_INK = bytes(shade != WHITE for shade in range(256))
_SAME_DOTS = 40
"""So many dots may differ: less than two letters of small print. Edges are drawn anew when a page is turned."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's dots, row by row from the top; what cannot be told from white is white."""

    shades: bytes
    width: int
    height: int


def picture_of(page: PdfPage) -> Picture:
    """Return how a page looks on a screen."""
    bitmap = page.render(scale=PIXELS_PER_POINT, grayscale=True)
    with closing(bitmap):
        shades, stride = bytes(bitmap.buffer).translate(_AS_SEEN), bitmap.stride
        width, height = bitmap.width, bitmap.height
    if stride != width:
        shades = b"".join(shades[row * stride : row * stride + width] for row in range(height))
    return Picture(shades[: width * height], width, height)


def look_alike(one: Picture, other: Picture) -> bool:
    """Decide whether two pages have their ink in the same places."""
    if (one.width, one.height) != (other.width, other.height):
        return False
    return _dots(one, other) <= _SAME_DOTS


def _dots(one: Picture, other: Picture) -> int:
    """Count where only one of two pictures has ink."""
    inks = (int.from_bytes(picture.shades.translate(_INK)) for picture in (one, other))
    return (next(inks) ^ next(inks)).bit_count()
