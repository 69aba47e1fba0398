import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall, DefinerFunction, MoreGrants


class Migration(migrations.Migration):
    dependencies = [("notify", "0013_asking_to_go_live")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="crashes",
            field=models.SmallIntegerField(
                db_default=0,
                help_text="how often a worker that had it alone was not heard of again, since the last record",
            ),
        ),
        MoreGrants("notify_message", dispatcher="UPDATE (crashes)"),
        migrations.AlterField(
            model_name="message",
            name="leased_until",
            field=models.DateTimeField(
                help_text="a worker has it until then; null when none has. Past: it is tried alone", null=True
            ),
        ),
        migrations.RemoveIndex(model_name="message", name="notify_to_be_tried"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("channel"),
                models.Case(models.When(job_id=None, then=0), default=1),
                models.F("organisation_id"),
                models.F("next_try_at"),
                condition=models.Q(("next_try_at__isnull", False)),
                name="notify_waits_its_turn",
            ),
        ),
        migrations.RemoveIndex(model_name="callback", name="notify_callbacks_to_send"),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                condition=models.Q(("next_try_at__isnull", False)),
                fields=["organisation_id", "next_try_at"],
                name="notify_callbacks_to_send",
            ),
        ),
        migrations.RemoveIndex(model_name="letterfile", name="notify_letters_to_check"),
        migrations.AddIndex(
            model_name="letterfile",
            index=models.Index(
                condition=models.Q(("checked_at", None)),
                fields=["organisation_id", "accepted_at"],
                name="notify_letters_to_check",
            ),
        ),
        migrations.CreateModel(
            name="QuarantinedMessage",
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
                ("message_id", models.UUIDField()),
                ("notify_service_id", models.UUIDField()),
                ("template_id", models.UUIDField()),
                ("channel", models.TextField()),
                ("reason", models.TextField(help_text="unwritable, crashing")),
                ("problem", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="notify_quarantined_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("message_id",), name="notify_quarantined_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["unwritable", "crashing"])), name="notify_quarantine_reason"
                    ),
                ],
            },
        ),
        CouncilWall(
            "notify_quarantinedmessage",
            web="SELECT",
            dispatcher="SELECT, INSERT, DELETE",
            dispatcher_sees_all=True,
            owner="SELECT",
        ),
        DefinerFunction(
            "notify_quarantined",
            "SELECT organisation_id, id FROM notify_quarantinedmessage ORDER BY at DESC LIMIT 1000",
            arguments="",
            returns="TABLE (organisation_id uuid, id uuid)",
            grant_to=("web", "dispatcher"),
        ),
    ]
