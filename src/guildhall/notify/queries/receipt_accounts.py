"""Whose news it is: the accounts that providers' receipts and incoming texts come to."""

from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.transactions import reading
from guildhall.organisations import queries as organisations


@reading
def find_account_of_receipts(secret: str) -> OrganisationId | None:
    """Return whose provider account has this secret, in whatever council, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id FROM notify_account_of_receipts(%s)", [secrets.digest(secret)])
        row = cursor.fetchone()
    return OrganisationId(row[0]) if row else None


def find_platform() -> OrganisationId | None:
    """Return the installation's own organisation, whose accounts serve every council; None where there is none yet."""
    try:
        return organisations.get_platform().id
    except NotFound:
        return None
