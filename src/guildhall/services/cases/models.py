"""Cases and their chained history. What an officer or a resident wrote lies beside the chain, never in it."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow
from guildhall.services.cases.domain.history import Kind
from guildhall.services.tracking.domain.statuses import PublicStatus


class WorkflowDocument(TenantRow):
    """A workflow as it was when a case was opened by it: kept once per council, by its digest."""

    digest = models.TextField()
    document = models.TextField()

    class Meta:
        constraints = [UniqueConstraint(name="cases_workflow_kept_once", fields=["organisation_id", "digest"])]


class Case(TenantRow):
    """One thing a resident asked for, as the council works it.

    ``version`` moves with the state and the assignment: an officer states the version they saw.
    ``last_position`` and ``chain_head`` are the end of the history; whoever adds an event holds this row's lock.
    ``search_words`` is the folded text (``kernel.text.fold``) that the officers' search looks through.
    """

    service_id = models.UUIDField()
    submission_id = models.UUIDField()
    reference = models.TextField()
    workflow = models.ForeignKey(WorkflowDocument, on_delete=models.PROTECT)
    title_en = models.TextField()
    title_cy = models.TextField()
    state = models.TextField()
    public_status = models.TextField()
    answers = models.JSONField()
    applicant_name = models.TextField(default="")
    applicant_email = models.TextField()
    language = models.TextField(default="")
    resident_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    assignee_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    last_position = models.IntegerField()
    chain_head = models.TextField()
    search_words = models.TextField()

    class Meta:
        constraints = [
            UniqueConstraint(name="cases_one_case_per_submission", fields=["submission_id"]),
            UniqueConstraint(name="cases_one_case_per_reference", fields=["organisation_id", "reference"]),
            CheckConstraint(
                name="cases_status_is_public", condition=Q(public_status__in=[str(status) for status in PublicStatus])
            ),
            CheckConstraint(name="cases_language_is_ours", condition=Q(language__in=["", "en", "cy"])),
        ]
        indexes = [
            Index(name="cases_newest", fields=["organisation_id", "-opened_at"]),
            Index(name="cases_by_status", fields=["organisation_id", "public_status", "-opened_at"]),
            Index(name="cases_by_assignee", fields=["organisation_id", "assignee_id", "-opened_at"]),
            Index(name="cases_by_service", fields=["organisation_id", "service_id", "-opened_at"]),
        ]


class CaseEvent(TenantRow):
    """One link of a case's history. The database refuses to change it, and the chain shows if somebody did."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    position = models.IntegerField()
    kind = models.TextField()
    happened_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    action = models.TextField(default="")
    from_state = models.TextField(default="")
    to_state = models.TextField(default="")
    subject_id = models.UUIDField(null=True)
    content_digest = models.TextField(default="")
    previous_hash = models.TextField()
    hash = models.TextField()

    class Meta:
        constraints = [
            UniqueConstraint(name="cases_one_event_per_position", fields=["case", "position"]),
            CheckConstraint(name="cases_kind_is_known", condition=Q(kind__in=[str(kind) for kind in Kind])),
        ]


class CaseNote(TenantRow):
    """What an officer wrote for colleagues."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="note")
    text = models.TextField()


class CaseMessage(TenantRow):
    """What an officer wrote to the resident, on its own or with an action. ``text_cy`` may be empty."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="message")
    text_en = models.TextField(default="")
    text_cy = models.TextField(default="")
