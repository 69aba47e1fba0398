"""A letter's words: body, heading and the sender's block, in English, or in Welsh and then English."""

import re
from datetime import date
from itertools import zip_longest

from guildhall.notify.domain.markdown.blocks import read_blocks
from guildhall.notify.domain.markdown.letter import render_letter_html
from guildhall.notify.domain.personalisation import NOTHING_GIVEN, Personalisation
from guildhall.notify.domain.typography import set_type, without_space_before_points
from guildhall.notify.domain.wording import HTML_BODY, HTML_LINE, read_escaped_wording

_CODE = re.compile(
    r"<div class='qrcode'>.*?(?:</div>|\Z)|<div class='qrcode-placeholder'>.*?(?:</div>\n</div>|\Z)", re.DOTALL
)
_STAND_IN = "\ue0f8"
_UNBROKEN_HYPHEN = "\u2011"

WELSH_MONTHS = (
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
)


def letter_html(body: str, given: Personalisation = NOTHING_GIVEN) -> str:
    """Return the body of a letter as HTML; what nobody filled is marked.

    :raises QrCodeTooLong: a code would hold too much.
    """
    filled = read_escaped_wording(body).fill(given, HTML_BODY)
    return _set(render_letter_html(read_blocks(filled + "\n")))


def letter_heading(subject: str, given: Personalisation = NOTHING_GIVEN) -> str:
    """Return the heading of a letter as HTML."""
    return " ".join(_set(read_escaped_wording(subject).fill(given, HTML_LINE)).split())


def letter_lines(block: str, given: Personalisation = NOTHING_GIVEN) -> list[str]:
    """Return the lines of the sender's block as HTML, as they were typed, without empty ones at its ends.

    Its dashes and quotation marks are not set: alphagov/notifications-utils:notifications_utils/template.py,
    LetterPreviewTemplate._contact_block.
    """
    filled = read_escaped_wording(block).fill(given, HTML_LINE)
    lines = (without_space_before_points(line.strip()) for line in filled.strip().splitlines())
    return [line.replace("-", _UNBROKEN_HYPHEN) for line in lines]


def letter_date(day: date, *, is_welsh: bool) -> str:
    """Return the day as a letter writes it.

    >>> letter_date(date(2026, 3, 1), is_welsh=True), letter_date(date(2026, 3, 1), is_welsh=False)
    ('1 Mawrth 2026', '1 March 2026')
    """
    month = WELSH_MONTHS[day.month - 1] if is_welsh else f"{day:%B}"
    return f"{day.day} {month} {day.year}"


def _set(html: str) -> str:
    """Set the type of everything but the codes; hyphens hold words together, so that no line ends in one."""
    codes = _CODE.findall(html)
    text = set_type(_CODE.sub(_STAND_IN, html) if codes else html).replace("-", _UNBROKEN_HYPHEN)
    between = text.split(_STAND_IN, len(codes))
    return "".join(piece for pair in zip_longest(between, codes, fillvalue="") for piece in pair)
