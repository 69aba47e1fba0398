import django.db.models.expressions
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall


class Migration(migrations.Migration):
    dependencies = [("notify", "0005_receipts")]

    operations = [
        migrations.AddField(
            model_name="notifyservice",
            name="files_contact",
            field=models.TextField(blank=True, db_default="", help_text="whom readers of files ask; empty: no files"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="writes_to_accounts",
            field=models.BooleanField(db_default=False, help_text="readers may choose to read in their account"),
        ),
        migrations.CreateModel(
            name="AccountMessage",
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
                ("resident_id", models.UUIDField()),
                ("sender_name", models.TextField()),
                ("subject", models.TextField()),
                ("body", models.TextField()),
                ("language", models.TextField(help_text="en, cy, or both one after the other")),
                ("arrived_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["resident_id", "-arrived_at"], name="notify_newest_in_an_account")],
            },
        ),
        CouncilWall(
            "notify_accountmessage",
            web="SELECT, UPDATE (read_at)",
            dispatcher="SELECT, INSERT",
            resident_column="resident_id",
            dispatcher_sees_all=True,
        ),
        migrations.CreateModel(
            name="Document",
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
                ("locked", models.BinaryField(help_text="the content, encrypted with the link's key")),
                ("name", models.TextField(blank=True, help_text="empty: the program gave none")),
                ("kind", models.TextField(help_text="the ending of its name")),
                ("size", models.IntegerField(help_text="bytes, unlocked")),
                (
                    "email_digest",
                    models.BinaryField(help_text="whose email address opens it; null: nobody is asked", null=True),
                ),
                ("kept_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.SmallIntegerField(db_default=0, help_text="email addresses tried since tries_since")),
                ("tries_since", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="notify_documents_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("kept_at"))), name="notify_document_ends"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Unsubscribed",
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
                ("email", models.TextField(help_text="as it is compared and written to")),
                ("template_id", models.UUIDField(help_text="the template of the email that it answered")),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["notify_service_id", "-at"], name="notify_newest_unsubscribed")],
                "constraints": [
                    models.UniqueConstraint(fields=("notify_service_id", "email"), name="notify_unsubscribed_once")
                ],
            },
        ),
        CouncilWall("notify_unsubscribed", web="SELECT, INSERT, DELETE", dispatcher="SELECT", dispatcher_sees_all=True),
        CouncilWall(
            "notify_document",
            web="SELECT, INSERT, UPDATE (tries, tries_since)",
            dispatcher="SELECT, DELETE",
            dispatcher_sees_all=True,
        ),
    ]
