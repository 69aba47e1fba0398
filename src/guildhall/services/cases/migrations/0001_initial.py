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
            name="Case",
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
                ("submission_id", models.UUIDField()),
                ("reference", models.TextField()),
                ("title_en", models.TextField()),
                ("title_cy", models.TextField()),
                ("state", models.TextField()),
                ("public_status", models.TextField()),
                ("answers", models.JSONField()),
                ("applicant_name", models.TextField(default="")),
                ("applicant_email", models.TextField()),
                ("language", models.TextField(default="")),
                ("resident_id", models.UUIDField(null=True)),
                ("payment_id", models.UUIDField(null=True)),
                ("assignee_id", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("last_position", models.IntegerField()),
                ("chain_head", models.TextField()),
                ("search_words", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="CaseEvent",
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
                ("kind", models.TextField()),
                ("happened_at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("action", models.TextField(default="")),
                ("from_state", models.TextField(default="")),
                ("to_state", models.TextField(default="")),
                ("subject_id", models.UUIDField(null=True)),
                ("content_digest", models.TextField(default="")),
                ("previous_hash", models.TextField()),
                ("hash", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="services_cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseMessage",
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
                ("text_en", models.TextField(default="")),
                ("text_cy", models.TextField(default="")),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message",
                        to="services_cases.caseevent",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CaseNote",
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
                ("text", models.TextField()),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="note", to="services_cases.caseevent"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorkflowDocument",
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
                ("digest", models.TextField()),
                ("document", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_id", "digest"), name="cases_workflow_kept_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="workflow",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="services_cases.workflowdocument"),
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.UniqueConstraint(fields=("case", "position"), name="cases_one_event_per_position"),
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["opened", "action", "assigned", "note", "message"])),
                name="cases_kind_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation_id", "-opened_at"], name="cases_newest"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation_id", "public_status", "-opened_at"], name="cases_by_status"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation_id", "assignee_id", "-opened_at"], name="cases_by_assignee"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation_id", "service_id", "-opened_at"], name="cases_by_service"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("submission_id",), name="cases_one_case_per_submission"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("organisation_id", "reference"), name="cases_one_case_per_reference"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
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
                name="cases_status_is_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "en", "cy"])), name="cases_language_is_ours"
            ),
        ),
        CouncilWall("services_cases_workflowdocument", web="SELECT, INSERT"),
        # What the resident sent can be read and never changed; only the work on it moves.
        CouncilWall(
            "services_cases_case",
            web="SELECT, INSERT, "
            "UPDATE (state, public_status, assignee_id, updated_at, version, last_position, chain_head)",
        ),
        CouncilWall("services_cases_caseevent", web="SELECT, INSERT"),
        AppendOnly("services_cases_caseevent"),
        CouncilWall("services_cases_casenote", web="SELECT, INSERT"),
        CouncilWall("services_cases_casemessage", web="SELECT, INSERT"),
    ]
