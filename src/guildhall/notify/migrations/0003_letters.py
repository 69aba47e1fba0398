import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall, MoreGrants


class Migration(migrations.Migration):
    dependencies = [("notify", "0002_messages_of_every_kind")]

    operations = [
        migrations.CreateModel(
            name="LetterFile",
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
                ("accepted_at", models.DateTimeField()),
                ("content", models.BinaryField(help_text="as it came")),
                ("may_go_abroad", models.BooleanField()),
                ("printable", models.BinaryField(null=True)),
                ("pages", models.SmallIntegerField(null=True)),
                ("problem", models.TextField(blank=True, default="")),
                (
                    "pages_at_fault",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                ("leased_until", models.DateTimeField(help_text="a worker looks through it until then", null=True)),
                ("tries", models.SmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("checked_at", None)),
                        fields=["accepted_at"],
                        name="notify_letters_to_check",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("message_id",), name="notify_one_file_for_a_letter")],
            },
        ),
        CouncilWall(
            "notify_letterfile",
            web="SELECT, INSERT",
            dispatcher="SELECT, DELETE, UPDATE (printable, pages, problem, pages_at_fault, checked_at, leased_until, "
            "tries)",
            dispatcher_sees_all=True,
        ),
        # Where a letter goes that came ready to print is read from its window.
        MoreGrants(
            "notify_message",
            dispatcher="UPDATE (recipient, recipient_as_given, postage, sheets)",
        ),
    ]
