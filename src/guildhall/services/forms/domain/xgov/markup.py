"""From the HTML in XGov definitions to the guidance that pages here can show.

All words are kept. Looks and wrappers are dropped; paragraphs, headings, lists, bold words and links are kept, and what
opens and closes (``<details>``) or has cells becomes headings and lines. What does more than say something is refused.
"""

import re
from dataclasses import dataclass

from guildhall.services.forms.domain.guidance import as_paragraph, blocks, escaped
from guildhall.services.forms.domain.xgov.elements import Tag, has_markup, pieces

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "header", "html", "label", "legend", "main", "nav", "p", "pre"),
        *("section", "summary", "table", "tbody", "tfoot", "thead", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr"),
        *("ul", "ol", "br", "hr"),
    }
)
_EMPTY = frozenset({"br", "hr", "img", "wbr", "meta", "link", "col"})
_HIDDEN = frozenset({"style", "svg", "template", "title"})
_DOES_SOMETHING = frozenset(
    {
        *("script", "iframe", "object", "embed", "applet", "video", "audio", "canvas"),
        *("form", "input", "select", "textarea", "button"),
    }
)
_MARKS = {
    **dict.fromkeys(("h1", "h2"), "## "),
    **dict.fromkeys(("h3", "h4", "h5", "h6", "summary"), "### "),
    "tr": "- ",
}
_HEADINGS = {"govuk-heading-xl": "## ", "govuk-heading-l": "## ", "govuk-heading-m": "## ", "govuk-heading-s": "### "}
# Looks of GOV.UK Frontend that make a block of any element, and the general way of saying so.
_BLOCK_LOOKS = (
    *("govuk-body", "govuk-heading", "govuk-caption", "govuk-hint", "govuk-label", "govuk-list", "govuk-inset-text"),
    *("govuk-details", "govuk-fieldset", "govuk-error", "govuk-warning-text", "govuk-panel", "govuk-section-break"),
    *("govuk-notification-banner", "govuk-summary-list", "govuk-button", "govuk-table"),
)
_BLOCK_STYLE = re.compile(r"display\s*+:\s*+(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{[{%#][^{}<>]{0,50}+[}%#]{0,2}+")
_SPACES = re.compile(r"\s+")
_MAY_BE_LED_TO = re.compile(r"(?:https?://|mailto:|tel:)\S++", re.IGNORECASE)
_LONGEST_LINK, _LONGEST_ADDRESS, _LONGEST_BOLD = 400, 1_500, 900
_IN_ADDRESSES = str.maketrans({" ": "%20", "(": "%28", ")": "%29"})


