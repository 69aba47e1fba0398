from django.conf import settings
from django.db import migrations, models

from guildhall.kernel.walls import MoreGrants


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0001_the_tables"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="notify_message_channel",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="notify_message_status",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="notify_finished_or_to_be_tried",
        ),
        migrations.RemoveConstraint(
            model_name="senderaddress",
            name="notify_sender_channel",
        ),
        migrations.RemoveConstraint(
            model_name="template",
            name="notify_template_channel",
        ),
        migrations.AddField(
            model_name="message",
            name="job_id",
            field=models.UUIDField(help_text="the uploaded list it was made from", null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="job_row",
            field=models.IntegerField(help_text="its row there, the first after the headings being 1", null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="may_be_repeated",
            field=models.BooleanField(db_default=False, help_text="handed over again after a try of unknown outcome"),
        ),
        migrations.AddField(
            model_name="message",
            name="postage",
            field=models.TextField(
                blank=True, db_default="", help_text="of a letter: first, second, economy or its zone abroad"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="scheduled_for",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="sent_by",
            field=models.TextField(blank=True, db_default="", help_text="the officer's name; empty for programs"),
        ),
        migrations.AddField(
            model_name="message",
            name="sheets",
            field=models.SmallIntegerField(db_default=0, help_text="of a letter, printed on both sides"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms", "letter"])), name="notify_message_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
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
                name="notify_message_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at__isnull", False), ("next_try_at", None)),
                    models.Q(
                        ("next_try_at", None), ("status__in", ["sending", "sent", "pending", "pending-virus-check"])
                    ),
                    models.Q(("completed_at", None), ("next_try_at__isnull", False)),
                    _connector="OR",
                ),
                name="notify_finished_or_to_be_tried",
            ),
        ),
        migrations.AddConstraint(
            model_name="senderaddress",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms", "letter"])), name="notify_sender_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="template",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms", "letter"])), name="notify_template_channel"
            ),
        ),
        MoreGrants(
            "notify_message",
            web="UPDATE (status, next_try_at, completed_at)",
            dispatcher="UPDATE (may_be_repeated)",
        ),
        # Officers and programs may take back what has not gone out; what becomes of a message is the worker's to say.
        migrations.RunSQL(
            'CREATE POLICY web_only_cancels ON "notify_message" AS RESTRICTIVE FOR UPDATE '
            f"""TO "{settings.DATABASE_LOGINS["web"]}" """
            "USING (status IN ('created', 'pending-virus-check')) WITH CHECK (status = 'cancelled')",
            migrations.RunSQL.noop,
        ),
    ]
