"""Who carries messages: accounts with providers, and how they are doing."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel


class ProviderAccount(TenantRow):
    """An account with a provider that carries a channel's messages. The platform's own serve whoever has none.

    How it is doing is kept here, so that every worker knows what one of them has found out.
    """

    channel = models.TextField()
    kind = models.TextField(help_text="smtp, firetext, …: how it is spoken to")
    name = models.TextField()
    settings = models.BinaryField(help_text="encrypted")
    receipts_digest = models.BinaryField(null=True, help_text="of the secret that its receipts come with")
    priority = models.SmallIntegerField(default=10, help_text="the lowest is asked first")
    weight = models.SmallIntegerField(default=1, help_text="its share among accounts of the same priority")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    faults = models.IntegerField(db_default=0, help_text="messages not taken since counted_from")
    counted_from = models.DateTimeField(null=True)
    failed_in_a_row = models.IntegerField(db_default=0, help_text="hand-overs of which nothing was taken")
    pauses = models.SmallIntegerField(db_default=0, help_text="in succession, each twice as long as the one before")
    set_aside_until = models.DateTimeField(null=True, help_text="when it is asked again; null when it is well")

    taken = models.BigIntegerField(db_default=0, help_text="messages it took, ever")
    not_taken = models.BigIntegerField(db_default=0, help_text="messages it did not take, ever")
    last_taken_at = models.DateTimeField(null=True)
    last_problem = models.TextField(db_default="", blank=True)
    last_problem_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_one_account_of_a_name", fields=["organisation_id", "channel", "name"]),
            UniqueConstraint(name="notify_one_account_for_receipts", fields=["receipts_digest"]),
            CheckConstraint(
                name="notify_provideraccount_channel", condition=Q(channel__in=[str(each) for each in Channel])
            ),
            CheckConstraint(name="notify_some_weight", condition=Q(weight__gte=1)),
        ]
        indexes: ClassVar = [
            Index(name="notify_accounts_in_use", fields=["channel", "organisation_id"], condition=Q(is_active=True)),
        ]
