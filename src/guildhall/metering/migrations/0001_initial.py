import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models

from guildhall.kernel.walls import AppendOnly, CouncilWall


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="UsageEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id",
                        "source",
                        "event_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("source", models.TextField()),
                ("event_id", models.TextField()),
                (
                    "meter",
                    models.TextField(
                        choices=[("sms_fragments", "sms_fragments"), ("emails", "emails"), ("payments", "payments")]
                    ),
                ),
                ("quantity", models.IntegerField()),
                ("rate_multiplier", models.SmallIntegerField(default=1)),
                ("service_id", models.UUIDField(null=True)),
                ("used_at", models.DateTimeField()),
                (
                    "used_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.expressions.Func(
                                models.Value("Europe/London"), models.F("used_at"), function="timezone"
                            ),
                            models.DateField(),
                        ),
                        output_field=models.DateField(),
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation_id", "used_on"], name="metering_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("meter__in", ["sms_fragments", "emails", "payments"])),
                        name="metering_meter_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="metering_something_was_used"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate_multiplier__range", (1, 12))),
                        name="metering_rate_multiplier_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", ""), _negated=True), models.Q(("event_id", ""), _negated=True)
                        ),
                        name="metering_act_is_named",
                    ),
                ],
            },
        ),
        CouncilWall("metering_usageevent", web="SELECT, INSERT", writer="INSERT"),
        AppendOnly("metering_usageevent"),
    ]
