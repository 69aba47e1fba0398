"""Making typed text look set: curly quotes, dashes with air around them, no space before a comma.

Works on plain text and on HTML alike: what stands inside a tag, or inside a link, is left as it is.
"""

import re
from collections.abc import Iterator

from guildhall.notify.domain.looking_ahead import Ahead

_SPACE_BEFORE_POINT = re.compile(r"[ \t](?<![ \t]{2})[ \t]*+(?=[,.])")
_SPACED_DASH = re.compile(r"\s(?<!\s{2})\s*+[-–—]{1,3}\s++")
_COMMENT_ENDS, _TAG_ENDS = re.compile(r"--\s*+>"), re.compile(r">")
_OPENS_UNTOUCHED = re.compile(r"<(/)?(?:pre|samp|code|tt|kbd|script|style|math|a)[^>]*>", re.IGNORECASE)
_HOLDS_ADDRESS = re.compile(r"(^|\s)\S+@\S+(\s|$)", re.MULTILINE)
_BACKSLASHED = re.compile(r"\\([\\\"'.\-`])")
_GOVUK = re.compile(r"(^|\s)([#*^]?GOV)\.(UK)(?![/?#])", re.IGNORECASE)

_GAP_BEFORE = r"(\s|&nbsp;|--|[–—]|&[mn]dash;|&#8211;|&#8212;|&#x201[34];)"
_SOLID_BEFORE = r"([^ \t\r\n\[{(\-])"
_QUOTES = tuple(
    (re.compile(pattern), curled)
    for pattern, curled in (
        (r"\"'(?=\w)", "“‘"),
        (r"'\"(?=\w)", "‘“"),
        (r"\b'(?=\d{2}s)", "’"),
        (_GAP_BEFORE + r"'(?=\w)", r"\1‘"),
        (_SOLID_BEFORE + r"'(?!\s|s\b|\d)", r"\1’"),
        (_SOLID_BEFORE + r"'(?=\s|s\b)", r"\1’"),
        (r"'", "‘"),
        (_GAP_BEFORE + r'"(?=\w)', r"\1“"),
        (r'"(?=\s)', "”"),
        (_SOLID_BEFORE + r'"', r"\1”"),
        (r'"', "“"),
    )
)
"""In this order: what an earlier line has curled, a later line no longer sees."""


def set_type(text: str) -> str:
    """Return the text as it should be printed."""
    text = curl_quotes(without_space_before_points(text))
    if "@" in text:
        text = _HOLDS_ADDRESS.sub(lambda address: address.group().replace("‘", "'").replace("’", "'"), text)
    return _SPACED_DASH.sub(" – ", text)


def without_space_before_points(text: str) -> str:
    """Return the text with no space before a comma or full stop."""
    return _SPACE_BEFORE_POINT.sub("", text)


def keep_from_linking(text: str) -> str:
    """Return the text with GOV.UK, named as a word, broken invisibly so that mail programs do not link it."""
    return _GOVUK.sub("\\1\\2.\u200b\\3", text)


def curl_quotes(text: str) -> str:
    """Return the text with straight quotation marks curled, outside tags and links."""
    if _has_nothing_to_curl(text):
        return text
    pieces: list[str] = []
    position, untouched, last_character = 0, False, ""
    for start, end in _tags(text):
        words, tag = text[position:start], text[start:end]
        pieces += [words if untouched else _curl(words, last_character), tag]
        last_character = words[-1:] or last_character
        untouched = _is_untouched_after(tag, untouched)
        position = end
    words = text[position:]
    pieces.append(words if untouched else _curl(words, last_character))
    return "".join(pieces)


def _tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each tag and comment begins and ends. What never ends is neither."""
    comment_ends, tag_ends = Ahead(_COMMENT_ENDS, text), Ahead(_TAG_ENDS, text)
    start = text.find("<")
    while start >= 0:
        end = comment_ends.find_end(start + len("<!--")) if text.startswith("<!--", start) else -1
        end = end if end >= 0 else tag_ends.find_end(start)
        if end < 0:
            return
        yield start, end
        start = text.find("<", end)


def _is_untouched_after(tag: str, untouched: bool) -> bool:
    match = _OPENS_UNTOUCHED.match(tag)
    return untouched if match is None else match.group(1) is None


def _has_nothing_to_curl(text: str) -> bool:
    return "'" not in text and '"' not in text and "\\" not in text


def _curl(words: str, last_character: str) -> str:
    if _has_nothing_to_curl(words):
        return words
    if words in ("'", '"'):
        closes = last_character != "" and not last_character.isspace()
        return {"'": "’" if closes else "‘", '"': "”" if closes else "“"}[words]
    words = _BACKSLASHED.sub(_hide, words)
    for pattern, curled in _QUOTES:
        words = pattern.sub(curled, words)
    return words.translate(_SHOWN_AGAIN)


_HIDDEN = dict(zip("\\\"'.-`", "\ue0f0\ue0f1\ue0f2\ue0f3\ue0f4\ue0f5", strict=True))
_SHOWN_AGAIN = {ord(hidden): character for character, hidden in _HIDDEN.items()}


def _hide(backslashed: re.Match[str]) -> str:
    """A character behind a backslash is meant as typed: put a stand-in where the quotation rules cannot see it."""
    return _HIDDEN[backslashed.group(1)]
