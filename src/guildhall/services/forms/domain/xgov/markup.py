"""From the HTML in XGov definitions to the guidance that pages here can show.

Classes and wrappers are looks and are dropped; paragraphs, headings, lists, bold words and links are kept. A tag that
means something else is refused, because leaving it out could change what is said.
"""

import re
from html.parser import HTMLParser

from guildhall.services.forms.domain.guidance import as_paragraph, escaped

_LOOKS = {"div", "span", "label", "section", "u", "em", "i", "small", "font", "hr", "ol", "ul"}
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "br", "ul", "ol", "label", "section", "hr"}
_MARKS = {"h1": "## ", "h2": "## ", "h3": "### ", "h4": "### "}
_TEMPLATE = re.compile(r"\{\{|\{%")


class NotGuidance(ValueError):
    """The markup does something that guidance cannot. ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def to_guidance(html: str) -> str:
    """Return the guidance that says what the markup says.

    :raises NotGuidance: the markup holds a template, or a tag that is more than looks.
    """
    if found := _TEMPLATE.search(html):
        raise NotGuidance(found[0])
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.guidance()


def to_words(html: str) -> str:
    """Return the words of markup that stands where only words can, such as a title."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip() if "<" in html else html.strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.mark = ""
        self.lists: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.is_bold = False

    def guidance(self) -> str:
        self._end_line()
        text = "\n".join(self.lines)
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_line()
        if tag in ("ul", "ol"):
            self.lists.append(tag)
        elif tag == "li":
            self.mark = "1. " if self.lists[-1:] == ["ol"] else "- "
        elif tag in _MARKS:
            self.mark = _MARKS[tag]
        elif tag in ("b", "strong"):
            self.is_bold = True
        elif tag == "a":
            self.links.append((self.line, dict(attrs).get("href") or ""))
            self.line = ""
        elif tag not in _LOOKS | _BLOCKS:
            raise NotGuidance(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            before, address = self.links.pop()
            self.line = f"{before}[{self.line.strip()}]({address})" if address else before + self.line
        elif tag in ("b", "strong"):
            self.is_bold = False
        elif tag in ("ul", "ol") and self.lists:
            self._end_line()
            self.lists.pop()
        elif tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        if self.is_bold and words.strip():
            before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            self.line += f"{before}**{escaped(words.strip())}**{after}"
        else:
            self.line += escaped(words)

    def _end_line(self) -> None:
        words = self.line.strip()
        if words:
            is_item = self.mark in ("- ", "1. ")
            if not (is_item and self.lines and self.lines[-1].startswith(self.mark)):
                self.lines.append("")
            self.lines.append(self.mark + words if self.mark else as_paragraph(words))
            if not is_item:
                self.lines.append("")
        self.line, self.mark = "", ""
