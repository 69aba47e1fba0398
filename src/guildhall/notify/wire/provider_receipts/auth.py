"""Whose provider calls? The secret that the account was given says so.

The reference's receipts carry none, and its incoming texts a name and a password (alphagov/notifications-api:
app/notifications/receive_notifications.py: none is 401, a wrong one 403). Here every call carries the account's own
secret: as the password of basic authentication, as a bearer token, or, for providers that can only be given an
address, as ``?secret=`` in it.
"""

import binascii
from base64 import b64decode

from django.http import HttpRequest

from guildhall.kernel.ids import OrganisationId
from guildhall.notify.queries.receipt_accounts import find_account_of_receipts
from guildhall.notify.wire.provider_receipts.refusals import Nobody, NobodyWeKnow


def account_of(request: HttpRequest) -> OrganisationId:
    """Return the organisation whose account with a provider the call is about.

    :raises Nobody: the call carries no secret.
    :raises NobodyWeKnow: no account has this secret.
    """
    secret = _secret(request)
    if not secret:
        raise Nobody("the call carries no secret")
    account = find_account_of_receipts(secret)
    if account is None:
        raise NobodyWeKnow("no account has this secret")
    return account


def _secret(request: HttpRequest) -> str:
    scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.title() == "Bearer":
        return given.strip()
    if scheme.title() == "Basic":
        return _password(given)
    return request.GET.get("secret", "")


def _password(given: str) -> str:
    try:
        return b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
