"""Rows of organisations. Councils and their codes are global; what a council has is walled in (see the migrations)."""

from enum import StrEnum
from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast
from django.db.models.lookups import Regex

from guildhall.kernel.ids import new_id
from guildhall.kernel.rows import TenantRow
from guildhall.organisations.domain.councils import Kind, Scheme, Tier
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.domain.stages import Stage


def _one_of(field: str, words: type[StrEnum]) -> models.Q:
    return models.Q(**{f"{field}__in": [str(word) for word in words]})


class Organisation(models.Model):
    """A council. The upper half comes from the list of councils and follows it; the lower half is the council's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.TextField(null=True, help_text="its code in the list of councils; others have none")
    slug = models.TextField()
    kind = models.TextField()
    tier = models.TextField(default="", blank=True)
    name = models.TextField()
    name_cy = models.TextField(default="", blank=True)
    other_words = models.TextField(default="", blank=True, help_text="words of other names, only searched")
    nation = models.TextField(default="", blank=True)
    region = models.TextField(default="", blank=True)
    homepage_url = models.TextField(default="", blank=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    searchable = models.TextField(help_text="its names as people may type them")
    known_as = ArrayField(
        models.TextField(), db_default=[], help_text="by which words its names on the list are told from others'"
    )

    stage = models.TextField(default=str(Stage.LISTED), db_default=str(Stage.LISTED))
    opened_at = models.DateTimeField(null=True, help_text="when its owner opened it to residents")
    taken_off_at = models.DateTimeField(null=True, help_text="when an operator took it off again")
    own_name = models.TextField(default="", blank=True)
    own_name_cy = models.TextField(default="", blank=True)
    calls_itself = ArrayField(
        models.TextField(), db_default=[], help_text="the same of names that the list does not give it"
    )
    own_homepage_url = models.TextField(default="", blank=True)
    colour = models.TextField(default="", blank=True)
    logo_digest = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug"], name="an_address_is_one_council"),
            models.UniqueConstraint(fields=["code"], name="a_line_of_the_list_is_one_council"),
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="council_slug_is_plain"
            ),
            models.CheckConstraint(condition=_one_of("kind", Kind), name="kind_of_organisation_is_known"),
            models.CheckConstraint(condition=_one_of("tier", Tier), name="tier_is_known"),
            models.CheckConstraint(condition=models.Q(colour__regex=r"^(#[0-9a-f]{6})?$"), name="colour_is_hex"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind=str(Kind.PLATFORM)), name="there_is_one_platform"
            ),
            models.CheckConstraint(condition=_one_of("stage", Stage), name="stage_of_a_council_is_known"),
            models.CheckConstraint(
                condition=models.Q(stage=str(Stage.OPEN), opened_at__isnull=False)
                | models.Q(stage=str(Stage.TAKEN_OFF))
                | models.Q(opened_at=None) & ~models.Q(stage=str(Stage.OPEN)),
                name="a_council_is_opened_once_and_then_open",
            ),
            models.CheckConstraint(
                condition=models.Q(stage=str(Stage.TAKEN_OFF), taken_off_at__isnull=False)
                | models.Q(taken_off_at=None) & ~models.Q(stage=str(Stage.TAKEN_OFF)),
                name="what_is_taken_off_says_since_when",
            ),
        ]


class OrganisationCode(models.Model):
    """A code that somebody else knows a council by. A former code leads to the council that has it now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    council = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="codes")
    scheme = models.TextField()
    value = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "value"], name="a_code_is_one_council"),
            models.CheckConstraint(condition=_one_of("scheme", Scheme), name="scheme_of_codes_is_known"),
        ]


class OrganisationRelation(models.Model):
    """That one council is part of another, or was succeeded by it."""

    PART_OF = "part_of"
    SUCCEEDED_BY = "succeeded_by"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    council = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="relations")
    kind = models.TextField()
    other = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="relations_of_others")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["council", "kind", "other"], name="a_relation_is_said_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["part_of", "succeeded_by"]), name="kind_of_relation_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(council=models.F("other")), name="nobody_relates_to_itself"),
        ]


