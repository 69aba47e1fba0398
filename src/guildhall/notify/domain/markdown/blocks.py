"""Cutting a message into headings, paragraphs, lists and insets.

A small dialect with the habits of the one senders know (contract: notify 2): ``#`` needs no space after it, ``•`` is a
bullet, ``^`` makes an inset, and a line that only looks like a list ends the paragraph before it. Reading takes time
in proportion to the message's length, whatever stands in it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guildhall.notify.domain.markdown.beginnings import END, Beginnings
from guildhall.notify.domain.markdown.inline import read_inline
from guildhall.notify.domain.markdown.tree import (
    Block,
    Close,
    Gap,
    Heading,
    Inset,
    Items,
    Paragraph,
    Rule,
    Verbatim,
    Words,
)

DEEPEST = 6
"""Insets and lists this deep within one another hold text only."""

LONGEST_READ = 25_000
"""Characters of a message whose markup is read; what follows is shown as it was typed.

Eight characters that begin lists within lists become more than a thousand of HTML: whoever writes a message, or what
is filled into it, would otherwise make two megabytes into hundreds.
"""

_BULLET = r"(?:[•*-]|\d++\.)"
_RULE = r" {0,3}[-*_](?: *[-*_]){2,} *+" + END
_UNDERLINED = r"(?P<underlined>[^\n]++)\n *+[=-]*(?P<line>[=-]) *+(?:\n|\Z)"

_NEWLINES = re.compile(r"\n+")
_IS_RULE = re.compile(_RULE)
_IS_UNDERLINED = re.compile(_UNDERLINED)
_IS_INDENTED = re.compile(r"(?: {4}[^\n]+\n*)+")
_IS_INSET = re.compile(r"(?: *\^[^\n]+(?:\n[^\n]+)*\n*)+")
_IS_TABLE = re.compile(
    r" *+\|[^\n]+\n *+\| *+[-:][-| :]*+\n(?: *+\|[^\n]*(?:\n|\Z))*\n*"
    r"| *+\S[^|\n]*+\|[^\n]*+\n *+[-:]++ *+\|[-| :]*+\n(?:[^|\n]*+\|[^\n]*(?:\n|\Z))*\n*"
)
_BEGINS_LIST = re.compile(rf"(?P<indent> *+)(?P<bullet>{_BULLET})")
_RULE_IN_LIST = re.compile(r"(?:[-*_] *){3,}" + END)
_ITEM_IN_LIST = re.compile(rf"{_BULLET} ")
_ITEM = re.compile(rf"^(?P<whole>(?P<indent> *+){_BULLET}[^\n]*(?:\n(?!(?P=indent){_BULLET})[^\n]*)*)", re.MULTILINE)
_ITEM_BULLET = re.compile(rf" *+{_BULLET}")
_ENDS_PARAGRAPH = re.compile(
    r" *+(?:[*+-](?:\d++\.)?|\d++\.) [\s\S]"  # a line that looks like an item
    rf"| *+#[^\n]| *+>[^\n]|{_RULE}|{_UNDERLINED}"
)
_INSET_MARK = re.compile(r"^ *+\^ ?", re.MULTILINE)
_BLANK_LINE = re.compile(r"^ ++$", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\u2424")


def read_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a message, in order."""
    text = _LINE_END.sub("\n", text).expandtabs(4)
    text = _BLANK_LINE.sub("", text)
    end = _find_end_of_what_is_read(text)
    read = _read(text[:end], _ANYWHERE, 0)
    shown = [Paragraph((Words(lines.strip("\n")),)) for lines in text[end:].split("\n\n") if lines.strip()]
    return (*_with_lines_joined(read, is_loose=True), *shown)


