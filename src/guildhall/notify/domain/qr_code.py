"""QR codes in letters: a paragraph ``QR: https://…`` is printed as the code of what follows the colon."""

import re

import segno

from guildhall.kernel.refusals import Invalid

MOST_BYTES = 504
"""What a printed code may hold and still be read by a telephone (contract: notify 2)."""

_PARAGRAPH = re.compile(r"\s*qr\s*:\s*(?P<content>.+)", re.IGNORECASE)


class QrCodeTooLong(Invalid):
    """The code would hold more than can be read from paper."""

    def __init__(self, content: str) -> None:
        super().__init__("Cannot create a usable QR code - the link is too long")
        self.content, self.size, self.most = content, len(content.encode()), MOST_BYTES


def find_qr_content(paragraph: str) -> str | None:
    """Return what a paragraph wants put into a code, or None for any other paragraph.

    >>> find_qr_content("qr : https://example.com")
    'https://example.com'
    """
    match = _PARAGRAPH.match(paragraph)
    return match["content"] if match else None


def qr_code_svg(content: str) -> str:
    """Return a code as a drawing without a border; it survives at least 15 % of dirt.

    :raises QrCodeTooLong: it would hold more than 504 bytes.
    """
    if len(content.encode()) > MOST_BYTES:
        raise QrCodeTooLong(content)
    code = segno.make(content, error="m", micro=False)
    return str(code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))
