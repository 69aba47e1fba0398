"""Emails that anybody can have sent to any address by typing it: how many of them are sent (decision 21).

They are counted by whoever sends one, together with what else it counts, before the email is written.
"""

from datetime import timedelta

from django.conf import settings

from guildhall.contact.email_address import mailbox_of
from guildhall.kernel.limits import Against, Counted, Limit

TO_ONE_MAILBOX = Limit(tries=12, counted_for=timedelta(hours=1))
FROM_THE_INSTALLATION = "emails that anybody can ask the installation for"


def count_for_recipient(email: str) -> Counted:
    """Return the count of a mailbox: it gets a dozen an hour, from whichever pages and networks they were asked for."""
    return Counted("emails that anybody can have sent", Against.RECIPIENT, mailbox_of(email), TO_ONE_MAILBOX)


def count_for_installation() -> Counted:
    """Return the count of all that go out in the installation's own name: mail services judge it by them."""
    limit = Limit(tries=settings.UNASKED_EMAILS_PER_HOUR, counted_for=timedelta(hours=1))
    return Counted(FROM_THE_INSTALLATION, Against.EVERYBODY, "", limit)
