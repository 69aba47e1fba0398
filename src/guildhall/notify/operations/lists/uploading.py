"""Taking in a file of recipients: kept encrypted and in parts, so that neither a request nor a check holds it whole."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.domain.ids import ListId, NotifyServiceId, TemplateId
from guildhall.notify.domain.template import Shown
from guildhall.notify.operations.accepting import TemplateDeleted
from guildhall.notify.operations.lists.checking import check_list
from guildhall.notify.operations.lists.recording import record_list
from guildhall.notify.queries.lists.contents import PURPOSE, StoredFile
from guildhall.notify.queries.templates import get_template
from guildhall.spreadsheets.opening import size_unpacked
from guildhall.spreadsheets.table import LARGEST_FILE, FileEmpty, FileTooLarge, UnreadableFile

CHECKED_AT_ONCE, UNPACKED_AT_ONCE = 256 * 1024, 2 * 1024 * 1024
"""Bytes of a file that is checked while its sender waits: some thousand rows, a fraction of a second. A spreadsheet of
that size may unpack to a hundred megabytes: that is the worker's."""

_PART = 256 * 1024
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NewList:
    """A file that an officer uploads for a template. ``language`` is of rows that say none."""

    template_id: TemplateId
    language: Shown
    file_name: str
    content: Iterable[bytes]
    uploaded_by: str


def upload_list(
    wanted: NewList, *, of: NotifyServiceId, actor: PersonId, now: datetime, clock: Callable[[], datetime]
) -> ListId:
    """Keep a file and have it checked: a small one before this returns, a large one by the worker.

    What is wrong with the file is found out by the check, and told on its page.

    :raises TemplateNotFound: the service has no such template.
    :raises TemplateDeleted: the template was put away.
    :raises FileEmpty: there is nothing in the file.
    :raises FileTooLarge: it has more bytes than a list may have.
    """
    row = _store(wanted, of, actor, now)
    if _is_checked_at_once(row):
        check_list(ListId(row.id), current_organisation(), now=now, clock=clock)
    return ListId(row.id)


def _is_checked_at_once(row: models.UploadedList) -> bool:
    """Whether a file is checked in a moment; one that cannot be read is found out in less."""
    if row.file_size > CHECKED_AT_ONCE:
        return False
    try:
        return size_unpacked(StoredFile(ListId(row.id), current_organisation())) <= UNPACKED_AT_ONCE
    except UnreadableFile:
        return True


@transaction
def _store(wanted: NewList, of: NotifyServiceId, actor: PersonId, now: datetime) -> models.UploadedList:
    template = get_template(wanted.template_id, of=of)
    if template.is_archived:
        raise TemplateDeleted("the template has been deleted")
    row = models.UploadedList(
        notify_service_id=of,
        template_id=template.id,
        template_version=template.version,
        channel=str(template.channel),
        language=wanted.language,
        file_name=wanted.file_name[:_LONGEST_NAME],
        uploaded_by=wanted.uploaded_by,
        uploaded_at=now,
        changed_at=now,
    )
    row.file_size, row.sha256 = _store_parts(row, wanted.content)
    row.save(force_insert=True)
    record_list("list.uploaded", row, actor=actor, now=now)
    return row


def _store_parts(row: models.UploadedList, content: Iterable[bytes]) -> tuple[int, bytes]:
    """Write the file down in parts and return how many bytes it has, and their hash."""
    size, seen = 0, hashlib.sha256()
    for number, part in enumerate(_cut(content)):
        size += len(part)
        if size > LARGEST_FILE:
            raise FileTooLarge("the file is larger than a list can be")
        seen.update(part)
        models.ListPart.objects.create(list_id=row.id, number=number, content=secrets.encrypt(part, PURPOSE))
    if not size:
        raise FileEmpty("there is nothing in the file")
    return size, seen.digest()


def _cut(content: Iterable[bytes]) -> Iterator[bytes]:
    """Cut what comes in pieces of any size into parts of one size."""
    held = b""
    for piece in content:
        held += piece
        while len(held) >= _PART:
            yield held[:_PART]
            held = held[_PART:]
    if held:
        yield held
