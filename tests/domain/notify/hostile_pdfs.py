"""PDFs as an attacker writes them: by hand, small, and with what a good letter never has."""

import zlib
from collections.abc import Sequence

ADDRESS = b"BT /F 9 Tf 72 710 Td 11 TL (Mx One) Tj T* (1 High Street) Tj T* (Testford) Tj T* (SW1A 1AA) Tj ET\n"
_FONTS = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
_ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def letter(
    content: bytes = b"",
    *,
    catalogue: bytes = b"",
    pages: bytes = _ONE_PAGE,
    page: bytes = b"",
    resources: bytes = b"",
    box: bytes = b"[0 0 595 842]",
    trailer: bytes = b"",
    packed: bytes | None = None,
    more: Sequence[bytes] = (),
) -> bytes:
    """Return a letter of one page with an address in its window. ``more`` are further objects, numbered from 5."""
    return document(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        pages,
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << %s %s >> %s >>"
        % (box, _FONTS, resources, page),
        packed or stream(ADDRESS + content),
        *more,
        trailer=trailer,
    )


def document(*objects: bytes, trailer: bytes = b"") -> bytes:
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, begins = len(objects) + 1, len(written)
    return (
        bytes(written)
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (size, trailer, begins)
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def form(content: bytes, entries: bytes = b"") -> bytes:
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + entries)


def dot(shade: bytes, entries: bytes = b"") -> bytes:
    """Return a picture of one dot."""
    kind = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray "
    return stream(shade, kind + entries)


def bomb(gigabytes: int) -> bytes:
    """Return a stream of a few kilobytes that unpacks, twice, to so many gigabytes of spaces."""
    packing = zlib.compressobj(9)
    begun = packing.compress(b" " * (1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)
    again = packing.compress(b" " * (1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)
    once = begun + again * (1024 * gigabytes)
    return stream(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]")


LAYER = b"/OC /L BDC BT /F 12 Tf 100 300 Td (For the file only) Tj ET EMC"


def layered(states: bytes, usage: bytes = b"") -> bytes:
    """Return a letter with words in a layer that is shown as the document's ``states`` and its own ``usage`` say."""
    return letter(
        LAYER,
        resources=b"/Properties << /L 5 0 R >>",
        catalogue=b"/OCProperties << /OCGs [5 0 R] /D << %s >> >>" % states,
        more=[b"<< /Type /OCG /Name (Notes) %s >>" % usage],
    )


def stamped(flags: int, place: bytes = b"[100 300 150 350]") -> bytes:
    """Return a letter with a stamp over it, a black square, that is seen where its ``flags`` say."""
    stamp = b"<< /Type /Annot /Subtype /Stamp /Rect %s /F %d /AP << /N 5 0 R >> /A << /S /Launch /F (a.exe) >> >>"
    return letter(page=b"/Annots [%s]" % (stamp % (place, flags)), more=[form(b"0 0 595 842 re f")])
