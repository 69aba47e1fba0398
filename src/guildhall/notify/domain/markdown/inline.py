"""Reading what stands inside a line: links, line breaks, and characters behind a backslash.

There is no bold, italic, code or image: stars and underlines are just characters (contract: notify 2).
"""

import re

from guildhall.notify.domain.markdown.tree import BareLink, Inline, LineBreak, Link, Words

_BACKSLASHED = re.compile(r"\\([\\`*{}\[\]()#+\-.!_>~|])")
_ATTRIBUTES = r"(?:\s+[\w\-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*"
_OPENING = re.compile(rf"<(?P<tag>\w+(?!:/|[^\w\s@]*@)\b){_ATTRIBUTES}>")
_EMPTY = re.compile(rf"<\w+(?!:/|[^\w\s@]*@)\b{_ATTRIBUTES}/?>")
_IN_ANGLES = re.compile(r"<([^ >]++)>")
_ADDRESS_SIGN = re.compile(r"[@:]")
_BARE = re.compile(r"https?://[^\s<]+[^<.,:\"')\]\s]")
_LINK = re.compile(
    r"(?P<image>!)?\[(?P<content>(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
    r"\(\s*(?P<angle><)?(?P<address>[\s\S]*?)(?(angle)>)(?:\s+['\"](?P<title>[\s\S]*?)['\"])?\s*\)"
)
LONGEST_LINK, LONGEST_MARKUP = 2500, 5000
"""Characters that a link has at most (its words and its address together), and a tag with all that it closes around.

Whoever writes a message, or what is filled into it, would otherwise choose how long reading it takes.
"""

_BREAK = re.compile(r" *\n(?!\s*\Z)")
_TEXT = re.compile(r"[\s\S]+?(?=[\\<!\[]|https?://| *\n|\Z)")


def read_inline(text: str, *, within_link: bool = False) -> tuple[Inline, ...]:
    """Return the pieces of a paragraph, heading or line."""
    pieces: list[Inline] = []
    position = 0
    while position < len(text):
        piece, position = _read_piece(text, position, within_link)
        if isinstance(piece, Words) and pieces and isinstance(pieces[-1], Words):
            piece = Words(pieces.pop().text + piece.text)  # type: ignore[union-attr]
        pieces.append(piece)
    return tuple(pieces)


def _read_piece(text: str, at: int, within_link: bool) -> tuple[Inline, int]:
    if match := _BACKSLASHED.match(text, at):
        return Words(match.group(1)), match.end()
    if text[at] == "<":
        if end := _find_end_of_markup(text, at):
            return Words(text[at:end]), end
        if match := _find_address_in_angles(text, at):
            return Words(match.group(1)), match.end()
    if match := _BARE.match(text, at):
        return (Words if within_link else BareLink)(match.group()), match.end()
    if match := _find_link(text, at):
        return _read_link(match), match.end()
    if match := _BREAK.match(text, at):
        return LineBreak(), match.end()
    match = _TEXT.match(text, at)
    assert match is not None, "some text is always left when nothing else matches"
    return Words(match.group()), match.end()


def _find_end_of_markup(text: str, at: int) -> int:
    """Return where the comment or tag ends that begins at a place, with all that it closes around; 0 if none does."""
    furthest = at + LONGEST_MARKUP
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4, furthest)
        return end + 3 if end >= 0 else 0
    if match := _OPENING.match(text, at, furthest):
        closing = f"</{match['tag']}>"
        end = text.find(closing, match.end(), furthest)
        return end + len(closing) if end >= 0 else match.end()
    match = _EMPTY.match(text, at, furthest)
    return match.end() if match else 0


def _find_address_in_angles(text: str, at: int) -> re.Match[str] | None:
    match = _IN_ANGLES.match(text, at, at + LONGEST_LINK)
    return match if match and _ADDRESS_SIGN.search(match[1], 1, len(match[1]) - 1) else None


def _find_link(text: str, at: int) -> re.Match[str] | None:
    furthest = at + LONGEST_LINK
    middle = text.find("](", at, furthest) if text[at] in "![" else -1
    return _LINK.match(text, at, furthest) if middle >= 0 and text.find(")", middle, furthest) >= 0 else None


def _read_link(match: re.Match[str]) -> Inline:
    if match.group("image"):
        return Words("")
    return Link(
        match.group("address"), match.group("title") or "", read_inline(match.group("content"), within_link=True)
    )
