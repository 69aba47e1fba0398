"""Guidance: the words around questions, written in a small part of Markdown.

Paragraphs, headings of two levels (``##``, ``###``), bullets (``-``), numbers (``1.``), **bold** and [links](…): what
GOV.UK Forms allows its authors (services contract 1.6), and bold, which imported forms use. Anything else is words.
A backslash takes the meaning from the mark that follows.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

_BEGINNINGS = {
    "heading-3": re.compile(r"###\s+"),
    "heading-2": re.compile(r"##?\s+"),
    "bullets": re.compile(r"[-*]\s+"),
    "numbers": re.compile(r"(?<!\d)\d++[.)]\s++"),
}
# A bracket that begins no link is taken with all that stands in it, so that the same words are read only once.
_BRACKETED = re.compile(r"(?<!\\)\[(?P<words>(?:\\.|[^\]\\])*)(?:\]\((?P<address>(?:[^()\s]|\([^()\s]*\))*)\))?")
_BOLD = re.compile(r"(?<!\\)\*\*((?:\\.|[^*\\])+)\*\*")
_MARK = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~])")
_SPECIAL = re.compile(r"([\\*\[\]])")
_BEGINS_A_BLOCK = re.compile(r"^(\s*\d*)([-#.)])(?=[\s#])")
_SAFE_ADDRESS = re.compile(r"(https?://|mailto:|tel:|/(?!/)|#)\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A run of words; ``address`` makes it a link."""

    words: str
    is_bold: bool = False
    address: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph or heading of one line, or a list with a line for each item."""

    kind: Literal["paragraph", "heading-2", "heading-3", "bullets", "numbers"]
    lines: tuple[Line, ...]


def blocks(markdown: str) -> tuple[Block, ...]:
    """Read guidance as the blocks that a page shows."""
    return tuple(_block(kind, lines) for kind, lines in _grouped(markdown.splitlines()))


def unsafe_addresses(markdown: str) -> tuple[str, ...]:
    """List the links that lead somewhere a council's page may not lead: only http(s), mail, telephone and this site."""
    return tuple(link["address"] for link in _links(markdown) if not _SAFE_ADDRESS.fullmatch(link["address"]))


def plain(markdown: str) -> str:
    """Return the words of guidance without its marks, for a place that takes no marks."""
    return " ".join(span.words for block in blocks(markdown) for line in block.lines for span in line)


def escaped(words: str) -> str:
    """Write words so that no mark in them means anything."""
    return _SPECIAL.sub(r"\\\1", words)


def as_paragraph(line: str) -> str:
    """Write a line so that its first characters do not make it a heading or a list."""
    return _BEGINS_A_BLOCK.sub(r"\1\\\2", line)


def _grouped(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Put neighbouring lines of the same kind together; a blank line ends a paragraph."""
    for kind, group in groupby((_kind(line.strip()) for line in lines), key=lambda pair: pair[0]):
        if kind:
            yield kind, [words for _, words in group]


def _kind(line: str) -> tuple[str, str]:
    for kind, mark in _BEGINNINGS.items():
        found = mark.match(line)
        if found:
            return kind, line[found.end() :]
    return ("paragraph", line) if line else ("", "")


def _block(kind: str, lines: list[str]) -> Block:
    if kind == "paragraph":
        return Block("paragraph", (_spans(" ".join(lines)),))
    return Block(kind, tuple(_spans(line) for line in lines))  # type: ignore[arg-type]


def _spans(words: str) -> Line:
    spans: list[Span] = []
    place = 0
    for found in _links(words):
        spans += _bold_and_plain(words[place : found.start()])
        spans.append(_link(found["words"], found["address"]))
        place = found.end()
    return tuple(spans + _bold_and_plain(words[place:]))


def _links(markdown: str) -> Iterator[re.Match[str]]:
    return (found for found in _BRACKETED.finditer(markdown) if found["address"] is not None)


def _link(words: str, address: str) -> Span:
    # An address that no page of ours may lead to is shown as words, so that nothing disappears unseen.
    safe = _SAFE_ADDRESS.fullmatch(address)
    return Span(_unescaped(words), address=address) if safe else Span(_unescaped(f"{words} ({address})"))


def _bold_and_plain(words: str) -> list[Span]:
    spans: list[Span] = []
    place = 0
    for found in _BOLD.finditer(words):
        spans.append(Span(_unescaped(words[place : found.start()])))
        spans.append(Span(_unescaped(found[1]), is_bold=True))
        place = found.end()
    spans.append(Span(_unescaped(words[place:])))
    return [span for span in spans if span.words]


def _unescaped(words: str) -> str:
    return _MARK.sub(r"\1", words)
