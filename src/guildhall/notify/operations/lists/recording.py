"""What officers do with lists, in the audit trail."""

from datetime import datetime

from guildhall.kernel.ids import PersonId
from guildhall.notify import models
from guildhall.organisations.operations import Subject, record_audit


def record_list(action: str, row: models.UploadedList, *, actor: PersonId, now: datetime, **details: str) -> None:
    """Write down what somebody did with a list. Its file's name may be about somebody: it is looked up when read."""
    subject = Subject("list", row.id, service_id=row.notify_service_id)
    record_audit(action, subject, actor=actor, now=now, details={"channel": row.channel, **details})
