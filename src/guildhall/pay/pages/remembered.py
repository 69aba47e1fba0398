"""The payments that a browser has opened: an encrypted cookie of at most ten, which nobody but us can read or write."""

import base64
import binascii
import struct
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.secrets import WrongKey, decrypt, encrypt
from guildhall.pay.domain.ids import PaymentId

COOKIE = "frontend_state"
MOST = 10
SECONDS = 7_200

_PURPOSE = "guildhall.pay.pages"
_ENTRY = struct.Struct("16s16s")


@dataclass(frozen=True)
class Remembered:
    """A payment that this browser may see, and whose it is."""

    organisation_id: OrganisationId
    payment_id: PaymentId


def remember(request: HttpRequest, response: HttpResponseBase, opened: Remembered) -> None:
    """Let this browser see a payment, forgetting the oldest of more than ten."""
    others = [each for each in _read(request) if each != opened]
    written = b"".join(
        _ENTRY.pack(each.organisation_id.bytes, each.payment_id.bytes) for each in [opened, *others][:MOST]
    )
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(encrypt(written, _PURPOSE)).decode(),
        max_age=SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def find_remembered(request: HttpRequest, payment_id: PaymentId | None) -> Remembered | None:
    """Return the payment if this browser has opened it, or None."""
    return next((each for each in _read(request) if each.payment_id == payment_id), None)


def _read(request: HttpRequest) -> list[Remembered]:
    try:
        written = decrypt(base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, "")), _PURPOSE)
    except (WrongKey, binascii.Error, ValueError):
        return []
    return [
        Remembered(OrganisationId(UUID(bytes=organisation_id)), PaymentId(UUID(bytes=payment_id)))
        for organisation_id, payment_id in _ENTRY.iter_unpack(written)
    ]
