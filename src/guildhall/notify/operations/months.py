"""Keeping a place ready for the messages of the coming months."""

from django.db import connection

from guildhall.kernel.transactions import transaction


@transaction
def make_months() -> int:
    """Make the partitions of this month and the next ones that do not exist yet; return how many that was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notify_message_make_months()")
        made: int = cursor.fetchone()[0]
    return made
