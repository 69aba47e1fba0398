"""The payments that a browser has opened: an encrypted cookie of at most ten, which nobody but us can read or write."""

import struct
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.design.pages.cookies import Cookie, EncryptedCookie
from guildhall.kernel.ids import OrganisationId
from guildhall.pay.domain.ids import PaymentId

OPENED = EncryptedCookie(
    Cookie("frontend_state", kept_for=timedelta(hours=2)),
    entry=struct.Struct("16s16s"),
    most=10,
    purpose="guildhall.pay.pages",
)


@dataclass(frozen=True)
class Remembered:
    """A payment that this browser may see, and whose it is."""

    organisation_id: OrganisationId
    payment_id: PaymentId


def remember(request: HttpRequest, response: HttpResponseBase, opened: Remembered) -> None:
    """Let this browser see a payment, forgetting the oldest of more than ten."""
    OPENED.add(request, response, (opened.organisation_id.bytes, opened.payment_id.bytes))


def find_remembered(request: HttpRequest, payment_id: PaymentId | None) -> Remembered | None:
    """Return the payment if this browser has opened it, or None."""
    return next((each for each in map(_read, OPENED.read(request)) if each.payment_id == payment_id), None)


def _read(entry: tuple[bytes, bytes]) -> Remembered:
    organisation_id, payment_id = (UUID(bytes=part) for part in entry)
    return Remembered(OrganisationId(organisation_id), PaymentId(payment_id))