def _find_end_of_what_is_read(text: str) -> int:
    if len(text) <= LONGEST_READ:
        return len(text)
    return text.rfind("\n\n", 0, LONGEST_READ) + 1 or LONGEST_READ


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a list item, until it is known which others belong to it."""

    text: str


_Found = list[Block | _Line]


class _Part(Beginnings):
    """A message, or what stands in an inset or an item of it; how deep it stands."""

    def __init__(self, text: str, depth: int) -> None:
        super().__init__(text)
        self.depth = depth


_Rule = Callable[[_Part, int], tuple[_Found, int] | None]
"""Reads a kind of block at a place. Returns it, and where it ends, or None when another kind stands there."""


def _read(text: str, rules: tuple[_Rule, ...], depth: int) -> _Found:
    blocks: _Found = []
    part, position = _Part(text.rstrip("\n"), depth), 0
    while position < len(part.text):
        found, position = next(read for rule in rules if (read := rule(part, position)))
        blocks += found
    return blocks


def _gap(part: _Part, at: int) -> tuple[_Found, int] | None:
    match = _NEWLINES.match(part.text, at)
    return ([Gap()] if match.end() - at > 1 else [], match.end()) if match else None


def _rule(part: _Part, at: int) -> tuple[_Found, int] | None:
    match = _IS_RULE.match(part.text, at)
    return ([Rule()], match.end()) if match else None


def _indented(part: _Part, at: int) -> tuple[_Found, int] | None:
    match = _IS_INDENTED.match(part.text, at)
    return ([Verbatim(_outdented(match.group(), 4))], match.end()) if match else None


def _fenced(part: _Part, at: int) -> tuple[_Found, int] | None:
    fenced = part.find_fenced(at)
    return ([Verbatim(fenced.content)], fenced.end) if fenced else None


def _heading(part: _Part, at: int) -> tuple[_Found, int] | None:
    heading = part.find_heading(at)
    return ([Heading(heading.level, read_inline(heading.words))], heading.end) if heading else None


def _underlined(part: _Part, at: int) -> tuple[_Found, int] | None:
    match = _IS_UNDERLINED.match(part.text, at)
    if match is None:
        return None
    return [Heading(1 if match["line"] == "=" else 2, read_inline(match["underlined"]))], match.end()


def _inset(part: _Part, at: int) -> tuple[_Found, int] | None:
    match = _IS_INSET.match(part.text, at)
    if match is None:
        return None
    if part.depth == DEEPEST:
        return [Inset((Paragraph(read_inline(match.group())),))], match.end()
    within = _read(_INSET_MARK.sub("", match.group()), _ANYWHERE, part.depth + 1)
    return [Inset(_with_lines_joined(within, is_loose=True))], match.end()


def _reference(part: _Part, at: int) -> tuple[_Found, int] | None:
    end = part.find_end_of_reference(at)
    return ([], end) if end >= 0 else None


def _table(part: _Part, at: int) -> tuple[_Found, int] | None:
    match = _IS_TABLE.match(part.text, at)
    return ([], match.end()) if match else None


def _paragraph(part: _Part, at: int) -> tuple[_Found, int] | None:
    end = part.end_of_line(at)
    while end + 1 < len(part.text) and part.text[end + 1] != "\n" and not _ends_paragraph(part, end + 1):
        end = part.end_of_line(end + 1)
    return [Paragraph(read_inline(part.text[at:end]))], part.skip_empty_lines(end)


def _ends_paragraph(part: _Part, at: int) -> bool:
    """Decide whether a line begins a block of its own."""
    return (
        _ENDS_PARAGRAPH.match(part.text, at) is not None
        or part.find_fenced(at) is not None
        or part.find_end_of_reference(at) >= 0
    )


def _line(part: _Part, at: int) -> tuple[_Found, int] | None:
    end = part.end_of_line(at)
    return [_Line(part.text[at:end])], end


def _list(part: _Part, at: int) -> tuple[_Found, int] | None:
    begins = _BEGINS_LIST.match(part.text, at)
    if begins is None or begins.end() == len(part.text):
        return None
    end = _find_end_of_list(part, begins["indent"], begins.end() + 1)
    whole = part.text[at:end]
    if part.depth == DEEPEST:
        return [Paragraph(read_inline(whole))], end
    items = tuple(_read_items([item["whole"] for item in _ITEM.finditer(whole)], part.depth))
    return [Items("." in begins["bullet"], items)], end


def _find_end_of_list(part: _Part, indent: str, at: int) -> int:
    """Return where a list ends: before a rule or a reference, or before what is no item after air; else at the end."""
    last = max(at, len(part.text.rstrip()))
    for newlines in _NEWLINES.finditer(part.text, at):
        if newlines.start() > last:
            break
        if _ends_list(part, indent, newlines):
            return newlines.end()
    return len(part.text)


def _ends_list(part: _Part, indent: str, newlines: re.Match[str]) -> bool:
    air, next_line = newlines.end() - newlines.start(), newlines.end()
    indented = next_line + len(indent) if part.text.startswith(indent, next_line) else -1
    if _RULE_IN_LIST.match(part.text, next_line) or (indented > 0 and _RULE_IN_LIST.match(part.text, indented)):
        return True
    if air > 2 or part.find_end_of_reference(next_line) >= 0:
        return True
    is_item = indented > 0 and _ITEM_IN_LIST.match(part.text, indented)
    return air == 2 and not is_item and not part.text.startswith(" ", next_line)


def _read_items(texts: list[str], depth: int) -> Iterator[tuple[Block, ...]]:
    follows_a_gap = False
    for number, text in enumerate(texts, start=1):
        content = _without_bullet(text)
        is_loose = follows_a_gap or "\n\n" in content.rstrip()
        if number < len(texts) and content:
            follows_a_gap = content.endswith("\n")
            is_loose = is_loose or follows_a_gap
        yield _with_lines_joined(_read(content, _WITHIN_ITEM, depth + 1), is_loose)


def _without_bullet(item: str) -> str:
    bullet = _ITEM_BULLET.match(item)
    width = bullet.end() if bullet else 0
    content = item[width:]
    return _outdented(content, width) if "\n " in content else content


def _outdented(text: str, width: int) -> str:
    """Return lines without up to ``width`` of the spaces that they begin with."""
    return "\n".join(line[min(width, len(line) - len(line.lstrip(" "))) :] for line in text.split("\n"))


def _with_lines_joined(blocks: _Found, is_loose: bool) -> tuple[Block, ...]:
    """Read neighbouring lines of an item as one text; in an item with air around it, that text is a paragraph."""
    joined: list[Block] = []
    lines: list[str] = []
    for block in [*blocks, None]:
        if isinstance(block, _Line):
            lines.append(block.text)
            continue
        if lines:
            content = read_inline("\n".join(lines))
            joined.append(Paragraph(content) if is_loose else Close(content))
            lines.clear()
        if block is not None:
            joined.append(block)
    return tuple(joined)


_ANYWHERE: tuple[_Rule, ...] = (
    _gap,
    _rule,
    _indented,
    _fenced,
    _heading,
    _underlined,
    _inset,
    _list,
    _reference,
    _table,
    _paragraph,
)
_WITHIN_ITEM: tuple[_Rule, ...] = (_gap, _indented, _fenced, _underlined, _rule, _inset, _list, _line)
