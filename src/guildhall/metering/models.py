"""The record of use: one row per billable act, for ever."""

from django.db import models
from django.db.models import CheckConstraint, CompositePrimaryKey, F, Func, GeneratedField, Index, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

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
    quantity = models.IntegerField()
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
            CheckConstraint(name="metering_something_was_used", condition=Q(quantity__gte=1)),
            CheckConstraint(
                name="metering_rate_multiplier_in_range",
                condition=Q(rate_multiplier__range=(1, LARGEST_RATE_MULTIPLIER)),
            ),
            CheckConstraint(name="metering_act_is_named", condition=~Q(source="") & ~Q(event_id="")),
        ]
        indexes = [Index(name="metering_by_day", fields=["organisation_id", "used_on"])]
