"""Whose news it is: the accounts that providers' receipts and incoming texts come to."""

from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.transactions import reading
from guildhall.organisations import queries as organisations


@reading
def find_account_of_receipts(secret: str) -> OrganisationId | None:
    """Return whose provider account has this secret, in whatever council, or None.

    One that was switched off counts for a week more, because receipts of its messages are under way.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT notify_owner_of_receipts(%s)", [secrets.digest(secret)])
        [(organisation_id,)] = cursor.fetchall()
    return OrganisationId(organisation_id) if organisation_id else None


def find_platform() -> OrganisationId | None:
    """Return the installation's own organisation, whose accounts serve every council; None where there is none yet."""
    try:
        return organisations.get_platform().id
    except NotFound:
        return None
