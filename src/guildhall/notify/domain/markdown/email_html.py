"""Markdown as the HTML of an email: styles stand on every element, because mail programs ignore style sheets."""

import urllib.parse
from collections.abc import Iterable

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

_TEXT = "font-size: 19px; line-height: 25px; color: #0B0C0C;"
_PARAGRAPH = f"Margin: 0 0 20px 0; {_TEXT}"
_LINK = "word-wrap: break-word; color: #1D70B8;"
_HEADING = "Margin: 0 0 15px 0; padding: 10px 0 0 0;"
_LARGE = f"{_HEADING} font-size: 27px; line-height: 35px; font-weight: bold; color: #0B0C0C;"
_SMALL = f"{_HEADING} font-size: 19px; line-height: 25px; font-weight: bold; color: #0B0C0C;"
_ITEM = "Margin: 5px 0 5px; padding: 0 0 0 5px; font-size: 19px;line-height: 25px; color: #0B0C0C;"
_INSET = "Margin: 0; border-left: 10px solid #B1B4B6;padding: 15px 0 0.1px 15px; font-size: 19px; line-height: 25px;"
_RULE = "border: 0; height: 1px; background: #B1B4B6; Margin: 30px 0 30px 0;"

_SAFE_IN_ADDRESS = ":/?#=&;%"
_PREVIEWED_GAP = "span class='placeholder"
"""An address that is nothing but a gap, in a preview: reading the link took the angle brackets off its marking."""

_SCHEMES = frozenset({"ftp", "file", "http", "https", "mailto", "tel"})


def render_email_html(blocks: Iterable[Block]) -> str:
    """Return the HTML of a message whose text has been escaped already."""
    return "".join(map(_render, blocks))


def _render(block: Block) -> str:
    match block:
        case Gap():
            return "<br>"
        case Rule():
            return f'<hr style="{_RULE}">'
        case Verbatim(text):
            return text
        case Heading(level, content):
            return _render_heading(level, _render_inline(content))
        case Paragraph(content):
            return _render_paragraph(_render_inline(content))
        case Close(content):
            return _render_inline(content)
        case Inset(inside):
            return (
                f'<div style="Margin: 0 0 20px 0;"><blockquote style="{_INSET}">'
                f"{render_email_html(inside)}</blockquote></div>"
            )
        case Items(is_numbered, items):
            return _render_items(is_numbered, [render_email_html(item).strip() for item in items])


def _render_heading(level: int, text: str) -> str:
    if level > 2:
        return _render_paragraph(text)
    return f'<h2 style="{_LARGE}">{text}</h2>' if level == 1 else f'<h3 style="{_SMALL}">{text}</h3>'


def _render_paragraph(text: str) -> str:
    return f'<p style="{_PARAGRAPH}">{text}</p>' if text.strip() else ""


def _render_items(is_numbered: bool, items: list[str]) -> str:
    tag, kind = ("ol", "decimal") if is_numbered else ("ul", "disc")
    rows = "".join(f'<li style="{_ITEM}">{item}</li>' for item in items)
    return (
        '<table role="presentation" style="padding: 0 0 20px 0;"><tr>'
        '<td style="font-family: Helvetica, Arial, sans-serif;">'
        f'<{tag} style="Margin: 0 0 0 20px; padding: 0; list-style-type: {kind};">{rows}</{tag}></td></tr></table>'
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
            return f'<a style="{_LINK}" href="{_quoted(address)}">{address}</a>'
        case Link(address, title, content):
            attributes = f'style="{_LINK}" href="{_quoted(_with_scheme(address))}"'
            if title:
                attributes += f' title="{title.replace(chr(34), "&quot;")}"'
            return f"<a {attributes}>{_render_inline(content)}</a>"


def _quoted(address: str) -> str:
    """Return an address as a link carries it. What is percent-encoded stays so: decoded, it might lead elsewhere."""
    return urllib.parse.quote(address, safe=_SAFE_IN_ADDRESS)


def _with_scheme(address: str) -> str:
    """Return an address that a mail program can follow, and that runs no script."""
    if address.startswith(_PREVIEWED_GAP):
        address = f"<{address}>"
    scheme = address.partition(":")[0].strip().lower()
    return address if scheme in _SCHEMES else f"http://{address}"
