"""Files sent by email, as whoever has the link finds them."""

import os
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildhall.contact.email_address import normalise_email_address
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.secrets import derive
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.document import DocumentAddress
from guildhall.notify.domain.file_kinds import MEDIA_TYPES

_NONCE = 12


class DocumentGone(NotFound):
    """There is no such file, its time is over, or the link's key does not open it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, unlocked. ``size`` in bytes; who ``asks_for_email`` gives it only to whom it was sent."""

    content: bytes
    name: str
    kind: str
    size: int
    asks_for_email: bool
    expires_at: datetime

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]


@reading
def open_document(address: DocumentAddress, *, now: datetime) -> Opened:
    """Return the file of the current council that a link leads to.

    :raises DocumentGone: nothing is there for whoever has this link.
    """
    rows = own_rows(models.Document).filter(
        id=address.document_id, notify_service_id=address.service_id, expires_at__gt=now
    )
    row = rows.first()
    if row is None:
        raise DocumentGone("the file is not there any more")
    return Opened(
        content=_unlock(bytes(row.locked), address),
        name=row.name or f"document.{row.kind}",
        kind=row.kind,
        size=row.size,
        asks_for_email=row.email_digest is not None,
        expires_at=row.expires_at,
    )


def lock(content: bytes, address: DocumentAddress) -> bytes:
    """Return what is kept of a file: nobody reads it without the link's key."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(address.key).encrypt(nonce, content, address.document_id.bytes)


def email_digest(address: DocumentAddress, email: str) -> bytes:
    """Return what is kept of the email address that a file was sent to."""
    return derive("guildhall.notify.document", str(address.document_id), normalise_email_address(email))


def _unlock(locked: bytes, address: DocumentAddress) -> bytes:
    try:
        return AESGCM(address.key).decrypt(locked[:_NONCE], locked[_NONCE:], address.document_id.bytes)
    except InvalidTag as fault:
        raise DocumentGone("the link does not open this file") from fault
