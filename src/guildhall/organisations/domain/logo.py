"""A council's picture: a PNG of a modest size. Nothing else is taken, because an SVG can carry a program."""

import struct
import zlib

from guildhall.kernel.refusals import Invalid

LARGEST_BYTES = 200_000
LARGEST_SIDE = 2_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class NotALogo(Invalid):
    """The file is not a PNG picture, is broken, or is too large. ``why`` is ``bytes``, ``kind`` or ``pixels``."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"not a logo: {why}")


def check_png(picture: bytes) -> None:
    """Check that a file is a whole PNG picture that fits beside a name.

    :raises NotALogo: it is not.
    """
    if len(picture) > LARGEST_BYTES:
        raise NotALogo("bytes")
    if not picture.startswith(_SIGNATURE):
        raise NotALogo("kind")
    chunks = _chunks(picture)
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or len(chunks[0][1]) != 13:
        raise NotALogo("kind")
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if not 0 < max(width, height) <= LARGEST_SIDE or not min(width, height):
        raise NotALogo("pixels")


def _chunks(picture: bytes) -> list[tuple[bytes, bytes]]:
    """Take a PNG apart; an empty list when it does not fit together."""
    chunks, at = [], len(_SIGNATURE)
    while at < len(picture):
        if at + 12 > len(picture):
            return []
        (length,) = struct.unpack(">I", picture[at : at + 4])
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        if picture[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(kind + body)):
            return []
        chunks.append((kind, body))
        at += 12 + length
    return chunks
