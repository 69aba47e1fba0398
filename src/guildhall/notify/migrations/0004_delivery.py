import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall, MoreGrants


class Migration(migrations.Migration):
    dependencies = [("notify", "0003_letters")]

    operations = [
        migrations.CreateModel(
            name="ProviderAccount",
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
                ("channel", models.TextField()),
                ("kind", models.TextField(help_text="smtp, firetext, …: how it is spoken to")),
                ("name", models.TextField()),
                ("settings", models.BinaryField(help_text="encrypted")),
                (
                    "receipts_digest",
                    models.BinaryField(help_text="of the secret that its receipts come with", null=True),
                ),
                ("priority", models.SmallIntegerField(default=10, help_text="the lowest is asked first")),
                (
                    "weight",
                    models.SmallIntegerField(default=1, help_text="its share among accounts of the same priority"),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("faults", models.IntegerField(db_default=0, help_text="messages not taken since counted_from")),
                ("counted_from", models.DateTimeField(null=True)),
                (
                    "failed_in_a_row",
                    models.IntegerField(db_default=0, help_text="hand-overs of which nothing was taken"),
                ),
                (
                    "pauses",
                    models.SmallIntegerField(
                        db_default=0, help_text="in succession, each twice as long as the one before"
                    ),
                ),
                (
                    "set_aside_until",
                    models.DateTimeField(help_text="when it is asked again; null when it is well", null=True),
                ),
                ("taken", models.BigIntegerField(db_default=0, help_text="messages it took, ever")),
                ("not_taken", models.BigIntegerField(db_default=0, help_text="messages it did not take, ever")),
                ("last_taken_at", models.DateTimeField(null=True)),
                ("last_problem", models.TextField(blank=True, db_default="")),
                ("last_problem_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["channel", "organisation_id"],
                        name="notify_accounts_in_use",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "channel", "name"), name="notify_one_account_of_a_name"
                    ),
                    models.UniqueConstraint(fields=("receipts_digest",), name="notify_one_account_for_receipts"),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "letter"])),
                        name="notify_provideraccount_channel",
                    ),
                    models.CheckConstraint(condition=models.Q(("weight__gte", 1)), name="notify_some_weight"),
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="leased_until",
            field=models.DateTimeField(help_text="a worker has it until then; null when none has", null=True),
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="notify_to_be_tried",
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("channel"),
                models.Case(models.When(job_id=None, then=0), default=1),
                models.F("next_try_at"),
                condition=models.Q(("next_try_at__isnull", False)),
                name="notify_to_be_tried",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("completed_at__isnull", True), ("next_try_at__isnull", True)),
                fields=["accepted_at"],
                name="notify_waits_for_news",
            ),
        ),
        MoreGrants("notify_message", dispatcher="UPDATE (leased_until)"),
        CouncilWall(
            "notify_provideraccount",
            web="SELECT, INSERT, UPDATE",
            dispatcher="SELECT, UPDATE (faults, counted_from, failed_in_a_row, pauses, set_aside_until, taken, not_taken, "
            "last_taken_at, last_problem, last_problem_at)",
            dispatcher_sees_all=True,
            owner="SELECT",
        ),
    ]
