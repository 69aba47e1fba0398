"""Tables that belong to no council, each with the reason. Every other table is walled by council; a test compares."""

GLOBAL_TABLES = {
    "django_migrations": "which migrations have run",
    "django_session": "sessions of people, who are above councils",
    "procrastinate_jobs": "stored deliveries of events; arguments hold ids only",
    "procrastinate_events": "history of stored deliveries",
    "procrastinate_periodic_defers": "which ticks of periodic work have been queued",
    "procrastinate_workers": "heartbeats of workers",
}
