"""Cutting a message into headings, paragraphs, lists and insets.

A small dialect with the habits of the one senders know (contract: notify 2): ``#`` needs no space after it, ``•`` is a
bullet, ``^`` makes an inset, and a line that only looks like a list ends the paragraph before it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

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

LONGEST_READ, LONGEST_FENCED = 25_000, 2_000
"""Characters of a message whose markup is read (what follows is shown as it was typed), and of a block between fences.

Whoever writes a message, or what is filled into it, would otherwise choose how long reading it takes.
"""

_END = r"(?:\n+|\Z)"
_BULLET = r"(?:[•*-]|\d+\.)"
_RULE = r" {0,3}[-*_](?: *[-*_]){2,} *" + _END
_HEADING = r" *(?P<hashes>#{1,6}) *(?P<heading>[^\n]+?) *#* *" + _END
_UNDERLINED = r"(?P<underlined>[^\n]+)\n *(?P<line>[=-])+ *(?:\n|\Z)"
_FENCED = rf"(?P<fence>`{{3,}}|~{{3,}}) *[^`\s]* *\n(?P<fenced>[\s\S]{{1,{LONGEST_FENCED}}}?)\s*(?P=fence) *" + _END
_REFERENCE = r" *\[[^\]^][^\]]*\]: *<?[^\s>]+>?(?: +[\"(][^\n]+[\")])? *" + _END
_LOOKS_LIKE_ITEM = r" *(?=[*+-]|\d+\.)[*+-]?(?:\d+\.)? [\s\S]"
_LOOKS_LIKE_QUOTE = r" *>[^\n]"

_NEWLINES = re.compile(r"\n+")
_IS_RULE = re.compile(_RULE)
_IS_HEADING = re.compile(_HEADING)
_IS_UNDERLINED = re.compile(_UNDERLINED)
_IS_FENCED = re.compile(_FENCED)
_IS_REFERENCE = re.compile(_REFERENCE)
_IS_INDENTED = re.compile(r"(?: {4}[^\n]+\n*)+")
_IS_INSET = re.compile(r"(?: *\^[^\n]+(?:\n[^\n]+)*\n*)+")
_IS_TABLE = re.compile(
    r" *\|.+\n *\| *[-:]+[-| :]*\n(?: *\|.*(?:\n|\Z))*\n*"
    r"| *\S.*\|.*\n *[-:]+ *\|[-| :]*\n(?:.*\|.*(?:\n|\Z))*\n*"
)
_IS_LIST = re.compile(
    rf"(?P<indent> *)(?P<bullet>{_BULLET})[\s\S]+?"
    rf"(?:\n+(?=(?P=indent)?(?:[-*_] *){{3,}}{_END})"
    rf"|\n+(?={_REFERENCE})"
    rf"|\n{{2,}}(?! )(?!(?P=indent){_BULLET} )\n*"
    r"|\s*\Z)"
)
_ITEM = re.compile(rf"^(?P<whole>(?P<indent> *){_BULLET}[^\n]*(?:\n(?!(?P=indent){_BULLET})[^\n]*)*)", re.MULTILINE)
_ITEM_BULLET = re.compile(rf"^ *{_BULLET}")
_PARAGRAPH = re.compile(
    r"(?P<paragraph>(?:[^\n]+\n?"
    rf"(?!{_FENCED}|{_LOOKS_LIKE_ITEM}|{_RULE}|{_HEADING}|{_UNDERLINED}|{_LOOKS_LIKE_QUOTE}|{_REFERENCE}))+)\n*"
)
_LINE = re.compile(r"[^\n]+")
_INSET_MARK = re.compile(r"^ *\^ ?", re.MULTILINE)
_BLANK_LINE = re.compile(r"^ +$", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\u2424")


def read_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a message, in order."""
    text = _LINE_END.sub("\n", text).expandtabs(4).replace("\u00a0", " ")
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
_Read = Callable[[re.Match[str], int], _Found]
_Rules = tuple[tuple[re.Pattern[str], _Read], ...]


