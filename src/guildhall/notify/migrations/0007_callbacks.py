import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall


class Migration(migrations.Migration):
    dependencies = [("notify", "0006_files")]

    operations = [
        migrations.CreateModel(
            name="Callback",
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
                ("notify_service_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("about_id", models.UUIDField(help_text="the message or text it tells of")),
                ("body", models.BinaryField(help_text="encrypted JSON")),
                ("queued_at", models.DateTimeField()),
                ("tries", models.SmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(help_text="null when it is over", null=True)),
                (
                    "outcome",
                    models.TextField(
                        blank=True, default="", help_text="taken, refused, given-up; empty while it waits"
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)),
                        fields=["next_try_at"],
                        name="notify_callbacks_to_send",
                    ),
                    models.Index(fields=["notify_service_id", "-id"], name="notify_callbacks_of_service"),
                    models.Index(fields=["queued_at"], name="notify_callbacks_by_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("next_try_at__isnull", False), ("outcome", "")),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("next_try_at", None),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notify_callback_over_or_to_be_tried",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CallbackAttempt",
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
                ("callback_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("status", models.SmallIntegerField(help_text="of HTTP; null when there was no answer", null=True)),
                ("problem", models.TextField(blank=True, default="")),
                ("took_ms", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["callback_id", "at"], name="notify_attempts_of_callback")],
            },
        ),
        migrations.CreateModel(
            name="CallbackEndpoint",
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
                ("notify_service_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("url", models.TextField()),
                ("token", models.BinaryField(help_text="encrypted; sent as the bearer token")),
                (
                    "signing_secret",
                    models.BinaryField(help_text="encrypted; null when callbacks are not signed", null=True),
                ),
                (
                    "tries_for_a_day",
                    models.BooleanField(default=False, help_text="with growing pauses, instead of 5 times in all"),
                ),
                (
                    "rests_until",
                    models.DateTimeField(help_text="it did not answer; nothing is sent to it before", null=True),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("notify_service_id", "kind"), name="notify_one_endpoint_of_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["delivery_status", "inbound_sms", "complaint", "returned_letter"])
                        ),
                        name="notify_callback_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgramRequest",
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
                ("notify_service_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("method", models.TextField()),
                ("path", models.TextField()),
                ("key_id", models.UUIDField(null=True)),
                ("status", models.SmallIntegerField()),
                ("error", models.TextField(blank=True, default="", help_text="the class that the program was told")),
                ("message", models.TextField(blank=True, default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["notify_service_id", "-id"], name="notify_requests_of_service"),
                    models.Index(fields=["at"], name="notify_requests_by_age"),
                ],
            },
        ),
        # The worker queues, sends and clears away what concerns programs of every council.
        CouncilWall(
            "notify_callbackendpoint",
            web="SELECT, INSERT, UPDATE, DELETE",
            dispatcher="SELECT, UPDATE",
            dispatcher_sees_all=True,
        ),
        CouncilWall(
            "notify_callback",
            web="SELECT, INSERT, UPDATE",
            dispatcher="SELECT, INSERT, UPDATE, DELETE",
            dispatcher_sees_all=True,
        ),
        CouncilWall(
            "notify_callbackattempt",
            web="SELECT",
            dispatcher="SELECT, INSERT, DELETE",
            dispatcher_sees_all=True,
        ),
        CouncilWall(
            "notify_programrequest",
            web="SELECT",
            writer="INSERT",
            dispatcher="SELECT, DELETE",
            dispatcher_sees_all=True,
        ),
    ]
