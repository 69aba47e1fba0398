"""Versions of forms, answers in progress, and what was submitted."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow


class FormVersion(TenantRow):
    """A definition as it was uploaded. It is never changed: another upload makes another version.

    ``sha256`` is the fingerprint of the document (``domain.definition.fingerprint``).
    """

    service_id = models.UUIDField()
    number = models.IntegerField()
    state = models.TextField(default="draft")
    document = models.JSONField()
    sha256 = models.BinaryField()
    source = models.TextField()
    notes = models.JSONField(default=list)
    uploaded_by = models.TextField(default="")
    uploaded_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="forms_versions_are_numbered", fields=["service_id", "number"]),
            UniqueConstraint(name="forms_one_published_version", fields=["service_id"], condition=Q(state="published")),
            CheckConstraint(name="forms_state_is_known", condition=Q(state__in=["draft", "published", "archived"])),
            CheckConstraint(
                name="forms_published_has_its_moment", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
            CheckConstraint(name="forms_source_is_known", condition=Q(source__in=["guildhall", "xgov"])),
        ]


class Draft(TenantRow):
    """Answers in progress, found by a token that only the resident's browser, or their email, holds.

    It outlives its submission, without its answers, so that the browser that holds the token can pay and see the
    reference.
    """

    service_id = models.UUIDField()
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT)
    answers = models.JSONField(default=dict)
    is_preview = models.BooleanField(default=False)
    links_sent = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="forms_submitted_answers_are_gone", condition=Q(submitted_at__isnull=True) | Q(answers={})
            ),
            CheckConstraint(
                name="forms_previews_are_not_submitted", condition=Q(submitted_at__isnull=True) | Q(is_preview=False)
            ),
        ]
        indexes = [Index(name="forms_drafts_by_end", fields=["expires_at"])]


class DraftToken(TenantRow):
    """The digest of a secret that leads to a draft: one in the browser, one in each email.

    The database itself takes a draft's tokens away with it, so that the worker need not see them.
    """

    draft = models.ForeignKey(Draft, on_delete=models.DO_NOTHING, db_constraint=False, related_name="tokens")
    digest = models.BinaryField()

    class Meta:
        constraints = [UniqueConstraint(name="forms_draft_tokens_are_secret", fields=["digest"])]


class Submission(TenantRow):
    """What a resident sent, complete, before any payment. Only its case is written later.

    ``journey_id`` is the draft's id: one journey is submitted once.
    """

    service_id = models.UUIDField()
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT)
    sha256 = models.BinaryField()
    journey_id = models.UUIDField()
    reference = models.TextField()
    language = models.TextField()
    answers = models.JSONField()
    applicant_email = models.TextField()
    applicant_name = models.TextField(default="")
    resident_id = models.UUIDField(null=True)
    amount_due = models.IntegerField(default=0)
    submitted_at = models.DateTimeField()
    case_id = models.UUIDField(null=True)
    case_opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="forms_one_submission_per_journey", fields=["journey_id"]),
            UniqueConstraint(name="forms_references_are_unique", fields=["organisation_id", "reference"]),
            CheckConstraint(name="forms_amount_is_not_negative", condition=Q(amount_due__gte=0)),
            CheckConstraint(name="forms_submission_language_is_ours", condition=Q(language__in=["en", "cy"])),
            CheckConstraint(
                name="forms_case_has_its_moment",
                condition=Q(case_id__isnull=True, case_opened_at__isnull=True)
                | Q(case_id__isnull=False, case_opened_at__isnull=False),
            ),
        ]
        indexes = [Index(name="forms_newest_submissions", fields=["organisation_id", "service_id", "-submitted_at"])]


class PaymentAttempt(TenantRow):
    """One try at paying for a submission. While one is open there is no other."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attempts")
    account_id = models.UUIDField()
    payment_id = models.UUIDField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")

    class Meta:
        constraints = [
            UniqueConstraint(name="forms_one_attempt_per_payment", fields=["payment_id"]),
            UniqueConstraint(name="forms_one_open_attempt", fields=["submission"], condition=Q(ended_at__isnull=True)),
            UniqueConstraint(name="forms_paid_once", fields=["submission"], condition=Q(outcome="paid")),
            CheckConstraint(
                name="forms_attempt_ends_somehow",
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__isnull=False, outcome__in=["paid", "failed"]),
            ),
        ]
