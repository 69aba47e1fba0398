"""Markdown as plain text, and as the single line that mail programs show beside a subject."""

from collections.abc import Callable, Iterable

from guildhall.notify.domain.markdown.tree import (
    BareLink,
    Block,
    Close,
    Gap,
    Heading,
    Inline,
    Inset,
    Items,
    LineBreak,
    Link,
    Paragraph,
    Rule,
    Verbatim,
    Words,
)

_WIDTH = 65
_RULE = ("=-" * _WIDTH)[:_WIDTH]


def render_plain_text(blocks: Iterable[Block]) -> str:
    """Return the message as plain text."""
    return _render_all(blocks, _render_for_reading)


def render_preheader(blocks: Iterable[Block]) -> str:
    """Return the words of the message without rules, underlines and the addresses behind links."""
    return _render_all(blocks, _render_for_glancing)


_Render = Callable[[Block], str]


def _render_all(blocks: Iterable[Block], render: _Render) -> str:
    return "".join(map(render, blocks))


def _render_for_reading(block: Block) -> str:
    match block:
        case Rule():
            return _paragraph(_RULE)
        case Heading(1, content):
            return f"\n{_paragraph(_words(content, _shown_link))}\n{'=' * _WIDTH}"
        case Heading(2, content):
            return f"\n{_paragraph(_words(content, _shown_link))}\n{'-' * _WIDTH}"
        case _:
            return _render_either_way(block, _render_for_reading, _shown_link)


def _render_for_glancing(block: Block) -> str:
    if isinstance(block, Rule):
        return ""
    return _render_either_way(block, _render_for_glancing, _link_without_address)


def _render_either_way(block: Block, render: _Render, link: "_ShowLink") -> str:
    match block:
        case Heading(_, content) | Paragraph(content):
            return _paragraph(_words(content, link))
        case Close(content):
            return _words(content, link)
        case Verbatim(text):
            return text
        case Inset(inside):
            return _render_all(inside, render)
        case Items(is_numbered, items):
            return _items(is_numbered, [_render_all(item, render).strip() for item in items])
        case Gap() | Rule():
            return "\n"


def _paragraph(text: str) -> str:
    return f"\n\n{text}" if text.strip() else ""


def _items(is_numbered: bool, items: list[str]) -> str:
    marks = (f"{number}." if is_numbered else "•" for number in range(1, len(items) + 1))
    return "\n" + "".join(f"\n{mark} {item}" for mark, item in zip(marks, items, strict=True))


_ShowLink = Callable[[Link, str], str]


def _shown_link(link: Link, content: str) -> str:
    return f"{content} ({link.title}): {link.address}" if link.title else f"{content}: {link.address}"


def _link_without_address(link: Link, content: str) -> str:
    return f"{content} ({link.title})" if link.title else content


def _words(content: Iterable[Inline], show_link: _ShowLink) -> str:
    return "".join(_piece(piece, show_link) for piece in content)


def _piece(piece: Inline, show_link: _ShowLink) -> str:
    match piece:
        case Words(text):
            return text
        case LineBreak():
            return "\n"
        case BareLink(address):
            return address
        case Link(_, _, content):
            return show_link(piece, _words(content, show_link))
