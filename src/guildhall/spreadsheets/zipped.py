"""Spreadsheets that are archives of XML: opened with care, read as a stream, and refused when they are traps."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from guildhall.spreadsheets.table import FileTooLarge, NotATable, PasswordProtected

MOST_MEMBERS = 2_000
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_IN_MEMORY = 64 * 1024 * 1024
STEEPEST = 400
"""How many times larger than packed a member may be: XML of a full table is 10 to 100 times, a bomb 1,000 times."""

_SMALL = 1024 * 1024
_PART = 65_536
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_LOCKED = 0x1


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Return the archive if it is one and unpacks to something of reasonable size.

    :raises NotATable: it is no archive, or is damaged.
    :raises FileTooLarge: it is made to fill the memory of whoever opens it.
    :raises PasswordProtected: what is in it is locked.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as fault:
        raise NotATable("the archive is damaged") from fault
    members = archive.infolist()
    if any(member.flag_bits & _IS_LOCKED for member in members):
        raise PasswordProtected("the archive is locked")
    if any(member.compress_type not in _METHODS for member in members):
        raise NotATable("the archive is packed in a way that spreadsheets are not")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise FileTooLarge("the file unpacks to more than a table can be")
    if any(member.file_size > max(_SMALL, STEEPEST * member.compress_size) for member in members):
        raise FileTooLarge("the file unpacks to far more than it holds")
    return archive


class Handler(Protocol):
    """What is told of a document's elements and texts, in their order."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def characters(self, text: str) -> None: ...


def walk_xml(archive: zipfile.ZipFile, member: str, handler: Handler) -> Iterator[None]:
    """Tell the handler of a member's elements, and come back after every part of it.

    :raises NotATable: there is no such member, or it is not the XML that programs write.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with archive.open(member) as file:
            while part := file.read(_PART):
                parser.Parse(part, False)
                yield
            parser.Parse(b"", True)
            yield
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as fault:
        raise NotATable(f"{member} is missing or damaged") from fault


def beginning_of(archive: zipfile.ZipFile, member: str) -> bytes:
    """Return the first part of a member, enough to see whether there is anything in it.

    :raises NotATable: it is damaged.
    """
    try:
        with archive.open(member) as file:
            return file.read(_SMALL)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as fault:
        raise NotATable(f"{member} is missing or damaged") from fault


@dataclass(slots=True)
class Element:
    """An element that begins, or ends with the text that stood directly in it."""

    name: str
    attributes: dict[str, str]
    is_end: bool = False
    text: str = ""


def read_xml(archive: zipfile.ZipFile, member: str) -> Iterator[Element]:
    """Go through a member's elements as they come: each when it begins, and again when it ends.

    :raises NotATable: as ``walk_xml``.
    """
    gathered = _Gathered()
    for _part in walk_xml(archive, member, gathered):
        yield from gathered.elements
        gathered.elements.clear()


@dataclass(slots=True)
class _Gathered:
    """Elements as they were told. Names lose their namespaces: the handful that is looked for has one meaning each."""

    elements: list[Element] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.texts.append([])
        self.elements.append(Element(name.rpartition(":")[2], attributes))

    def end(self, name: str) -> None:
        self.elements.append(Element(name.rpartition(":")[2], {}, True, "".join(self.texts.pop())))

    def characters(self, text: str) -> None:
        self.texts[-1].append(text)


def _refuse_doctype(*_declared: object) -> None:
    """No spreadsheet program writes one; they are how entities are made that expand without end."""
    raise NotATable("the file declares a document type")
