"""Rows of payments, and what the database promises about them."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow
from guildhall.pay.domain.creation import LARGEST_AMOUNT
from guildhall.pay.domain.states import State


class PayAccount(TenantRow):
    """Where one service takes payments: an account for tests, and one for real money."""

    service_id = models.UUIDField()
    kind = models.TextField()
    name = models.TextField()
    provider = models.TextField()
    may_be_nothing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            UniqueConstraint(name="pay_one_account_of_a_kind", fields=["organisation_id", "service_id", "kind"]),
            CheckConstraint(name="pay_account_kind_is_known", condition=Q(kind__in=["test", "live"])),
            # A live account with our own card page would bring real card numbers to our servers.
            CheckConstraint(name="pay_sandbox_is_never_live", condition=~Q(kind="live", provider="sandbox")),
        ]


class Payment(TenantRow):
    """A payment from its request to its end. ``version`` counts its steps and guards each of them.

    Of a card only what may be kept is kept: first six and last four digits, expiry, brand, type, the name on it.
    """

    account = models.ForeignKey(PayAccount, on_delete=models.PROTECT, db_index=False)
    amount = models.IntegerField()
    reference = models.TextField()
    description = models.TextField()
    return_url = models.TextField()
    language = models.TextField()
    email = models.TextField(null=True)
    metadata = models.JSONField(null=True)
    is_capture_delayed = models.BooleanField(default=False)
    resident_id = models.UUIDField(null=True)
    state = models.TextField(default=State.CREATED.value)
    version = models.IntegerField(default=1)
    provider_id = models.TextField(null=True)
    card_first_six = models.TextField(null=True)
    card_last_four = models.TextField(null=True)
    card_expiry = models.TextField(null=True)
    card_brand = models.TextField(null=True)
    card_type = models.TextField(null=True)
    cardholder_name = models.TextField(null=True)
    billing_address = models.JSONField(null=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    capture_submitted_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(name="pay_amount_in_range", condition=Q(amount__range=(0, LARGEST_AMOUNT))),
            CheckConstraint(name="pay_state_is_known", condition=Q(state__in=[str(state) for state in State])),
            CheckConstraint(name="pay_language_is_known", condition=Q(language__in=["en", "cy"])),
            CheckConstraint(name="pay_keeps_six_digits", condition=Q(card_first_six__regex=r"^[0-9]{6}$")),
            CheckConstraint(name="pay_keeps_four_digits", condition=Q(card_last_four__regex=r"^[0-9]{4}$")),
        ]
        indexes = [
            Index(name="pay_newest_of_account", fields=["account", "-created_at"]),
            Index(name="pay_newest_of_council", fields=["organisation_id", "-created_at"]),
            Index(name="pay_resident", fields=["resident_id"], condition=Q(resident_id__isnull=False)),
            Index(
                name="pay_unfinished_by_age",
                fields=["created_at"],
                condition=Q(
                    state__in=[
                        "CREATED",
                        "ENTERING_CARD_DETAILS",
                        "AUTHORISATION_3DS_REQUIRED",
                        "AUTHORISATION_3DS_READY",
                        "AUTHORISATION_SUCCESS",
                        "AWAITING_CAPTURE_REQUEST",
                    ]
                ),
            ),
        ]


class PaymentEvent(TenantRow):
    """One step of a payment. Rows are evidence: they are never changed, and only legal steps can be written."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, db_index=False, related_name="events")
    version = models.IntegerField()
    from_state = models.TextField()
    to_state = models.TextField()
    name = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(name="pay_one_event_per_step", fields=["payment", "version"])]


class PaymentToken(TenantRow):
    """The secret in the address of a payment page. It opens the page once."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE)
    digest = models.BinaryField()
    created_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [UniqueConstraint(name="pay_token_is_unique", fields=["digest"])]
        indexes = [Index(name="pay_token_by_age", fields=["created_at"])]


class RepeatKey(TenantRow):
    """The key under which a caller asked for a payment, so that asking again finds the same one."""

    account = models.ForeignKey(PayAccount, on_delete=models.PROTECT, db_index=False)
    key = models.TextField()
    request = models.JSONField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(name="pay_repeat_key_once", fields=["account", "key"])]


class ProviderAct(TenantRow):
    """Something asked of a provider: written before it is asked, closed with the answer. One open act per payment.

    ``asked_at`` is when the provider was last asked; when it was first asked is in the id.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT)
    kind = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="pay_one_open_act", fields=["payment"], condition=Q(answered_at=None)),
            CheckConstraint(name="pay_act_is_known", condition=Q(kind__in=["authorise", "capture", "cancel"])),
        ]
        indexes = [Index(name="pay_open_acts", fields=["asked_at"], condition=Q(answered_at=None))]


class SandboxEffect(TenantRow):
    """What the sandbox provider did, kept by the provider itself: its own memory, not ours. One effect per key."""

    key = models.UUIDField()
    kind = models.TextField()
    answer = models.TextField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [UniqueConstraint(name="pay_sandbox_acts_once", fields=["key"])]


class RequestCount(TenantRow):
    """How many requests of one kind an account has made in the current window. Lost in a crash, which does no harm."""

    account_id = models.UUIDField()
    kind = models.TextField()
    window = models.BigIntegerField()
    requests = models.IntegerField()

    class Meta:
        constraints = [UniqueConstraint(name="pay_one_count", fields=["account_id", "kind"])]
