"""Guidance as HTML: the only marks are those of our own reader, and every word is escaped."""

from markupsafe import Markup

from guildhall.design.languages import Text
from guildhall.design.pages.speaking import current_language
from guildhall.services.forms.domain.guidance import Block, Line, blocks

_HEADING = Markup('<{tag} class="govuk-heading-{size}">{words}</{tag}>')
_LIST = Markup('<{tag} class="govuk-list govuk-list--{sort}">{items}</{tag}>')
_LISTS = {"bullets": ("ul", "bullet"), "numbers": ("ol", "number")}
_HEADINGS = {"heading-2": ("h2", "m"), "heading-3": ("h3", "s")}


def guidance_html(text: Text) -> Markup:
    """Return guidance in the language of the page, as paragraphs, headings and lists."""
    return Markup("\n").join(_block(block) for block in blocks(text.in_(current_language())))


def _block(block: Block) -> Markup:
    if block.kind in _LISTS:
        tag, sort = _LISTS[block.kind]
        items = Markup("").join(Markup("<li>{}</li>").format(_line(line)) for line in block.lines)
        return _LIST.format(tag=tag, sort=sort, items=items)
    if block.kind in _HEADINGS:
        tag, size = _HEADINGS[block.kind]
        return Markup("\n").join(_HEADING.format(tag=tag, size=size, words=_line(line)) for line in block.lines)
    return Markup('<p class="govuk-body">{}</p>').format(_line(block.lines[0]))


def _line(line: Line) -> Markup:
    return Markup("").join(_span(span.words, span.is_bold, span.address) for span in line)


def _span(words: str, is_bold: bool, address: str) -> Markup:
    if address:
        return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, words)
    return Markup("<strong>{}</strong>").format(words) if is_bold else Markup("{}").format(words)
