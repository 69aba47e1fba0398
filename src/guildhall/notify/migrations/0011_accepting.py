import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall


class Migration(migrations.Migration):
    dependencies = [("notify", "0010_keeping")]

    operations = [
        migrations.AddField(
            model_name="notifyservice",
            name="heeds_schedules",
            field=models.BooleanField(db_default=False, help_text="scheduled_for in a request is done, not ignored"),
        ),
        migrations.CreateModel(
            name="RepeatKey",
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
                ("key", models.TextField()),
                ("digest", models.BinaryField(help_text="of all that was asked for")),
                ("answer", models.BinaryField(help_text="encrypted: it says what the message said")),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["answered_at"], name="notify_oldest_answers")],
                "constraints": [
                    models.UniqueConstraint(fields=("notify_service_id", "key"), name="notify_a_name_is_one_request"),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="notify_a_request_has_a_name"
                    ),
                ],
            },
        ),
        CouncilWall(
            "notify_repeatkey",
            web="SELECT, INSERT, UPDATE",
            dispatcher="SELECT, DELETE",
            dispatcher_sees_all=True,
        ),
    ]