class PlatformOperator(models.Model):
    """A person who runs the installation. Operators see councils' state, not their data, and each look is audited."""

    person_id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()


class Logo(TenantRow):
    """A council's picture, a PNG, drawn beside its name."""

    png = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation_id"], name="one_logo_each")]


class Service(TenantRow):
    """Something that a council offers. Forms, message templates, payment accounts and keys hang off it.

    Its id is random (version 4), unlike others': the official clients of GOV.UK Notify take no other for a service.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.TextField()
    name = models.TextField()
    name_cy = models.TextField(default="", blank=True)
    summary = models.TextField(default="", blank=True)
    summary_cy = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    live_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation_id", "slug"], name="an_address_is_one_service"),
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="service_slug_is_plain"
            ),
            models.CheckConstraint(
                condition=Regex(Cast("id", models.TextField()), "^.{14}4.{4}[89ab]"), name="service_id_is_random"
            ),
        ]


class Membership(TenantRow):
    """A person's place in a council's team. Name and address are as they were when the person joined."""

    person_id = models.UUIDField()
    email = models.TextField()
    name = models.TextField()
    roles = ArrayField(models.TextField())
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation_id", "person_id"], name="a_person_joins_a_team_once"),
            models.CheckConstraint(
                condition=models.Q(roles__len__gt=0)
                & models.Q(roles__contained_by=["owner", "service_manager", "caseworker", "finance_viewer", "auditor"]),
                name="an_officer_has_known_roles",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person_id"], name="councils_of_a_person")]


class Invitation(TenantRow):
    """A place in the team that waits for somebody at an email address. Used once, or withdrawn, or run out.

    Sending it again, perhaps to another address, changes the row: whoever accepts, withdraws or sends it at the same
    moment changes it first, or finds it changed.
    """

    email = models.TextField()
    roles = ArrayField(models.TextField())
    invited_by = models.TextField()
    invited_by_name = models.TextField()
    invited_at = models.DateTimeField(help_text="when its newest email was sent")
    by_operator = models.BooleanField(default=False, db_default=False)
    times_sent = models.PositiveIntegerField(default=1, db_default=1, help_text="only the newest email's link works")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation_id", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_for_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None), name="accepted_or_withdrawn"
            ),
        ]


class ApiKey(TenantRow):
    """A program's credential for one platform of one service: hidden where the protocol needs it, else a digest."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="keys")
    platform = models.TextField()
    kind = models.TextField()
    name = models.TextField()
    secret_hidden = models.BinaryField(null=True)
    secret_digest = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["secret_digest"], name="a_secret_is_one_key"),
            models.UniqueConstraint(
                fields=["service", "platform", "name"],
                condition=models.Q(revoked_at=None),
                name="a_key_in_use_has_its_own_name",
            ),
            models.CheckConstraint(condition=_one_of("platform", Platform), name="platform_of_a_key_is_known"),
            models.CheckConstraint(condition=_one_of("kind", KeyKind), name="kind_of_a_key_is_known"),
            models.CheckConstraint(
                condition=models.Q(secret_hidden=None) ^ models.Q(secret_digest=None), name="hidden_or_digested"
            ),
        ]


class AuditEvent(TenantRow):
    """What somebody did. Written once; the database numbers and chains it when its transaction commits."""

    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    object_type = models.TextField()
    object_id = models.TextField()
    details = models.JSONField(default=dict)
    canonical = models.TextField(help_text="the event as canonical JSON, without its number")


class AuditLink(TenantRow):
    """An event's place in its council's chain."""

    seq = models.BigIntegerField()
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="link")
    previous_hash = models.TextField()
    hash = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation_id", "seq"], name="audit_numbers_are_used_once"),
            models.UniqueConstraint(fields=["organisation_id", "previous_hash"], name="the_audit_chain_never_forks"),
        ]


class AuditHead(TenantRow):
    """The last event of a council's chain: the lock that puts events in order."""

    seq = models.BigIntegerField()
    hash = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation_id"], name="one_audit_head_each")]
