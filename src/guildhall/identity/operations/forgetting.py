"""Deleting what no longer means anything."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from guildhall.identity import models
from guildhall.kernel.transactions import transaction

_LATER = timedelta(hours=1)
"""Rows are kept a little longer than they count, so that nothing vanishes under somebody who is using it."""


@transaction
def forget_what_is_over(*, now: datetime) -> None:
    """Delete sessions, codes and registrations that have lapsed."""
    over = now - _LATER
    Session.objects.filter(expire_date__lt=over).delete()
    models.EmailedCode.objects.filter(lapses_at__lt=over).delete()
    models.Registration.objects.filter(lapses_at__lt=over).delete()
