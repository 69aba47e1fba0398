"""English and Welsh: words that exist in both. Plain Python, so that any module's domain may carry such words."""

from dataclasses import dataclass

from guildhall.kernel.text import is_blank
from guildhall.kernel.visitor import Language

LANGUAGES: tuple[Language, ...] = ("en", "cy")


@dataclass(frozen=True)
class Text:
    """Words in both languages. An empty Welsh side means that nobody has written it yet."""

    en: str
    cy: str = ""

    def in_(self, language: Language | str) -> str:
        """Return the words in a language; the English ones where there are no Welsh ones."""
        return self.cy if language == "cy" and self.cy else self.en

    @property
    def is_in_both(self) -> bool:
        return not is_blank(self.en) and not is_blank(self.cy)
