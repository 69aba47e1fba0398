import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import AppendOnly, CouncilWall, DefinerFunction
from guildhall.pay.domain.states import STEPS

_LEGAL_STEPS = ", ".join(sorted(f"('{before}', '{after}')" for before, after in STEPS))


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PayAccount",
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
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("provider", models.TextField()),
                ("may_be_nothing", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "service_id", "kind"), name="pay_one_account_of_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["test", "live"])), name="pay_account_kind_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "live"), ("provider", "sandbox"), _negated=True),
                        name="pay_sandbox_is_never_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
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
                ("amount", models.IntegerField()),
                ("reference", models.TextField()),
                ("description", models.TextField()),
                ("return_url", models.TextField()),
                ("language", models.TextField()),
                ("email", models.TextField(null=True)),
                ("metadata", models.JSONField(null=True)),
                ("is_capture_delayed", models.BooleanField(default=False)),
                ("resident_id", models.UUIDField(null=True)),
                ("state", models.TextField(default="CREATED")),
                ("version", models.IntegerField(default=1)),
                ("provider_id", models.TextField(null=True)),
                ("card_first_six", models.TextField(null=True)),
                ("card_last_four", models.TextField(null=True)),
                ("card_expiry", models.TextField(null=True)),
                ("card_brand", models.TextField(null=True)),
                ("card_type", models.TextField(null=True)),
                ("cardholder_name", models.TextField(null=True)),
                ("billing_address", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("capture_submitted_at", models.DateTimeField(null=True)),
                ("captured_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="pay.payaccount"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaymentEvent",
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
                ("version", models.IntegerField()),
                ("from_state", models.TextField()),
                ("to_state", models.TextField()),
                ("name", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="pay.payment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaymentToken",
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
                ("created_at", models.DateTimeField()),
                ("spent_at", models.DateTimeField(null=True)),
                ("payment", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="pay.payment")),
            ],
        ),
        migrations.CreateModel(
            name="ProviderAct",
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
                ("kind", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("payment", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="pay.payment")),
            ],
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
                ("key", models.TextField()),
                ("request", models.JSONField()),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="pay.payaccount"),
                ),
                ("payment", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="pay.payment")),
            ],
        ),
        migrations.CreateModel(
            name="RequestCount",
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
                ("kind", models.TextField()),
                ("window", models.BigIntegerField()),
                ("requests", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account_id", "kind"), name="pay_one_count")],
            },
        ),
        migrations.CreateModel(
            name="SandboxEffect",
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
                ("key", models.UUIDField()),
                ("kind", models.TextField()),
                ("answer", models.TextField()),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key",), name="pay_sandbox_acts_once")],
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["account", "-created_at"], name="pay_newest_of_account"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["organisation_id", "-created_at"], name="pay_newest_of_council"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("resident_id__isnull", False)), fields=["resident_id"], name="pay_resident"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "CREATED",
                            "ENTERING_CARD_DETAILS",
                            "AUTHORISATION_3DS_REQUIRED",
                            "AUTHORISATION_3DS_READY",
                            "AUTHORISATION_SUCCESS",
                            "AWAITING_CAPTURE_REQUEST",
                        ],
                    )
                ),
                fields=["created_at"],
                name="pay_unfinished_by_age",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__range", (0, 10000000))), name="pay_amount_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "UNDEFINED",
                            "CREATED",
                            "PAYMENT_NOTIFICATION_CREATED",
                            "ENTERING_CARD_DETAILS",
                            "AUTHORISATION_READY",
                            "AUTHORISATION_USER_NOT_PRESENT_QUEUED",
                            "AUTHORISATION_3DS_REQUIRED",
                            "AUTHORISATION_3DS_READY",
                            "AUTHORISATION_SUBMITTED",
                            "AUTHORISATION_SUCCESS",
                            "AUTHORISATION_REJECTED",
                            "AUTHORISATION_ABORTED",
                            "AUTHORISATION_CANCELLED",
                            "AUTHORISATION_ERROR",
                            "AUTHORISATION_TIMEOUT",
                            "AUTHORISATION_UNEXPECTED_ERROR",
                            "AUTHORISATION_ERROR_CANCELLED",
                            "AUTHORISATION_ERROR_REJECTED",
                            "AUTHORISATION_ERROR_CHARGE_MISSING",
                            "AWAITING_CAPTURE_REQUEST",
                            "CAPTURE_QUEUED",
                            "CAPTURE_APPROVED",
                            "CAPTURE_APPROVED_RETRY",
                            "CAPTURE_READY",
                            "CAPTURE_SUBMITTED",
                            "CAPTURED",
                            "CAPTURE_ERROR",
                            "EXPIRED",
                            "EXPIRE_CANCEL_READY",
                            "EXPIRE_CANCEL_SUBMITTED",
                            "EXPIRE_CANCEL_FAILED",
                            "USER_CANCELLED",
                            "USER_CANCEL_READY",
                            "USER_CANCEL_SUBMITTED",
                            "USER_CANCEL_ERROR",
                            "SYSTEM_CANCELLED",
                            "SYSTEM_CANCEL_READY",
                            "SYSTEM_CANCEL_SUBMITTED",
                            "SYSTEM_CANCEL_ERROR",
                        ],
                    )
                ),
                name="pay_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "cy"])), name="pay_language_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("card_first_six__regex", "^[0-9]{6}$")), name="pay_keeps_six_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("card_last_four__regex", "^[0-9]{4}$")), name="pay_keeps_four_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.UniqueConstraint(fields=("payment", "version"), name="pay_one_event_per_step"),
        ),
        migrations.AddIndex(
            model_name="paymenttoken",
            index=models.Index(fields=["created_at"], name="pay_token_by_age"),
        ),
        migrations.AddConstraint(
            model_name="paymenttoken",
            constraint=models.UniqueConstraint(fields=("digest",), name="pay_token_is_unique"),
        ),
        migrations.AddIndex(
            model_name="provideract",
            index=models.Index(condition=models.Q(("answered_at", None)), fields=["asked_at"], name="pay_open_acts"),
        ),
        migrations.AddConstraint(
            model_name="provideract",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)), fields=("payment",), name="pay_one_open_act"
            ),
        ),
        migrations.AddConstraint(
            model_name="provideract",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["authorise", "capture", "cancel"])), name="pay_act_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="repeatkey",
            constraint=models.UniqueConstraint(fields=("account", "key"), name="pay_repeat_key_once"),
        ),
        migrations.RunSQL(
            f'ALTER TABLE "pay_paymentevent" ADD CONSTRAINT pay_step_is_legal '
            f'CHECK (("from_state", "to_state") IN ({_LEGAL_STEPS}))',
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL('ALTER TABLE "pay_requestcount" SET UNLOGGED', migrations.RunSQL.noop),
        CouncilWall("pay_payaccount", web="SELECT, INSERT, UPDATE"),
        CouncilWall(
            "pay_payment", web="SELECT, INSERT, UPDATE", resident_column="resident_id", dispatcher_sees_all=True
        ),
        CouncilWall("pay_paymentevent", web="SELECT, INSERT"),
        AppendOnly("pay_paymentevent"),
        CouncilWall(
            "pay_paymenttoken",
            web="SELECT, INSERT, UPDATE",
            dispatcher="SELECT, INSERT, UPDATE, DELETE",
            dispatcher_sees_all=True,
            owner="SELECT",
        ),
        CouncilWall(
            "pay_repeatkey",
            web="SELECT, INSERT, UPDATE",
            dispatcher="SELECT, INSERT, UPDATE, DELETE",
            dispatcher_sees_all=True,
        ),
        CouncilWall("pay_provideract", web="SELECT, INSERT, UPDATE", dispatcher_sees_all=True),
        CouncilWall("pay_sandboxeffect", web="SELECT, INSERT"),
        CouncilWall("pay_requestcount", web="SELECT, INSERT, UPDATE"),
        DefinerFunction(
            "pay_payment_of_token",
            "SELECT organisation_id, payment_id FROM pay_paymenttoken WHERE digest = wanted",
            arguments="wanted bytea",
            returns="TABLE (organisation_id uuid, payment_id uuid)",
            grant_to=("web",),
        ),
    ]
