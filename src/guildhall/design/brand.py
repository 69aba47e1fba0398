"""What makes a page a council's own: its name in both languages, its logo, its colour and its home page."""

import hashlib
from dataclasses import dataclass

from guildhall.kernel.visitor import Language

DEFAULT_COLOUR = "#1d3a5f"


@dataclass(frozen=True)
class Brand:
    """A council's looks. The colour was checked for contrast when it was saved."""

    name: str
    name_cy: str = ""
    logo_url: str = ""
    colour: str = DEFAULT_COLOUR
    homepage_url: str = ""

    def named(self, language: Language | str) -> str:
        """Return the name in a language; the English one where there is no Welsh one."""
        return self.name_cy if language == "cy" and self.name_cy else self.name

    @property
    def theme_version(self) -> str:
        """Return a word that changes when the theme does, so that browsers may keep the style sheet for a year."""
        return hashlib.sha256(self.colour.encode()).hexdigest()[:8]


GUILDHALL = Brand(name="Guildhall")
