import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall


class Migration(migrations.Migration):
    dependencies = [("notify", "0007_callbacks")]

    operations = [
        migrations.CreateModel(
            name="ListBlock",
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
                ("list_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("last_row", models.IntegerField(help_text="the spreadsheet's number of its last row")),
                ("rows_wrong", models.IntegerField()),
                ("content", models.BinaryField(help_text="encrypted")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("list_id", "number"), name="notify_a_block_is_kept_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListPart",
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
                ("list_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("content", models.BinaryField(help_text="encrypted")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("list_id", "number"), name="notify_a_part_is_kept_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UnsentRow",
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
                ("list_id", models.UUIDField()),
                ("row", models.IntegerField()),
                ("reason", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("list_id", "row"), name="notify_a_row_is_not_sent_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadedList",
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
                ("template_id", models.UUIDField()),
                ("template_version", models.IntegerField(help_text="whose words the rows were checked with, and say")),
                ("channel", models.TextField()),
                ("language", models.TextField(default="en", help_text="of rows that say none: en, cy or both")),
                ("file_name", models.TextField()),
                ("file_size", models.IntegerField()),
                ("sha256", models.BinaryField(help_text="of the file as it was uploaded")),
                ("uploaded_by", models.TextField()),
                ("uploaded_at", models.DateTimeField()),
                ("state", models.TextField(default="checking")),
                ("changed_at", models.DateTimeField(help_text="when it came into its state")),
                (
                    "forgotten_at",
                    models.DateTimeField(
                        help_text="when the rows were deleted, because their time was over", null=True
                    ),
                ),
                ("worker", models.UUIDField(help_text="who holds it, to check it", null=True)),
                ("held_until", models.DateTimeField(null=True)),
                ("tries", models.SmallIntegerField(default=0, help_text="how often somebody began to check it")),
                ("kind", models.TextField(blank=True, default="", help_text="csv, xlsx, ods or xls")),
                ("encoding", models.TextField(blank=True, default="")),
                ("delimiter", models.TextField(blank=True, default="")),
                (
                    "headings",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("heading_row", models.IntegerField(default=0)),
                ("fault", models.TextField(blank=True, default="", help_text="why the whole file cannot be used")),
                (
                    "fault_about",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="columns or rows that the fault is about",
                        size=None,
                    ),
                ),
                ("rows_checked", models.IntegerField(default=0)),
                ("rows_wrong", models.IntegerField(default=0)),
                ("rows_abroad", models.IntegerField(default=0)),
                ("problems", models.JSONField(default=dict, help_text="how many rows have each kind of problem")),
                (
                    "units",
                    models.JSONField(default=dict, help_text="what sending uses, by how many times a unit counts"),
                ),
                ("confirmed_by", models.TextField(blank=True, default="")),
                ("scheduled_for", models.DateTimeField(null=True)),
                (
                    "counted_on",
                    models.DateField(help_text="the day against whose limit the rows are counted", null=True),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("next_block", models.IntegerField(default=0)),
                ("rows_sent", models.IntegerField(default=0)),
                ("rows_unsent", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["notify_service_id", "-uploaded_at"], name="notify_lists_of_service"),
                    models.Index(
                        condition=models.Q(("state__in", ["checking", "scheduled", "sending"])),
                        fields=["state"],
                        name="notify_lists_to_be_done",
                    ),
                    models.Index(
                        condition=models.Q(("forgotten_at", None)), fields=["changed_at"], name="notify_lists_with_rows"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "checking",
                                    "unreadable",
                                    "wrong",
                                    "ready",
                                    "scheduled",
                                    "sending",
                                    "finished",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="notify_list_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "letter"])), name="notify_list_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "scheduled"), _negated=True),
                            ("scheduled_for__isnull", False),
                            _connector="OR",
                        ),
                        name="notify_list_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows_checked__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("rows_sent"), "+", models.F("rows_unsent")
                                ),
                            )
                        ),
                        name="notify_list_sends_no_more_than_it_has",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("job_id__isnull", False)), fields=["job_id", "job_row"], name="notify_rows_of_list"
            ),
        ),
        CouncilWall("notify_uploadedlist", web="SELECT, INSERT, UPDATE", dispatcher_sees_all=True),
        CouncilWall("notify_listpart", web="SELECT, INSERT, DELETE"),
        CouncilWall("notify_listblock", web="SELECT, INSERT, DELETE"),
        CouncilWall("notify_unsentrow", web="SELECT, INSERT, DELETE"),
    ]
