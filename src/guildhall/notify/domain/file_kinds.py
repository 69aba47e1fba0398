"""What kind of file somebody sends, by what is in it: its name counts only as far as its content agrees.

A file is one kind. What two programs would take for two different things (a picture that is an archive as well) is
none of ours, and so is an archive that is made to fill the memory of whoever opens it.
"""

import json
import re
import zipfile
from collections.abc import Mapping

from guildhall.spreadsheets.table import UnreadableFile
from guildhall.spreadsheets.zipped import open_archive, read_xml

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "rtf": "text/rtf",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media types by the ending of a file's name. What is not here is not sent."""

_BEGINNINGS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"%PDF-", ("pdf",)),
    (b"\x89PNG\r\n\x1a\n", ("png",)),
    (b"\xff\xd8\xff", ("jpg", "jpeg")),
    (b"{\\rtf", ("rtf",)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("doc",)),
)
_ARCHIVE = b"PK\x03\x04"
_END_OF_ARCHIVE, _END_IS_LONG = b"PK\x05\x06", 22
_ENDS_OF_ARCHIVE = re.compile(_END_OF_ARCHIVE)
_LISTED = b"PK\x01\x02"
_CONTENTS = "[Content_Types].xml"
_LARGEST_CONTENTS = 256 * 1024
# The main part of an Office document says what the whole is (ECMA-376, part 2); macros would make it another type.
_MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_MARKS_OF_PAGES = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml")
_NOT_IN_TEXT = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")
_BEGINS_TEXT = b"\xef\xbb\xbf"


def likely_kinds(content: bytes) -> tuple[str, ...]:
    """Return the endings that fit what is in a file, the likeliest first; none where it is nothing that may be sent."""
    if content.startswith(_ARCHIVE):
        return _kinds_of_archive(content)
    if _ends_as_archive(content):
        return ()
    for beginning, kinds in _BEGINNINGS:
        if content.startswith(beginning):
            return kinds
    return _kinds_of_text(content)


def _ends_as_archive(content: bytes) -> bool:
    """Whether a program that looks for archives, from the end, would find one; many pass over what comes after it."""
    since = max(0, len(content) - 0xFFFF - 2 * _END_IS_LONG)
    return any(_is_end_of_archive(content, found.start()) for found in _ENDS_OF_ARCHIVE.finditer(content, since))


def _is_end_of_archive(content: bytes, at: int) -> bool:
    """Whether a list of members stands before it, as long as it says, or it says that there are none."""
    end = content[at : at + _END_IS_LONG]
    size = int.from_bytes(end[12:16], "little")
    has_none = not any(end[4:20])
    return len(end) == _END_IS_LONG and (has_none or content.startswith(_LISTED, max(0, at - size)))


def _kinds_of_archive(content: bytes) -> tuple[str, ...]:
    """Tell documents that are archives by their structure."""
    try:
        with open_archive(content) as archive:
            if not _is_whole(archive, content):
                return ()
            kind = _open_document(archive) or _office_document(archive)
    except (UnreadableFile, zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return ()
    return (kind,) if kind else ()


def _is_whole(archive: zipfile.ZipFile, content: bytes) -> bool:
    """Whether the file is the archive and nothing beside it, and names each of its members once."""
    members = archive.infolist()
    return (
        bool(members)
        and min(member.header_offset for member in members) == 0
        and content.rfind(_END_OF_ARCHIVE) + _END_IS_LONG == len(content)
        and len({member.filename for member in members}) == len(members)
    )


def _open_document(archive: zipfile.ZipFile) -> str:
    """OpenDocument: its first member says what it is, unpacked (OpenDocument 1.3, part 2, 3.3)."""
    first = archive.infolist()[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.file_size > 100:
        return ""
    told = archive.read(first) == MEDIA_TYPES["odt"].encode()
    return "odt" if told and "content.xml" in archive.namelist() else ""


def _office_document(archive: zipfile.ZipFile) -> str:
    """Office: a list of contents gives the main part its type."""
    if _CONTENTS not in archive.namelist() or archive.getinfo(_CONTENTS).file_size > _LARGEST_CONTENTS:
        return ""
    parts = {
        element.attributes.get("PartName", "").lstrip("/"): _MAIN_PARTS[element.attributes["ContentType"]]
        for element in read_xml(archive, _CONTENTS)
        if not element.is_end and element.attributes.get("ContentType") in _MAIN_PARTS
    }
    found = {kind for part, kind in parts.items() if part in archive.namelist()}
    return found.pop() if len(found) == len(parts) == 1 else ""


def _kinds_of_text(content: bytes) -> tuple[str, ...]:
    """Tell text from what is none: it has no control characters but white space, and is no page that a browser runs."""
    beginning = content.removeprefix(_BEGINS_TEXT)[:1024].lstrip().lower()
    if content.translate(None, _NOT_IN_TEXT) != content or beginning.startswith(_MARKS_OF_PAGES):
        return ()
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return ("txt", "csv")
    return ("txt", "json", "csv")
