import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall, DefinerFunction


class Migration(migrations.Migration):
    dependencies = [("metering", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="usageevent", name="metering_something_was_used"),
        migrations.AddField(
            model_name="usageevent",
            name="corrects",
            field=models.TextField(
                blank=True, db_default="", help_text="the act of the same source that it takes back"
            ),
        ),
        migrations.AlterField(
            model_name="usageevent",
            name="quantity",
            field=models.IntegerField(help_text="less than nothing for what takes another act back"),
        ),
        migrations.AddConstraint(
            model_name="usageevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects", ""), ("quantity__gte", 1)),
                    models.Q(models.Q(("corrects", ""), _negated=True), ("quantity__lte", -1)),
                    _connector="OR",
                ),
                name="metering_something_was_used",
            ),
        ),
        migrations.CreateModel(
            name="AddedUp",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("until", models.DateField(help_text="the first day that is not")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_id",), name="metering_one_mark_for_a_council")
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreedCap",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("service_id", models.UUIDField()),
                ("period", models.TextField()),
                ("pence", models.BigIntegerField(help_text="charged beyond the free allowance, before VAT", null=True)),
                ("units", models.BigIntegerField(help_text="fragments, free ones among them", null=True)),
                ("agreed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "service_id", "period"), name="metering_one_cap_a_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__in", ["month", "year"])), name="metering_cap_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pence__isnull", False), ("units__isnull", False), _connector="OR"),
                        name="metering_cap_caps_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pence", None), ("pence__gte", 0), _connector="OR"),
                            models.Q(("units", None), ("units__gte", 0), _connector="OR"),
                        ),
                        name="metering_cap_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostCentre",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("service_id", models.UUIDField()),
                ("code", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "service_id"), name="metering_one_cost_centre_for_a_service"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="metering_cost_centre_is_named"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouncilTerms",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("organisation_type", models.TextField(default="local")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_id",), name="metering_one_kind_for_a_council"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "organisation_type__in",
                                [
                                    "central",
                                    "local",
                                    "nhs_central",
                                    "nhs_local",
                                    "nhs_gp",
                                    "emergency_service",
                                    "school_or_college",
                                    "other",
                                    "nhs_notify",
                                ],
                            )
                        ),
                        name="metering_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayOfUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("service_id", models.UUIDField(null=True)),
                ("meter", models.TextField()),
                ("used_on", models.DateField()),
                ("rate_multiplier", models.SmallIntegerField()),
                ("quantity", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "used_on", "service_id", "meter", "rate_multiplier"),
                        name="metering_a_day_is_added_up_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Purse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("service_id", models.UUIDField()),
                ("year", models.SmallIntegerField()),
                ("taken", models.BigIntegerField(help_text="used, or given to a process that is using it")),
                ("taken_at", models.DateTimeField(help_text="when a process was last given some")),
                (
                    "past_cap",
                    models.BigIntegerField(default=0, help_text="units of emergency messages that passed a cap"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "service_id", "year"), name="metering_one_purse_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ThresholdReached",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("service_id", models.UUIDField()),
                ("limited_by", models.TextField(help_text="allowance, or the period of a cap")),
                ("begins_on", models.DateField()),
                ("percent", models.SmallIntegerField()),
                ("reached_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "service_id", "limited_by", "begins_on", "percent"),
                        name="metering_a_threshold_is_told_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="YearsAllowance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
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
                ("service_id", models.UUIDField()),
                ("year", models.SmallIntegerField()),
                ("fragments", models.IntegerField()),
                ("is_custom", models.BooleanField(default=False, help_text="agreed with the council; carries over")),
                (
                    "is_high_volume",
                    models.BooleanField(default=False, help_text="very many texts the year before: none is free"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "service_id", "year"), name="metering_one_allowance_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2016)), name="metering_allowance_since_2016"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fragments__gte", 0)), name="metering_allowance_is_not_owed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_high_volume", False), models.Q(("fragments", 0), ("is_custom", False)), _connector="OR"
                        ),
                        name="metering_high_volume_has_none_free",
                    ),
                ],
            },
        ),
        CouncilWall("metering_dayofuse", web="SELECT, INSERT, UPDATE, DELETE"),
        CouncilWall("metering_addedup", web="SELECT, INSERT, UPDATE"),
        CouncilWall("metering_councilterms", web="SELECT, INSERT, UPDATE"),
        CouncilWall("metering_costcentre", web="SELECT, INSERT, UPDATE, DELETE"),
        CouncilWall("metering_yearsallowance", web="SELECT, INSERT, UPDATE"),
        CouncilWall("metering_agreedcap", web="SELECT, INSERT, UPDATE, DELETE", owner="SELECT"),
        CouncilWall("metering_purse", web="SELECT, INSERT, UPDATE"),
        CouncilWall("metering_thresholdreached", web="SELECT, INSERT"),
        # Asked by every process every few seconds, so that a message of a service without a cap asks nothing.
        DefinerFunction(
            "metering_capped_services",
            "SELECT DISTINCT service_id, organisation_id FROM metering_agreedcap",
            arguments="",
            returns="TABLE (service_id uuid, organisation_id uuid)",
        ),
    ]
