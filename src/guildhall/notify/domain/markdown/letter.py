"""Markdown as the HTML of a letter: nothing can be clicked, a rule begins a new page, a code can be scanned."""

from collections.abc import Iterable

from guildhall.notify.domain.escaping import unescape
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
from guildhall.notify.domain.qr_code import find_qr_content, qr_code_svg

PAGE_BREAK = "<div class='page-break'>&nbsp;</div>"
_UNFILLED = "<span class='placeholder"


def render_letter_html(blocks: Iterable[Block]) -> str:
    """Return the HTML of a letter whose text has been escaped already.

    :raises QrCodeTooLong: a code would hold too much.
    """
    return "".join(map(_render, blocks))


def qr_contents(blocks: Iterable[Block]) -> list[str]:
    """Return what the codes in a letter hold, in order; not of those that are still to be filled."""
    found = (find_qr_content(_as_typed(each.content)) for each in _paragraphs(blocks))
    return [unescape(content) for content in found if content is not None and _UNFILLED not in content]


def _render(block: Block) -> str:
    match block:
        case Gap():
            return "<br>"
        case Rule():
            return PAGE_BREAK
        case Verbatim(text):
            return text
        case Heading(1, content):
            return f"<h2>{_render_inline(content)}</h2>\n"
        case Heading(_, content) | Paragraph(content):
            return _render_paragraph(content)
        case Close(content):
            return _render_inline(content)
        case Inset(inside):
            return render_letter_html(inside)
        case Items(is_numbered, items):
            tag = "ol" if is_numbered else "ul"
            lines = "".join(f"<li>{render_letter_html(item).strip()}</li>\n" for item in items)
            return f"<{tag}>\n{lines}</{tag}>\n"


def _render_paragraph(content: tuple[Inline, ...]) -> str:
    text = _render_inline(content)
    if not text.strip():
        return ""
    code = find_qr_content(_as_typed(content))
    if code is None:
        return f"<p>{text}</p>"
    return f"<p>{_unfilled_code(code) if _UNFILLED in code else _code(code)}</p>"


def _code(content: str) -> str:
    return f"<div class='qrcode'>{qr_code_svg(unescape(content))}</div>"


def _unfilled_code(content: str) -> str:
    return (
        "\n<div class='qrcode-placeholder'>\n    <div class='qrcode-placeholder-border'></div>\n"
        "    <div class='qrcode-placeholder-content'>\n"
        f"        <span class='qrcode-placeholder-content-background'>{content}</span>\n    </div>\n</div>\n"
    )


def _render_inline(content: Iterable[Inline]) -> str:
    return "".join(map(_render_piece, content))


def _render_piece(piece: Inline) -> str:
    match piece:
        case Words(text):
            return text
        case LineBreak():
            return "<br>"
        case BareLink(address):
            protocol, _, rest = address.partition("://")
            return f"<strong data-original-protocol='{protocol}://'>{rest}</strong>"
        case Link(address, title, inside):
            whole = f"<{address}>" if address.startswith(_UNFILLED[1:]) else address
            return f"[{_render_inline(inside)}]({whole}{_quoted(title)})"


def _quoted(title: str) -> str:
    return f' "{title}"' if title else ""


def _as_typed(content: Iterable[Inline]) -> str:
    """Return a paragraph with its addresses whole. A line break shows in a code as it does in the reference's."""
    return "".join(piece.address if isinstance(piece, BareLink) else _render_piece(piece) for piece in content)


def _paragraphs(blocks: Iterable[Block]) -> Iterable[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Inset):
            yield from _paragraphs(block.blocks)
        elif isinstance(block, Items):
            for item in block.items:
                yield from _paragraphs(item)
