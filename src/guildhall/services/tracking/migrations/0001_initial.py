import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import AppendOnly, CouncilWall


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LookupTries",
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
                ("key", models.BinaryField()),
                ("window_started_at", models.DateTimeField()),
                ("tries", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_id", "key"), name="tracking_tries_are_counted_once"),
                    models.CheckConstraint(condition=models.Q(("tries__gte", 0)), name="tracking_tries_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tracker",
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
                ("case_id", models.UUIDField()),
                ("service_id", models.UUIDField()),
                ("reference", models.TextField()),
                ("email_digest", models.BinaryField()),
                ("language", models.TextField(default="")),
                ("resident_id", models.UUIDField(null=True)),
                ("title_en", models.TextField()),
                ("title_cy", models.TextField()),
                ("public_status", models.TextField()),
                ("next_en", models.TextField()),
                ("next_cy", models.TextField()),
                ("started_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("entries_count", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["resident_id", "-started_at"], name="tracking_of_resident")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "reference"), name="tracking_one_tracker_per_reference"
                    ),
                    models.UniqueConstraint(fields=("case_id",), name="tracking_one_tracker_per_case"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "public_status__in",
                                [
                                    "received",
                                    "checking",
                                    "need_something_from_you",
                                    "with_another_organisation",
                                    "scheduled",
                                    "done",
                                    "closed_not_done",
                                ],
                            )
                        ),
                        name="tracking_status_is_public",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "en", "cy"])), name="tracking_language_is_ours"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimelineEntry",
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
                ("position", models.IntegerField()),
                ("happened_at", models.DateTimeField()),
                ("public_status", models.TextField()),
                ("words_en", models.TextField()),
                ("words_cy", models.TextField()),
                ("note_en", models.TextField(default="")),
                ("note_cy", models.TextField(default="")),
                (
                    "tracker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="services_tracking.tracker",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tracker", "position"), name="tracking_one_entry_per_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "public_status__in",
                                [
                                    "received",
                                    "checking",
                                    "need_something_from_you",
                                    "with_another_organisation",
                                    "scheduled",
                                    "done",
                                    "closed_not_done",
                                ],
                            )
                        ),
                        name="tracking_entry_status_is_public",
                    ),
                ],
            },
        ),
        CouncilWall(
            "services_tracking_tracker",
            web="SELECT, INSERT, UPDATE (public_status, next_en, next_cy, updated_at, entries_count)",
            resident_column="resident_id",
        ),
        CouncilWall("services_tracking_timelineentry", web="SELECT, INSERT"),
        AppendOnly("services_tracking_timelineentry"),
        CouncilWall(
            "services_tracking_lookuptries",
            web="SELECT, INSERT, UPDATE",
            dispatcher="SELECT, DELETE",
            dispatcher_sees_all=True,
        ),
    ]
