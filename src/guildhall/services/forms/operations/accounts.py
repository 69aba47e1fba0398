"""Which account takes the payments of a service."""

from django.conf import settings

from guildhall.kernel.ids import ServiceId
from guildhall.pay import queries as payments
from guildhall.pay.queries import Account, AccountNotFound


def find_account(service_id: ServiceId) -> Account | None:
    """Return the account that takes real money, or in a sandbox the one that takes none; None when there is neither.

    Outside a sandbox a test account is no account: its cards would open cases that nobody paid for.
    """
    for kind in ("live", "test") if settings.SANDBOX else ("live",):
        try:
            return payments.get_account(service_id, kind)
        except AccountNotFound:
            continue
    return None