def _read(text: str, rules: _Rules, depth: int) -> _Found:
    blocks: _Found = []
    text, position = text.rstrip("\n"), 0
    while position < len(text):
        match, read = next((match, read) for pattern, read in rules if (match := pattern.match(text, position)))
        blocks += read(match, depth)
        position = match.end()
    return blocks


def _read_gap(match: re.Match[str], depth: int) -> _Found:
    return [Gap()] if len(match.group()) > 1 else []


def _read_rule(match: re.Match[str], depth: int) -> _Found:
    return [Rule()]


def _read_indented(match: re.Match[str], depth: int) -> _Found:
    return [Verbatim(re.sub(r"^ {4}", "", match.group(), flags=re.MULTILINE))]


def _read_fenced(match: re.Match[str], depth: int) -> _Found:
    return [Verbatim(match.group("fenced"))]


def _read_heading(match: re.Match[str], depth: int) -> _Found:
    return [Heading(len(match.group("hashes")), read_inline(match.group("heading")))]


def _read_underlined(match: re.Match[str], depth: int) -> _Found:
    return [Heading(1 if match.group("line") == "=" else 2, read_inline(match.group("underlined")))]


def _read_nothing(match: re.Match[str], depth: int) -> _Found:
    return []


def _read_inset(match: re.Match[str], depth: int) -> _Found:
    if depth == DEEPEST:
        return [Inset((Paragraph(read_inline(match.group())),))]
    within = _read(_INSET_MARK.sub("", match.group()), _ANYWHERE, depth + 1)
    return [Inset(_with_lines_joined(within, is_loose=True))]


def _read_paragraph(match: re.Match[str], depth: int) -> _Found:
    return [Paragraph(read_inline(match.group("paragraph").rstrip("\n")))]


def _read_line(match: re.Match[str], depth: int) -> _Found:
    return [_Line(match.group())]


def _read_list(match: re.Match[str], depth: int) -> _Found:
    if depth == DEEPEST:
        return [Paragraph(read_inline(match.group()))]
    items: list[tuple[Block, ...]] = []
    texts = [item.group("whole") for item in _ITEM.finditer(match.group())]
    follows_a_gap = False
    for text in texts:
        content = _without_bullet(text)
        is_loose = follows_a_gap or re.search(r"\n\n(?!\s*\Z)", content) is not None
        if text is not texts[-1] and content:
            follows_a_gap = content.endswith("\n")
            is_loose = is_loose or follows_a_gap
        items.append(_with_lines_joined(_read(content, _WITHIN_ITEM, depth + 1), is_loose))
    return [Items("." in match.group("bullet"), tuple(items))]


def _without_bullet(item: str) -> str:
    content = _ITEM_BULLET.sub("", item)
    outdent = len(item) - len(content)
    return re.sub(rf"^ {{1,{outdent}}}", "", content, flags=re.MULTILINE) if "\n " in content else content


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


_ANYWHERE: _Rules = (
    (_NEWLINES, _read_gap),
    (_IS_RULE, _read_rule),
    (_IS_INDENTED, _read_indented),
    (_IS_FENCED, _read_fenced),
    (_IS_HEADING, _read_heading),
    (_IS_UNDERLINED, _read_underlined),
    (_IS_INSET, _read_inset),
    (_IS_LIST, _read_list),
    (_IS_REFERENCE, _read_nothing),
    (_IS_TABLE, _read_nothing),
    (_PARAGRAPH, _read_paragraph),
    (_LINE, _read_line),
)
_WITHIN_ITEM: _Rules = (
    (_NEWLINES, _read_gap),
    (_IS_INDENTED, _read_indented),
    (_IS_FENCED, _read_fenced),
    (_IS_UNDERLINED, _read_underlined),
    (_IS_RULE, _read_rule),
    (_IS_INSET, _read_inset),
    (_IS_LIST, _read_list),
    (_LINE, _read_line),
)
