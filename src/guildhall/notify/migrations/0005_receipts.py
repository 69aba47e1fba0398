import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall, DefinerFunction


class Migration(migrations.Migration):
    dependencies = [("notify", "0004_delivery")]

    operations = [
        migrations.CreateModel(
            name="Receipt",
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
                ("provider", models.TextField()),
                ("reference", models.TextField(help_text="the message's id, or the provider's own name for it")),
                ("status", models.TextField(help_text="what the provider says, in our words")),
                ("detail", models.TextField(blank=True, default="")),
                ("is_explained", models.BooleanField(default=True)),
                ("at", models.DateTimeField(help_text="when it happened, as the provider says")),
                ("received_at", models.DateTimeField()),
                (
                    "next_look_at",
                    models.DateTimeField(
                        help_text="when the worker should look at it; null when it has been", null=True
                    ),
                ),
                ("looks", models.SmallIntegerField(default=0)),
                (
                    "use",
                    models.TextField(blank=True, default="", help_text="what became of it; empty while it waits"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("next_look_at__isnull", False)),
                fields=["next_look_at"],
                name="notify_receipts_that_wait",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["received_at"], name="notify_receipts_by_age"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("organisation_id", "provider", "reference", "status", "detail", "at"),
                name="notify_a_receipt_is_kept_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "created",
                            "sending",
                            "sent",
                            "delivered",
                            "pending",
                            "technical-failure",
                            "temporary-failure",
                            "permanent-failure",
                            "pending-virus-check",
                            "validation-failed",
                            "virus-scan-failed",
                            "returned-letter",
                            "cancelled",
                        ],
                    )
                ),
                name="notify_receipt_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_look_at__isnull", False), ("use", "")),
                    models.Q(
                        ("next_look_at", None),
                        ("use__in", ["applied", "duplicate", "not-believed", "no-message"]),
                    ),
                    _connector="OR",
                ),
                name="notify_receipt_waits_or_was_used",
            ),
        ),
        # Receipts that name a message as the provider does look it up among the few that are still under way.
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("channel", "sms"),
                    ("status__in", ["sending", "sent", "pending"]),
                    models.Q(("provider_reference", ""), _negated=True),
                ),
                fields=["provider_reference"],
                name="notify_by_providers_name",
            ),
        ),
        CouncilWall(
            "notify_receipt",
            web="SELECT, INSERT",
            dispatcher="SELECT, INSERT, UPDATE (use, next_look_at, looks), DELETE",
            dispatcher_sees_all=True,
        ),
        migrations.CreateModel(
            name="InboundNumber",
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
                ("number", models.TextField(help_text="as it is dialled within the country")),
                ("notify_service_id", models.UUIDField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="notify_a_number_has_one_service"),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[0-9]{3,15}$")),
                        name="notify_inbound_number_is_dialled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedText",
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
                ("user_number", models.TextField(help_text="who wrote")),
                ("notify_number", models.TextField(help_text="the number they wrote to")),
                ("content", models.BinaryField(help_text="encrypted")),
                ("provider", models.TextField()),
                ("sent_at", models.DateTimeField(help_text="as the provider says")),
                ("received_at", models.DateTimeField()),
                (
                    "digest",
                    models.BinaryField(help_text="of what the provider said, which it may say again"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["notify_service_id", "-id"], name="notify_received_by_service"),
                    models.Index(fields=["notify_service_id", "user_number", "-id"], name="notify_received_from"),
                    models.Index(fields=["received_at"], name="notify_received_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "digest"), name="notify_a_text_is_received_once"
                    ),
                ],
            },
        ),
        CouncilWall("notify_inboundnumber", web="SELECT, INSERT, DELETE", dispatcher="SELECT", owner="SELECT"),
        CouncilWall(
            "notify_receivedtext",
            web="SELECT, INSERT",
            dispatcher="SELECT, INSERT, DELETE",
            dispatcher_sees_all=True,
        ),
        # An account that was switched off is heard for a week more: its receipts are under way.
        DefinerFunction(
            "notify_owner_of_receipts",
            "SELECT organisation_id FROM notify_provideraccount WHERE receipts_digest = digest"
            " AND (is_active OR changed_at > now() - interval '7 days')",
            arguments="digest bytea",
            returns="uuid",
            grant_to=("web",),
        ),
        DefinerFunction(
            "notify_owner_of_number",
            "SELECT organisation_id, notify_service_id FROM notify_inboundnumber WHERE number = dialled",
            arguments="dialled text",
            returns="TABLE (organisation_id uuid, notify_service_id uuid)",
        ),
    ]
