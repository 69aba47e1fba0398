"""What a message's Markdown means, before anybody decides what it looks like."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Text to be shown as it is, a preview's own tags included."""

    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    pass


@dataclass(frozen=True, slots=True)
class Link:
    """``[content](address "title")``; a bare address is a link whose content is the address."""

    address: str
    title: str
    content: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class BareLink:
    address: str


Inline = Words | LineBreak | Link | BareLink


@dataclass(frozen=True, slots=True)
class Gap:
    """More than one newline where no block ends: it shows only in front of the first block."""


@dataclass(frozen=True, slots=True)
class Rule:
    pass


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines indented by four spaces, or fenced: shown as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Text of a list item that stands close to its neighbours, without a paragraph around it."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Inset:
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with numbers or with bullets."""

    is_numbered: bool
    items: "tuple[tuple[Block, ...], ...]"


Block = Gap | Rule | Verbatim | Heading | Paragraph | Close | Inset | Items
