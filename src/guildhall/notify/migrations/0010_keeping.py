import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import CouncilWall, DefinerFunction, MoreGrants

# Messages that were sent before anybody kept count, counted once.
_COUNT_EARLIER_ONES = """
INSERT INTO notify_statuscount (id, organisation_id, notify_service_id, template_id, channel, key_kind, accepted_on,
    status, messages, is_added_up)
SELECT gen_random_uuid(), organisation_id, notify_service_id, template_id, channel, key_kind,
    (accepted_at AT TIME ZONE 'Europe/London')::date, status, count(*), true
FROM notify_message WHERE status NOT IN ('created', 'pending-virus-check')
GROUP BY organisation_id, notify_service_id, template_id, channel, key_kind,
    (accepted_at AT TIME ZONE 'Europe/London')::date, status
"""

_KEPT_FOR = """
SELECT service.organisation_id, service.id, kept.channel, kept.days FROM notify_notifyservice AS service
CROSS JOIN LATERAL (VALUES ('email', service.emails_kept_for), ('sms', service.texts_kept_for),
    ('letter', service.letters_kept_for)) AS kept (channel, days)
"""

# Nothing is kept longer than 90 days. The owner is behind the wall too, so it comes down around the month that is looked
# into; who waits longer than a moment for the table would make everybody wait behind, so then the months stay.
_DROP_EMPTY_MONTHS = """
DECLARE
    dropped integer := 0;
    has_rows boolean;
    month record;
BEGIN
    PERFORM set_config('lock_timeout', '300ms', true);
    FOR month IN
        SELECT c.oid::regclass::text AS name,
            substring(pg_get_expr(c.relpartbound, c.oid) FROM $$TO \\('([^']+)'$$)::timestamptz AS ends_at
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'notify_message'::regclass
    LOOP
        CONTINUE WHEN month.ends_at IS NULL OR month.ends_at > now() - interval '95 days';
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', month.name);
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', month.name) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', month.name);
        ELSE
            EXECUTE format('DROP TABLE %s', month.name);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    RETURN dropped;
EXCEPTION WHEN lock_not_available THEN
    RETURN 0;
END
"""
_OWNER = settings.DATABASE_LOGINS["owner"]


class Migration(migrations.Migration):
    dependencies = [("notify", "0009_templates")]

    operations = [
        migrations.CreateModel(
            name="StatusCount",
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
                ("channel", models.TextField()),
                ("key_kind", models.TextField()),
                ("accepted_on", models.DateField(help_text="the day in London")),
                ("status", models.TextField()),
                ("messages", models.IntegerField()),
                ("is_added_up", models.BooleanField(db_default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["notify_service_id", "accepted_on"], name="notify_counts_of_service"),
                    models.Index(
                        condition=models.Q(("is_added_up", False)),
                        fields=["notify_service_id"],
                        name="notify_to_be_added_up",
                    ),
                ],
            },
        ),
        migrations.RemoveIndex(model_name="message", name="notify_messages_of_service"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("job_id", None)),
                fields=["notify_service_id", "key_kind", "channel", "status", "-accepted_at", "-id"],
                name="notify_sent_singly",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("job_id__isnull", False)),
                fields=["notify_service_id", "key_kind", "channel", "status", "-accepted_at", "-id"],
                name="notify_sent_by_list",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["notify_service_id", "recipient"], name="notify_sent_to"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("reference__isnull", False)),
                fields=["notify_service_id", "reference", "-accepted_at", "-id"],
                name="notify_sent_as_reference",
            ),
        ),
        migrations.RunSQL(
            [
                f'CREATE POLICY owner_counts ON "notify_message" FOR SELECT TO "{_OWNER}" USING (true)',
                _COUNT_EARLIER_ONES,
                'DROP POLICY owner_counts ON "notify_message"',
            ],
            migrations.RunSQL.noop,
        ),
        CouncilWall(
            "notify_statuscount", web="SELECT, INSERT", dispatcher="SELECT, INSERT, DELETE", dispatcher_sees_all=True
        ),
        migrations.RunSQL(
            f'CREATE POLICY owner_keeping ON "notify_notifyservice" FOR SELECT TO "{_OWNER}" USING (true)',
            migrations.RunSQL.noop,
        ),
        DefinerFunction(
            "notify_kept_for",
            _KEPT_FOR,
            arguments="",
            returns="TABLE (organisation_id uuid, notify_service_id uuid, channel text, days smallint)",
            grant_to=("dispatcher",),
        ),
        DefinerFunction(
            "notify_message_drop_empty_months",
            _DROP_EMPTY_MONTHS,
            arguments="",
            returns="integer",
            language="plpgsql",
            volatility="VOLATILE",
            grant_to=("dispatcher",),
        ),
        MoreGrants("notify_message", dispatcher="DELETE"),
        MoreGrants("notify_inboxentry", dispatcher="DELETE"),
    ]