class NotGuidance(ValueError):
    """The markup does something that guidance cannot. ``what`` names it."""

    def __init__(self, what: str, *, is_template: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.is_template = is_template


@dataclass(frozen=True)
class Said:
    """What markup says, as guidance, and what of it is left out: addresses of links, pictures."""

    guidance: str
    left_out: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The words alone, for a place that takes no marks."""
        lines = (line for block in blocks(self.guidance) for line in block.lines)
        return " ".join(" ".join("".join(span.words for span in line) for line in lines).split())


def read_markup(html: str) -> Said:
    """Read markup.

    :raises NotGuidance: it holds a template, or an element that does more than say something.
    """
    if found := _TEMPLATE.search(html):
        raise NotGuidance(" ".join(found[0].split()), is_template=True)
    reader = _Reader()
    for piece in pieces(html):
        reader.read(piece)
    return reader.said()


def read_words(text: str) -> Said:
    """Read what stands where only words can, such as a title; without markup, nothing in it means anything.

    :raises NotGuidance: as ``read_markup``.
    """
    if has_markup(text) or _TEMPLATE.search(text):
        return read_markup(text)
    return Said(escaped(" ".join(text.split())))


def to_guidance(html: str) -> str:
    """Return the guidance that says what the markup says; refusals as ``read_markup``."""
    return read_markup(html).guidance


@dataclass(frozen=True)
class _Open:
    """An element that has begun: whether its end ends a line, and the mark of its lines."""

    name: str
    is_block: bool
    mark: str


class _Reader:
    """Lines that grow as pieces come. Each line is a list of parts until it ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.parts: list[str] = []
        self.open: list[_Open] = []
        self.count: dict[str, int] = {}
        self.marks: list[str] = []
        self.lists: list[str] = []
        self.link: tuple[list[str], str] | None = None
        self.left_out: list[str] = []
        self.has_just_ended = False

    def read(self, piece: str | Tag) -> None:
        if isinstance(piece, str):
            self._words(piece)
        elif piece.name in _DOES_SOMETHING:
            raise NotGuidance(f"<{piece.name}>")
        elif piece.is_end:
            self._end(piece.name)
        else:
            self._begin(piece)

    def said(self) -> Said:
        self._end_link()
        self._end_line()
        return Said("\n".join(self.lines).strip(), tuple(dict.fromkeys(self.left_out)))

    # Elements.

    def _begin(self, tag: Tag) -> None:
        is_block = tag.name in _BLOCKS or _is_styled_as_a_block(tag)
        if is_block:
            self._break(is_hard=tag.name in ("li", "ul", "ol", "tr"))
        elif tag.name in ("td", "th"):
            self._join(" – ")
        elif self.has_just_ended:
            self._join(" ")
        if tag.name == "img":
            self._picture(tag.attributes.get("alt", ""))
        if tag.name == "a" and "href" in tag.attributes:
            self._begin_link(tag.attributes["href"])
        if tag.name not in _EMPTY:
            self._push(tag, is_block)
        self.has_just_ended = False

    def _push(self, tag: Tag, is_block: bool) -> None:
        if tag.name in ("ul", "ol"):
            self.lists.append(tag.name)
        mark = ("1. " if self.lists[-1:] == ["ol"] else "- ") if tag.name == "li" else _mark(tag)
        self.open.append(_Open(tag.name, is_block, mark))
        self.count[tag.name] = self.count.get(tag.name, 0) + 1
        if mark:
            self.marks.append(mark)

    def _end(self, name: str) -> None:
        if name == "a":
            self._end_link()
        if name == "br":
            self._break(is_hard=False)
        while self.count.get(name):
            ended = self._pop()
            if ended.name == name:
                break
        self.has_just_ended = name not in _BLOCKS

    def _pop(self) -> _Open:
        ended = self.open.pop()
        self.count[ended.name] -= 1
        if ended.is_block:
            self._break(is_hard=bool(ended.mark) or ended.name in ("ul", "ol"))
        if ended.mark:
            self.marks.pop()
        if ended.name in ("ul", "ol"):
            self.lists.pop()
        return ended

    # Words.

    def _words(self, words: str) -> None:
        self.has_just_ended = False
        if any(self.count.get(name) for name in _HIDDEN):
            return
        words = _SPACES.sub(" ", words)
        core = words.strip()
        if core and self._is_bold() and len(core) <= _LONGEST_BOLD:
            self.parts.append(words.replace(core, f"**{escaped(core)}**"))
        else:
            self.parts.append(escaped(words))

    def _is_bold(self) -> bool:
        """Return whether words are bold where that can be shown: not in a link or a heading."""
        is_heading = bool(self.marks) and self.marks[-1].startswith("#")
        return bool(self.count.get("b") or self.count.get("strong")) and not self.link and not is_heading

    def _picture(self, alternative: str) -> None:
        self.left_out.append("<img>")
        self._words(alternative)

    def _begin_link(self, address: str) -> None:
        self._end_link()
        self.link, self.parts = (self.parts, address.strip()), []

    def _end_link(self) -> None:
        if self.link is None:
            return
        inside = "".join(self.parts)
        (self.parts, address), self.link = self.link, None
        self.parts.append(self._linked(inside, address))

    def _linked(self, words: str, address: str) -> str:
        written = address.translate(_IN_ADDRESSES)
        core = words.strip()
        if not core:
            return words
        if not _MAY_BE_LED_TO.fullmatch(written) or max(len(core) - _LONGEST_LINK, len(written) - _LONGEST_ADDRESS) > 0:
            self.left_out.append(shortened(address))
            return words
        return words.replace(core, f"[{core}]({written})")

    # Lines.

    def _break(self, *, is_hard: bool) -> None:
        """End the line; where one line is all there can be, in an item, a heading or a link, words are kept apart."""
        if (self.marks and not is_hard) or self.link:
            self._join(" ")
        else:
            self._end_line()

    def _join(self, between: str) -> None:
        if self.parts and not self.parts[-1].endswith((" ", between)):
            self.parts.append(between)

    def _end_line(self) -> None:
        words = " ".join("".join(self.parts).split())
        self.parts = []
        if not words:
            return
        mark = self.marks[-1] if self.marks else ""
        is_item = mark in ("- ", "1. ")
        if not (is_item and self.lines and self.lines[-1].startswith(mark)):
            self._blank()
        self.lines.append(mark + words if mark else as_paragraph(words))
        if not is_item:
            self._blank()

    def _blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")


def _mark(tag: Tag) -> str:
    return _MARKS.get(tag.name) or next((_HEADINGS[each] for each in tag.classes if each in _HEADINGS), "")


def _is_styled_as_a_block(tag: Tag) -> bool:
    return any(each.startswith(_BLOCK_LOOKS) for each in tag.classes) or bool(
        _BLOCK_STYLE.search(tag.attributes.get("style", ""))
    )


def shortened(words: str) -> str:
    """Return the beginning of words, for a note."""
    return words if len(words) <= 60 else f"{words[:57]}…"
