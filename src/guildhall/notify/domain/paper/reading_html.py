"""Reading a letter's HTML back into what a page is set from: headings, paragraphs, lists, codes and page breaks.

The HTML is what the contract says a letter reads as; a page shows just that, and nothing that only looks like it.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_HYPHEN = "\u2011"
_JOINED_HYPHEN = "\u2060-\u2060"
"""A hyphen at which no line ends, in characters that every typeface has."""

Run = dict[str, Any]
Block = dict[str, Any]


@dataclass
class _Open:
    """A block that has begun."""

    kind: str
    runs: list[Run | None] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def read_plain_line(text: str) -> list[Run]:
    """Return a line that is no HTML: of the recipient's address, or the name above the letter."""
    return [{"text": text.replace(_HYPHEN, _JOINED_HYPHEN), "strong": False, "gap": False}]


def read_blocks_of_html(html: str) -> list[Block]:
    """Return the blocks of a letter's body, in order, in the shape that ``data/letter.typ`` shows."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.blocks()


def read_runs_of_html(html: str) -> list[Run]:
    """Return a single line: a heading, or a line of an address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [run for block in reader.blocks() for run in block.get("runs", ()) if run is not None]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [_Open("letter")]
        self._is_strong = False
        self._gaps = 0
        self._svg: list[str] | None = None

    def blocks(self) -> list[Block]:
        self._close_loose()
        return self._open[0].blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, written = dict(attrs), self.get_starttag_text() or ""
        kind = (given.get("class") or "").replace(_HYPHEN, "-")
        if self._svg is not None or tag == "svg":
            self._svg = [*(self._svg or []), written]
        elif tag in ("p", "h2", "li", "ul", "ol"):
            self._close_loose()
            self._open.append(_Open(tag))
        elif tag == "br":
            self._add_break()
        elif tag == "strong":
            self._is_strong = True
        elif tag == "span":
            self._gaps += 1
        elif tag == "div" and kind in ("page-break", "qrcode-placeholder"):
            self._close_loose()
            self._open.append(_Open(kind))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._svg is not None:
            self._svg.append(self.get_starttag_text() or "")
        else:
            super().handle_startendtag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._svg is not None:
            self._svg.append(f"</{tag}>")
            if tag == "svg":
                self._add_code("".join(self._svg))
        elif tag in ("p", "h2", "li", "ul", "ol"):
            self._end(tag)
        elif tag == "strong":
            self._is_strong = False
        elif tag == "span":
            self._gaps -= 1
        elif tag == "div" and self._open[-1].kind in ("page-break", "qrcode-placeholder"):
            self._end_division()

    def handle_data(self, data: str) -> None:
        if self._open[-1].kind in ("ul", "ol") or (self._open[-1].kind == "letter" and not data.strip()):
            return
        text = data.replace(_HYPHEN, _JOINED_HYPHEN)
        self._open[-1].runs.append({"text": text, "strong": self._is_strong, "gap": self._gaps > 0})

    def _add_break(self) -> None:
        if self._open[-1].runs:
            self._open[-1].runs.append(None)

    def _add_code(self, svg: str) -> None:
        self._svg = None
        drawing = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        self._open[-1].blocks.append({"kind": "code", "svg": drawing, "alt": "QR code"})

    def _end(self, tag: str) -> None:
        ended = self._open.pop()
        above = self._open[-1].blocks
        if tag == "h2":
            above.append({"kind": "heading", "runs": ended.runs})
        elif tag in ("ul", "ol"):
            above.append({"kind": "list", "numbered": tag == "ol", "items": [each["blocks"] for each in ended.blocks]})
        elif tag == "li":
            above.append({"kind": "item", "blocks": [*_loose(ended), *ended.blocks]})
        else:
            above += [*ended.blocks, *([{"kind": "paragraph", "runs": ended.runs}] if _says(ended.runs) else [])]

    def _end_division(self) -> None:
        ended = self._open.pop()
        if ended.kind == "page-break":
            self._open[-1].blocks.append({"kind": "page-break"})
        elif _says(ended.runs):
            self._open[-1].blocks.append({"kind": "unfilled-code", "runs": _trimmed(ended.runs)})

    def _close_loose(self) -> None:
        """Text between blocks, shown as typed, is a paragraph of its own."""
        current = self._open[-1]
        if current.kind in ("letter", "li") and _says(current.runs):
            current.blocks += _loose(current)
            current.runs = []


def _loose(open_block: _Open) -> list[Block]:
    if not _says(open_block.runs):
        return []
    kind = "close" if open_block.kind == "li" else "paragraph"
    return [{"kind": kind, "runs": open_block.runs}]


def _says(runs: list[Run | None]) -> bool:
    return any(run is not None and run["text"].strip() for run in runs)


def _trimmed(runs: list[Run | None]) -> list[Run]:
    return [run for run in runs if run is not None and run["text"].strip()]
