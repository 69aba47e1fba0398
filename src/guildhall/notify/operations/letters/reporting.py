"""Taking in what a printer or the post says of letters.

Like any provider's, the word is kept as a receipt, which the worker applies; the service's program is told of a letter
that came back in the transaction that keeps the word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guildhall.kernel.ids import OrganisationId, PersonId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.domain.callbacks import Kind, Returned, returned_letter
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.letter_report import Report
from guildhall.notify.domain.receipts import Receipt
from guildhall.notify.operations.callbacks import News, queue_news
from guildhall.notify.operations.receipts import note_receipts
from guildhall.organisations.operations import Subject, record_audit

PROVIDER = "letter-report"
REPORTED_FROM: Mapping[Report, frozenset[str]] = {
    Report.PRINTED: frozenset({Status.SENDING}),
    Report.RETURNED: frozenset({Status.SENDING, Status.DELIVERED}),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a report said that was new, and what of it could not be used: other letters, or long known."""

    letters: int
    unused: int


@transaction
def take_report(
    named: Sequence[UUID], report: Report, *, of: NotifyServiceId, actor: PersonId | None, now: datetime
) -> Taken:
    """Take in that letters of a service were printed, or came back. Saying it again changes nothing."""
    with connection.cursor() as cursor:  # one report of a service at a time: the second sees what the first has kept
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"letter-report {of}"])
    known = own_rows(models.Receipt).filter(provider=PROVIDER, status=str(report.status))
    said = set(known.filter(reference__in=[str(each) for each in named]).values_list("reference", flat=True))
    rows = models.Message.objects.filter(
        organisation_id=current_organisation(),
        notify_service_id=of,
        channel=str(Channel.LETTER),
        id__in=[each for each in named if str(each) not in said],
        status__in=[str(status) for status in REPORTED_FROM[report]],
    )
    found = list(rows)
    note_receipts([Receipt(PROVIDER, str(row.id), report.status, "", now) for row in found], now=now)
    if report is Report.RETURNED:
        queue_news([_news(row) for row in found])
    if found:
        subject = Subject("notify_service", of, service_id=of)
        record_audit(f"letters.{report}", subject, actor=actor, now=now, details={"letters": str(len(found))})
    return Taken(len(found), len(named) - len(found))


def _news(row: models.Message) -> News:
    version = own_rows(models.TemplateVersion).get(template_id=row.template_id, version=row.template_version)
    uploaded = own_rows(models.UploadedList).filter(id=row.job_id).first() if row.job_id else None
    letter = Returned(
        message_id=row.id,
        reference=row.reference,
        sent_on=row.sent_at,
        sent_by=row.sent_by or None,
        template_name=version.name,
        template_id=row.template_id,
        template_version=row.template_version,
        spreadsheet=uploaded.file_name if uploaded else None,
        row=row.job_row,
    )
    return News(
        OrganisationId(row.organisation_id),
        NotifyServiceId(row.notify_service_id),
        Kind.RETURNED_LETTER,
        MessageId(row.id),
        returned_letter(letter),
    )
