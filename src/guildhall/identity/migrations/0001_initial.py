"""Persons, their passwords and apps, accounts being created, codes sent and tries counted; and who may touch what."""

import django.db.models.deletion
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import OpenTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuthenticatorApp",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hidden_secret", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("last_accepted_step", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.CharField(max_length=320)),
                ("name", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=2)),
                ("uses_emailed_codes", models.BooleanField(default=False)),
                ("generation", models.PositiveIntegerField(default=0)),
                ("joined_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.CharField(max_length=320)),
                ("name", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=2)),
                ("encoded_password", models.CharField(max_length=255)),
                ("begun_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="TryCounter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.BinaryField(max_length=32)),
                ("action", models.CharField(max_length=30)),
                ("tries", models.PositiveSmallIntegerField()),
                ("lapses_at", models.DateTimeField(db_index=True)),
                ("locked_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="EmailedCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("journey_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=30)),
                ("digest", models.BinaryField(max_length=32)),
                ("sent_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField(db_index=True)),
                ("spent_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("spent_at__isnull", True)),
                        fields=("journey_id",),
                        name="identity_one_open_code_per_journey",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Password",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="password",
                        serialize=False,
                        to="identity.person",
                    ),
                ),
                ("encoded", models.CharField(max_length=255)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("email",), name="identity_one_person_per_email"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ("en", "cy"))), name="identity_person_language_is_known"
            ),
        ),
        migrations.AddField(
            model_name="authenticatorapp",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="apps", to="identity.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="trycounter",
            constraint=models.UniqueConstraint(
                fields=("account", "action"), name="identity_one_counter_per_account_and_action"
            ),
        ),
        migrations.AddConstraint(
            model_name="authenticatorapp",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at__isnull", False)),
                fields=("person",),
                name="identity_one_confirmed_app_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="authenticatorapp",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at__isnull", True)),
                fields=("person",),
                name="identity_one_unconfirmed_app_each",
            ),
        ),
        OpenTable("identity_person", web="SELECT, INSERT, UPDATE", dispatcher="SELECT"),
        OpenTable("identity_password", web="SELECT, INSERT, UPDATE", dispatcher=""),
        OpenTable("identity_authenticatorapp", web="SELECT, INSERT, UPDATE, DELETE", dispatcher=""),
        OpenTable("identity_registration", web="SELECT, INSERT, DELETE", dispatcher="SELECT, DELETE"),
        OpenTable("identity_emailedcode", web="SELECT, INSERT, UPDATE", dispatcher="SELECT, DELETE"),
        OpenTable("identity_trycounter", web="SELECT, INSERT, UPDATE, DELETE", dispatcher="SELECT, DELETE"),
    ]
