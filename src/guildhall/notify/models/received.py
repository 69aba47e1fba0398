"""What residents text back."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from guildhall.kernel.rows import TenantRow


class InboundNumber(TenantRow):
    """A number that residents may text: of the council's own provider, or one of the installation's that it was given.

    What comes to it is one service's. Two councils may name the same number; the installation's is one council's.
    """

    number = models.TextField(help_text="as it is dialled within the country")
    notify_service_id = models.UUIDField()
    is_of_installation = models.BooleanField(help_text="an operator gave it: the installation's accounts bring texts")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_number_has_one_service", fields=["organisation_id", "number"]),
            UniqueConstraint(
                name="notify_installations_number_once", fields=["number"], condition=Q(is_of_installation=True)
            ),
            CheckConstraint(name="notify_inbound_number_is_dialled", condition=Q(number__regex=r"^[0-9]{3,15}$")),
        ]


class ReceivedText(TenantRow):
    """A text that somebody sent to one of a service's numbers. Ids sort by when it came."""

    notify_service_id = models.UUIDField()
    user_number = models.TextField(help_text="who wrote")
    notify_number = models.TextField(help_text="the number they wrote to")
    content = models.BinaryField(help_text="encrypted")
    provider = models.TextField()
    sent_at = models.DateTimeField(help_text="as the provider says")
    received_at = models.DateTimeField()
    digest = models.BinaryField(help_text="of what the provider said, which it may say again")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_text_is_received_once", fields=["organisation_id", "digest"]),
        ]
        indexes: ClassVar = [
            Index(name="notify_received_by_service", fields=["notify_service_id", "-id"]),
            Index(name="notify_received_from", fields=["notify_service_id", "user_number", "-id"]),
            Index(name="notify_received_by_age", fields=["received_at"]),
        ]
