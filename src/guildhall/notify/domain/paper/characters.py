"""Which characters the typeface of letters can draw. What it cannot draw would be missing on paper, without a word."""

from functools import lru_cache
from importlib import resources

from fontTools.ttLib import TTFont

from guildhall.kernel.text import is_invisible

MOST_CHARACTERS_NAMED = 10
"""So many are named to an officer: whoever writes in another script sees why."""
_UNBROKEN_HYPHEN = "\u2011"
"""It is set as an ordinary hyphen at which no line ends (``reading_html``)."""


def undrawable(text: str) -> tuple[str, ...]:
    """Return the characters of a text that letters cannot show, each once, the first first.

    >>> undrawable("Annwyl Siân, £5 – diolch 😀 😀")
    ('😀',)
    """
    drawn = _drawn()
    if drawn.issuperset(text):
        return ()
    missing = (each for each in dict.fromkeys(text) if each not in drawn)
    return tuple(each for each in missing if not each.isspace() and not is_invisible(each))


@lru_cache(maxsize=1)
def _drawn() -> frozenset[str]:
    regular = resources.files("font_source_sans_pro").joinpath("files/SourceSansPro-Regular.otf")
    with resources.as_file(regular) as path, TTFont(path, lazy=True) as typeface:
        return frozenset(map(chr, typeface.getBestCmap() or ())) | {_UNBROKEN_HYPHEN}
