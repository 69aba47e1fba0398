"""A file sent by email: what may be sent, and the link that a reader gets instead of it (contract: notify 1.5, Files).

The link carries the key that the file is kept under, and nothing else does: without the link nobody can read the file,
not even whoever holds the database.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier
from guildhall.notify.domain.file_kinds import MEDIA_TYPES, likely_kinds

LARGEST_FILE = 2 * 1024 * 1024 + 1024
"""Bytes. Two mebibytes, and a little for what clients add."""

LONGEST_FILENAME = 100
USUAL_WEEKS, MOST_WEEKS = 26, 78

_WEEKS = re.compile(r"0*+([0-9]{1,2}) weeks?")
_PHONE = re.compile(r"[0-9+() ]{3,30}")


class UnsupportedFile(Invalid):
    """The file is of a type that may not be sent, or is not what its name says. ``kind`` is what it was taken for."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a file of type {kind} cannot be sent")
        self.kind = kind


class NotAContact(Invalid):
    """Readers of files could not ask there: it is no page, no email address and no phone number."""


class FilenameTooLong(Invalid):
    """The file's name is longer than people can use."""


class FileTooLarge(Invalid):
    """The file is larger than two megabytes."""


class NotBase64(Invalid):
    """The file was not sent as base64."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as a program sent it. ``name`` is None when the program gave none."""

    content: bytes
    name: str | None
    kind: str
    asks_for_email: bool
    kept_for: timedelta

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]


@dataclass(frozen=True, slots=True)
class DocumentAddress:
    """Where a reader finds a file: whose it is, which it is, and the key that opens it."""

    service_id: UUID
    document_id: UUID
    key: bytes

    def link(self, root: str) -> str:
        """Return the link that stands in the email."""
        return f"{root}/d/{_spell(self.service_id.bytes)}/{_spell(self.document_id.bytes)}?key={_spell(self.key)}"


def read_contact(typed: str) -> str:
    """Return whom readers of files ask: the address of a page, an email address or a phone number; empty for nobody.

    :raises NotAContact: it is none of these.
    """
    contact = clean_identifier(typed)
    if contact.startswith(("https://", "http://")):
        if urlsplit(contact).hostname and contact.isprintable() and " " not in contact:
            return contact
    elif "@" in contact:
        try:
            return parse_email_address(contact)
        except NotAnEmailAddress as fault:
            raise NotAContact("this is not an email address") from fault
    elif not contact or _PHONE.fullmatch(contact):
        return contact
    raise NotAContact("this is not a web address, an email address or a phone number")


def is_file(value: object) -> bool:
    """Decide whether a value that fills a gap is a file."""
    return isinstance(value, Mapping) and "file" in value


def read_file(value: Mapping[str, object]) -> NewFile:
    """Return the file that a value holds.

    The value's own words (``retention_period``, ``confirm_email_before_download``, ``is_csv``) have passed the schema.

    :raises NotBase64, FileTooLarge, FilenameTooLong, UnsupportedFile: it cannot be sent.
    """
    content = _decode(value["file"])
    if len(content) > LARGEST_FILE:
        raise FileTooLarge("the file is larger than 2 MB")
    name = value.get("filename")
    if isinstance(name, str) and len(name) > LONGEST_FILENAME:
        raise FilenameTooLong("the file's name is too long")
    claimed = name.rpartition(".")[2].lower() if isinstance(name, str) else "csv" if value.get("is_csv") else None
    return NewFile(
        content=content,
        name=name if isinstance(name, str) else None,
        kind=_kind_of(content, claimed),
        asks_for_email=value.get("confirm_email_before_download") is not False,
        kept_for=timedelta(weeks=weeks_of(value.get("retention_period")) or USUAL_WEEKS),
    )


def weeks_of(period: object) -> int | None:
    """Return the weeks that ``"26 weeks"`` asks for; None when it is no such period, or one that is not offered."""
    match = _WEEKS.fullmatch(period.strip().lower()) if isinstance(period, str) else None
    weeks = int(match.group(1)) if match else 0
    return weeks if 1 <= weeks <= MOST_WEEKS else None


def read_id(spelled: str) -> UUID | None:
    """Read an id as a link spells it."""
    decoded = read_key(spelled, size=16)
    return UUID(bytes=decoded) if decoded else None


def read_key(spelled: str, *, size: int = 32) -> bytes | None:
    """Read a key as a link spells it."""
    try:
        decoded = base64.b64decode(spelled + "=" * (-len(spelled) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    return decoded if len(decoded) == size else None


def _decode(sent: object) -> bytes:
    if not isinstance(sent, str) or not sent.isascii():
        raise NotBase64("the file is not base64")
    try:
        return base64.b64decode("".join(sent.split()), validate=True)
    except (ValueError, binascii.Error) as fault:
        raise NotBase64("the file is not base64") from fault


def _kind_of(content: bytes, claimed: str | None) -> str:
    """Return the ending that fits what the file is. What it claims to be counts only as far as its content agrees."""
    likely = likely_kinds(content)
    if claimed is None and likely:
        return likely[0]
    if claimed is not None and claimed in likely:
        return claimed
    raise UnsupportedFile(claimed if claimed is not None and claimed not in MEDIA_TYPES else _name_of(likely))


def _name_of(likely: tuple[str, ...]) -> str:
    return MEDIA_TYPES[likely[0]] if likely else "application/octet-stream"


def _spell(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
