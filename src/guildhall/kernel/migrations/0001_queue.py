"""Let the logins announce events (web) and deliver them (dispatcher): the queue's own tables belong to the owner."""

from django.conf import settings
from django.db import migrations

from guildhall.kernel.walls import OpenTable


class Migration(migrations.Migration):
    dependencies = [("procrastinate", "0041_post_retry_failed_job"), ("sessions", "0001_initial")]
    operations = [
        OpenTable("procrastinate_jobs", web="SELECT, INSERT", dispatcher="SELECT, INSERT, UPDATE, DELETE"),
        OpenTable("procrastinate_events", web="SELECT, INSERT", dispatcher="SELECT, INSERT, DELETE"),
        OpenTable("procrastinate_periodic_defers", web="SELECT", dispatcher="SELECT, INSERT, UPDATE, DELETE"),
        OpenTable("procrastinate_workers", web="SELECT", dispatcher="SELECT, INSERT, UPDATE, DELETE"),
        OpenTable("django_session", web="SELECT, INSERT, UPDATE, DELETE"),
        OpenTable("django_migrations", web="SELECT", writer="SELECT"),
        migrations.RunSQL(
            [
                f'GRANT USAGE ON SEQUENCE {sequence} TO "{settings.DATABASE_LOGINS[login]}"'
                for login in ("web", "dispatcher")
                for sequence in (
                    "procrastinate_jobs_id_seq",
                    "procrastinate_events_id_seq",
                    "procrastinate_periodic_defers_id_seq",
                    "procrastinate_workers_id_seq",
                )
            ],
            migrations.RunSQL.noop,
        ),
    ]
