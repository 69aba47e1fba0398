"""A council is public when one of its owners has opened it, not when somebody is invited; an invitation may be sent again."""

from django.conf import settings
from django.db import migrations, models

from guildhall.kernel.walls import DefinerFunction

# The keys of a council that was taken off open nothing, whatever platform they are for.
_KEY_OF_DIGEST = """
    SELECT k.organisation_id, k.id FROM organisations_apikey k
    WHERE k.secret_digest = digest AND k.revoked_at IS NULL AND NOT EXISTS (
        SELECT FROM organisations_organisation o WHERE o.id = k.organisation_id AND o.stage = 'taken_off')
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_councils")]

    operations = [
        migrations.RenameField(model_name="organisation", old_name="live_since", new_name="opened_at"),
        migrations.AlterField(
            model_name="organisation",
            name="opened_at",
            field=models.DateTimeField(help_text="when its owner opened it to residents", null=True),
        ),
        migrations.AddField(
            model_name="organisation", name="stage", field=models.TextField(db_default="listed", default="listed")
        ),
        migrations.AddField(
            model_name="organisation",
            name="taken_off_at",
            field=models.DateTimeField(help_text="when an operator took it off again", null=True),
        ),
        migrations.RunSQL(
            "UPDATE organisations_organisation SET stage = 'open' WHERE opened_at IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            f'GRANT UPDATE (stage, taken_off_at) ON organisations_organisation TO "{settings.DATABASE_LOGINS["web"]}"',
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["listed", "invited", "setting_up", "open", "taken_off"])),
                name="stage_of_a_council_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", False), ("stage", "open")),
                    ("stage", "taken_off"),
                    models.Q(("opened_at", None), models.Q(("stage", "open"), _negated=True)),
                    _connector="OR",
                ),
                name="a_council_is_opened_once_and_then_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "taken_off"), ("taken_off_at__isnull", False)),
                    models.Q(("taken_off_at", None), models.Q(("stage", "taken_off"), _negated=True)),
                    _connector="OR",
                ),
                name="what_is_taken_off_says_since_when",
            ),
        ),
        migrations.AddField(
            model_name="invitation", name="by_operator", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            model_name="invitation",
            name="times_sent",
            field=models.PositiveIntegerField(db_default=1, default=1, help_text="only the newest email's link works"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="invited_at",
            field=models.DateTimeField(help_text="when its newest email was sent"),
        ),
        DefinerFunction(
            "organisations_key_of_digest",
            _KEY_OF_DIGEST,
            arguments="digest bytea",
            returns="TABLE (organisation_id uuid, key_id uuid)",
            grant_to=("web",),
        ),
    ]
