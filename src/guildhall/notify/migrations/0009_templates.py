import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall, MoreGrants


class Migration(migrations.Migration):
    dependencies = [("notify", "0008_jobs")]

    operations = [
        migrations.CreateModel(
            name="ContactBlock",
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
                ("lines", models.TextField()),
                ("is_default", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="ReplyToCheck",
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
                ("address", models.TextField()),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TemplateFolder",
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
                ("name", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="brand_colour",
            field=models.TextField(blank=True, db_default="", help_text="like #1d70b8; empty: no colour"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="brand_is_banner",
            field=models.BooleanField(db_default=False, help_text="the logo stands on a banner of the colour"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="email_local_part",
            field=models.TextField(blank=True, db_default="", help_text="before the @; empty: from the name"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="email_sender_name",
            field=models.TextField(blank=True, db_default="", help_text="who emails are from; empty: the name"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="emails_kept_for",
            field=models.SmallIntegerField(db_default=7, help_text="days"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="letters_a_day",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="letters_kept_for",
            field=models.SmallIntegerField(db_default=7, help_text="days"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="live_asked_at",
            field=models.DateTimeField(help_text="when an officer asked to leave trial mode", null=True),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="live_asked_by",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="logo_alt",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="may_send_emails",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="may_send_letters",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="may_send_letters_abroad",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="may_send_texts",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="shows_logo",
            field=models.BooleanField(db_default=False, help_text="the council's logo stands over its emails"),
        ),
        migrations.AddField(
            model_name="notifyservice",
            name="texts_kept_for",
            field=models.SmallIntegerField(db_default=7, help_text="days"),
        ),
        migrations.AddField(
            model_name="template",
            name="is_emergency",
            field=models.BooleanField(db_default=False, help_text="may be sent when the spending cap is reached"),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="contact_block_id",
            field=models.UUIDField(help_text="of a letter", null=True),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="has_unsubscribe_link",
            field=models.BooleanField(db_default=False, help_text="of an email"),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="letter_language",
            field=models.TextField(blank=True, db_default="", help_text="english or welsh_then_english"),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="postage",
            field=models.TextField(blank=True, db_default="", help_text="of a letter: first, second or economy"),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="sender_id",
            field=models.UUIDField(help_text="the reply-to address or text sender; null: the default", null=True),
        ),
        migrations.AddConstraint(
            model_name="notifyservice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("emails_kept_for__range", (3, 90)),
                    ("texts_kept_for__range", (3, 90)),
                    ("letters_kept_for__range", (3, 90)),
                ),
                name="notify_kept_for_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="senderaddress",
            constraint=models.UniqueConstraint(
                fields=("notify_service_id", "channel", "address"), name="notify_sender_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("postage__in", ["", "first", "second", "economy"])), name="notify_template_postage"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("letter_language__in", ["", "english", "welsh_then_english"])),
                name="notify_letter_language",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactblock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("notify_service_id",), name="notify_one_default_block"
            ),
        ),
        migrations.AddConstraint(
            model_name="replytocheck",
            constraint=models.UniqueConstraint(
                fields=("notify_service_id", "address"), name="notify_one_check_of_an_address"
            ),
        ),
        migrations.AddField(
            model_name="templatefolder",
            name="parent",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="notify.templatefolder"),
        ),
        migrations.AddField(
            model_name="template",
            name="folder",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="notify.templatefolder"),
        ),
        migrations.AddConstraint(
            model_name="templatefolder",
            constraint=models.UniqueConstraint(
                models.F("notify_service_id"),
                models.F("parent"),
                django.db.models.functions.text.Lower("name"),
                name="notify_one_folder_of_a_name",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="templatefolder",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="notify_no_folder_in_itself"
            ),
        ),
        CouncilWall("notify_templatefolder", web="SELECT, INSERT, UPDATE, DELETE", dispatcher="SELECT"),
        CouncilWall("notify_replytocheck", web="SELECT, INSERT, UPDATE", dispatcher="SELECT"),
        CouncilWall("notify_contactblock", web="SELECT, INSERT, UPDATE, DELETE", dispatcher="SELECT"),
        MoreGrants("notify_senderaddress", web="DELETE"),
    ]
