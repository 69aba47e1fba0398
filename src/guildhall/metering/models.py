"""The record of use: one row per billable act, for ever; and what is agreed about its price."""

from typing import ClassVar

from django.db import models
from django.db.models import (
    CheckConstraint,
    CompositePrimaryKey,
    F,
    Func,
    GeneratedField,
    Index,
    Q,
    UniqueConstraint,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from guildhall.kernel.rows import TenantRow
from guildhall.metering.domain.allowance import FIRST_YEAR, OrganisationType
from guildhall.metering.domain.cap import Period
from guildhall.metering.domain.meters import LARGEST_RATE_MULTIPLIER, Meter


class UsageEvent(models.Model):
    """One act that a council may be charged for, written in the transaction of the act itself.

    The key is the promise: an act, named by its source and id, is counted once however often it is told.
    A row never changes; the database refuses it.
    """

    pk = CompositePrimaryKey("organisation_id", "source", "event_id")
    organisation_id = models.UUIDField(
        db_default=RawSQL("nullif(current_setting('app.organisation', true), '')::uuid", []), editable=False
    )
    source = models.TextField()
    event_id = models.TextField()
    meter = models.TextField(choices=[(meter, meter) for meter in Meter])
    quantity = models.IntegerField(help_text="less than nothing for what takes another act back")
    corrects = models.TextField(db_default="", blank=True, help_text="the act of the same source that it takes back")
    rate_multiplier = models.SmallIntegerField(default=1)
    service_id = models.UUIDField(null=True)
    used_at = models.DateTimeField()
    # Bills go by London's day; the database works it out, so that it cannot disagree with the instant.
    used_on = GeneratedField(
        expression=Cast(Func(Value("Europe/London"), F("used_at"), function="timezone"), models.DateField()),
        output_field=models.DateField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            CheckConstraint(name="metering_meter_is_known", condition=Q(meter__in=[str(meter) for meter in Meter])),
            CheckConstraint(
                name="metering_something_was_used",
                condition=Q(corrects="", quantity__gte=1) | (~Q(corrects="") & Q(quantity__lte=-1)),
            ),
            CheckConstraint(
                name="metering_rate_multiplier_in_range",
                condition=Q(rate_multiplier__range=(1, LARGEST_RATE_MULTIPLIER)),
            ),
            CheckConstraint(name="metering_act_is_named", condition=~Q(source="") & ~Q(event_id="")),
        ]
        indexes = [Index(name="metering_by_day", fields=["organisation_id", "used_on"])]


class DayOfUse(TenantRow):
    """What a service used of a meter on a London day that is over, added up: pages need not read every act.

    It can be thrown away and made again from the acts at any time.
    """

    service_id = models.UUIDField(null=True)
    meter = models.TextField()
    used_on = models.DateField()
    rate_multiplier = models.SmallIntegerField()
    quantity = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="metering_a_day_is_added_up_once",
                fields=["organisation_id", "used_on", "service_id", "meter", "rate_multiplier"],
                nulls_distinct=False,
            ),
        ]


class AddedUp(TenantRow):
    """Until which day a council's use is added up. Who adds up holds the row, and so does who tells of a day before."""

    until = models.DateField(help_text="the first day that is not")

    class Meta:
        constraints: ClassVar = [UniqueConstraint(name="metering_one_mark_for_a_council", fields=["organisation_id"])]


class CouncilTerms(TenantRow):
    """What kind of organisation the council is charged as."""

    organisation_type = models.TextField(default=str(OrganisationType.LOCAL))

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="metering_one_kind_for_a_council", fields=["organisation_id"]),
            CheckConstraint(
                name="metering_kind_is_known",
                condition=Q(organisation_type__in=[str(kind) for kind in OrganisationType]),
            ),
        ]


class CostCentre(TenantRow):
    """Which of the council's own cost centres pays for a service."""

    service_id = models.UUIDField()
    code = models.TextField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="metering_one_cost_centre_for_a_service", fields=["organisation_id", "service_id"]),
            CheckConstraint(name="metering_cost_centre_is_named", condition=~Q(code="")),
        ]


class YearsAllowance(TenantRow):
    """The free fragments of a service in the financial year that began on 1 April ``year``, as they were set."""

    service_id = models.UUIDField()
    year = models.SmallIntegerField()
    fragments = models.IntegerField()
    is_custom = models.BooleanField(default=False, help_text="agreed with the council; carries over")
    is_high_volume = models.BooleanField(default=False, help_text="very many texts the year before: none is free")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="metering_one_allowance_a_year", fields=["organisation_id", "service_id", "year"]),
            CheckConstraint(name="metering_allowance_since_2016", condition=Q(year__gte=FIRST_YEAR)),
            CheckConstraint(name="metering_allowance_is_not_owed", condition=Q(fragments__gte=0)),
            CheckConstraint(
                name="metering_high_volume_has_none_free",
                condition=Q(is_high_volume=False) | Q(fragments=0, is_custom=False),
            ),
        ]


class AgreedCap(TenantRow):
    """The most that a service may use or be charged in a month or a financial year."""

    service_id = models.UUIDField()
    period = models.TextField()
    pence = models.BigIntegerField(null=True, help_text="charged beyond the free allowance, before VAT")
    units = models.BigIntegerField(null=True, help_text="fragments, free ones among them")
    agreed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="metering_one_cap_a_period", fields=["organisation_id", "service_id", "period"]),
            CheckConstraint(name="metering_cap_period", condition=Q(period__in=[str(period) for period in Period])),
            CheckConstraint(
                name="metering_cap_caps_something", condition=Q(pence__isnull=False) | Q(units__isnull=False)
            ),
            CheckConstraint(
                name="metering_cap_is_not_negative",
                condition=(Q(pence=None) | Q(pence__gte=0)) & (Q(units=None) | Q(units__gte=0)),
            ),
        ]


class Purse(TenantRow):
    """How many units of a year a capped service has been given to use, in blocks that processes use up."""

    service_id = models.UUIDField()
    year = models.SmallIntegerField()
    taken = models.BigIntegerField(help_text="used, or given to a process that is using it")
    taken_at = models.DateTimeField(help_text="when a process was last given some")
    past_cap = models.BigIntegerField(default=0, help_text="units of emergency messages that passed a cap")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="metering_one_purse_a_year", fields=["organisation_id", "service_id", "year"]),
        ]


class ThresholdReached(TenantRow):
    """That so much of an allowance or cap is used and the council was told: once for each part and period."""

    service_id = models.UUIDField()
    limited_by = models.TextField(help_text="allowance, or the period of a cap")
    begins_on = models.DateField()
    percent = models.SmallIntegerField()
    reached_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="metering_a_threshold_is_told_once",
                fields=["organisation_id", "service_id", "limited_by", "begins_on", "percent"],
            ),
        ]
