"""Files sent by email: locked and kept, opened by whoever has the link, and thrown away when their time is over."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection
from django.db.transaction import on_commit

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.limits import Against, Counted, Limit
from guildhall.kernel.networks import Network
from guildhall.kernel.refusals import Forbidden, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import transaction
from guildhall.kernel.tries import give_back, take_tries
from guildhall.notify import models
from guildhall.notify.domain.document import DocumentAddress, NewFile, is_file, read_contact, read_file
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.ports import find_virus_scanner
from guildhall.notify.queries.documents import email_digest, lock
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.queries.services import NotifyServiceNotFound, NotifyServiceView
from guildhall.organisations.operations import Subject, record_audit

BATCH = 200

WRONG_ADDRESSES = "files: wrong email addresses"
ON_A_FILE = Limit(tries=10, counted_for=timedelta(hours=1))
ON_A_NETWORK = Limit(tries=100, counted_for=timedelta(hours=1))


class FilesNotSetUp(Forbidden):
    """A value is a file, and the service has not said whom to ask about its files."""

    def __init__(self, service: NotifyServiceView) -> None:
        super().__init__("sending files has not been set up")
        self.service_id = service.id


class VirusFound(Invalid):
    """The file did not pass the virus scan."""


class WrongEmail(Invalid):
    """The email address is not the one that the file was sent to."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file on its way into an email, with the link that its reader gets. None is kept for a pretended recipient."""

    link: str
    address: DocumentAddress | None = None
    file: NewFile | None = None


@transaction
def say_whom_to_ask(notify_service_id: NotifyServiceId, contact: str, *, actor: PersonId | None, now: datetime) -> None:
    """Let a service send files, and say whom their readers ask: a page, an email address or a phone number.

    Without a contact it sends no more files; those on their way stay readable.

    :raises NotAContact: it is none of the three.
    :raises NotifyServiceNotFound: the council has no such service.
    """
    on_commit(forget_services)
    if not own_rows(models.NotifyService).filter(id=notify_service_id).update(files_contact=read_contact(contact)):
        raise NotifyServiceNotFound("there is no such notify service")
    subject = Subject("notify_service", notify_service_id, service_id=notify_service_id)
    record_audit("files.contact", subject, actor=actor, now=now, details={"sends_files": "yes" if contact else "no"})


def enclose(values: Mapping[str, object], service: NotifyServiceView, *, is_simulated: bool) -> dict[str, Enclosed]:
    """Read the files among the values that fill an email, and give each a link. Nothing is kept yet.

    :raises FilesNotSetUp: the service sends no files.
    :raises NotBase64, FileTooLarge, FilenameTooLong, UnsupportedFile: what is wrong with one of them.
    """
    files = {name: value for name, value in values.items() if isinstance(value, Mapping) and is_file(value)}
    if files and not service.files_contact:
        raise FilesNotSetUp(service)
    if is_simulated:
        return dict.fromkeys(files, Enclosed(f"{settings.BASE_URL}/services/{service.id}/documents/test-document"))
    return {name: _addressed(read_file(value), service) for name, value in files.items()}


def keep(enclosed: Sequence[Enclosed], *, recipient: str, now: datetime) -> None:
    """Keep files, locked, for their readers. Dying before the email is written leaves files that nobody can open.

    :raises VirusFound: one did not pass the scan; none is kept.
    :raises ScannerUnreachable: it could not be scanned.
    """
    files = [(each.address, each.file) for each in enclosed if each.address and each.file]
    scanner = find_virus_scanner()
    if scanner is not None and not all(scanner.passes(file.content) for _address, file in files):
        raise VirusFound("the file did not pass the virus scan")
    with transaction():
        models.Document.objects.bulk_create([_row(address, file, recipient, now) for address, file in files])


def prove_email(address: DocumentAddress, email: str, *, network: Network, now: datetime) -> None:
    """Make sure that whoever has the link has the email address too that it was sent to. Only wrong tries count.

    :raises LockedOut: too many addresses were tried for this file, or from this network, within the hour.
    :raises WrongEmail: it is another address.
    """
    counts = (
        Counted("files: email addresses", Against.THING, str(address.document_id), ON_A_FILE),
        Counted(WRONG_ADDRESSES, Against.NETWORK, network, ON_A_NETWORK),
    )
    take_tries(*counts, now=now)
    with transaction():
        wanted = own_rows(models.Document).filter(id=address.document_id).values_list("email_digest", flat=True).first()
        if not hmac.compare_digest(bytes(wanted or b""), email_digest(address, email)):
            raise WrongEmail("the file was sent to another email address")
        give_back(*counts, now=now)


def throw_away_old_documents(*, now: datetime) -> int:
    """Delete a batch of files whose time is over, of every council, and return how many that was."""
    with transaction(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM notify_document WHERE id IN "
            "(SELECT id FROM notify_document WHERE expires_at <= %s ORDER BY expires_at LIMIT %s)",
            [now, BATCH],
        )
        return cursor.rowcount


def _addressed(file: NewFile, service: NotifyServiceView) -> Enclosed:
    address = DocumentAddress(service.id, new_id(), AESGCM.generate_key(256))
    return Enclosed(address.link(settings.BASE_URL), address, file)


def _row(address: DocumentAddress, file: NewFile, recipient: str, now: datetime) -> models.Document:
    return models.Document(
        id=address.document_id,
        notify_service_id=address.service_id,
        locked=lock(file.content, address),
        name=file.name or "",
        kind=file.kind,
        size=len(file.content),
        email_digest=email_digest(address, recipient) if file.asks_for_email else None,
        kept_at=now,
        expires_at=now + file.kept_for,
    )
