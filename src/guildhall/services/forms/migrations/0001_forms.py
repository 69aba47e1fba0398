import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall

PUBLISHED_STAYS = """
CREATE FUNCTION forms_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'DELETE'
        OR (OLD.document, OLD.sha256, OLD.service_id, OLD.number, OLD.source)
            IS DISTINCT FROM (NEW.document, NEW.sha256, NEW.service_id, NEW.number, NEW.source)
        OR (OLD.state, NEW.state) IN (('published', 'draft'), ('archived', 'draft'), ('archived', 'published'))
    THEN
        IF TG_OP = 'DELETE' OR OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'a form that has been published does not change' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON services_forms_formversion
    FOR EACH ROW EXECUTE FUNCTION forms_published_stays();
"""

TOKENS_GO_TOO = """
ALTER TABLE services_forms_drafttoken ADD CONSTRAINT forms_tokens_go_with_their_draft
    FOREIGN KEY (draft_id) REFERENCES services_forms_draft (id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FormVersion",
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
                ("number", models.IntegerField()),
                ("state", models.TextField(default="draft")),
                ("document", models.JSONField()),
                ("sha256", models.BinaryField()),
                ("source", models.TextField()),
                ("notes", models.JSONField(default=list)),
                ("uploaded_by", models.TextField(default="")),
                ("uploaded_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("service_id", "number"), name="forms_versions_are_numbered"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("service_id",),
                        name="forms_one_published_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published", "archived"])),
                        name="forms_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="forms_published_has_its_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["guildhall", "xgov"])), name="forms_source_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("answers", models.JSONField(default=dict)),
                ("is_preview", models.BooleanField(default=False)),
                ("links_sent", models.IntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="services_forms.formversion"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
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
                ("sha256", models.BinaryField()),
                ("journey_id", models.UUIDField()),
                ("reference", models.TextField()),
                ("language", models.TextField()),
                ("answers", models.JSONField()),
                ("applicant_email", models.TextField()),
                ("applicant_name", models.TextField(default="")),
                ("resident_id", models.UUIDField(null=True)),
                ("amount_due", models.IntegerField(default=0)),
                ("submitted_at", models.DateTimeField()),
                ("case_id", models.UUIDField(null=True)),
                ("case_opened_at", models.DateTimeField(null=True)),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="services_forms.formversion"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaymentAttempt",
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
                ("account_id", models.UUIDField()),
                ("payment_id", models.UUIDField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(default="")),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="services_forms.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftToken",
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
                ("digest", models.BinaryField()),
                (
                    "draft",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="tokens",
                        to="services_forms.draft",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("digest",), name="forms_draft_tokens_are_secret")],
            },
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["expires_at"], name="forms_drafts_by_end"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("submitted_at__isnull", True), ("answers", {}), _connector="OR"),
                name="forms_submitted_answers_are_gone",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("submitted_at__isnull", True), ("is_preview", False), _connector="OR"),
                name="forms_previews_are_not_submitted",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["organisation_id", "service_id", "-submitted_at"], name="forms_newest_submissions"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("journey_id",), name="forms_one_submission_per_journey"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("organisation_id", "reference"), name="forms_references_are_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_due__gte", 0)), name="forms_amount_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "cy"])), name="forms_submission_language_is_ours"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case_id__isnull", True), ("case_opened_at__isnull", True)),
                    models.Q(("case_id__isnull", False), ("case_opened_at__isnull", False)),
                    _connector="OR",
                ),
                name="forms_case_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(fields=("payment_id",), name="forms_one_attempt_per_payment"),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("submission",), name="forms_one_open_attempt"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "paid")), fields=("submission",), name="forms_paid_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), ("outcome__in", ["paid", "failed"])),
                    _connector="OR",
                ),
                name="forms_attempt_ends_somehow",
            ),
        ),
        CouncilWall("services_forms_formversion", web="SELECT, INSERT, UPDATE (state, published_at, archived_at)"),
        migrations.RunSQL(PUBLISHED_STAYS, "DROP FUNCTION forms_published_stays() CASCADE"),
        # The worker throws drafts of all councils away when their time has passed, without reading an answer.
        CouncilWall(
            "services_forms_draft",
            web="SELECT, INSERT, UPDATE (answers, links_sent, expires_at, submitted_at)",
            dispatcher="SELECT (id, expires_at), DELETE",
            dispatcher_sees_all=True,
        ),
        CouncilWall("services_forms_drafttoken", web="SELECT, INSERT", dispatcher=""),
        migrations.RunSQL(TOKENS_GO_TOO, migrations.RunSQL.noop),
        # What was sent is never changed: only the case it led to is written down.
        CouncilWall(
            "services_forms_submission",
            web="SELECT, INSERT, UPDATE (case_id, case_opened_at)",
            resident_column="resident_id",
        ),
        CouncilWall("services_forms_paymentattempt", web="SELECT, INSERT, UPDATE (ended_at, outcome)"),
    ]
