"""Tables that belong to no council, each with the reason. Every other table is walled by council; a test compares."""

GLOBAL_TABLES = {
    "django_migrations": "which migrations have run",
    "django_session": "sessions of people, who are above councils",
    "procrastinate_jobs": "stored deliveries of events; arguments hold ids only",
    "procrastinate_events": "history of stored deliveries",
    "procrastinate_periodic_defers": "which ticks of periodic work have been queued",
    "procrastinate_workers": "heartbeats of workers",
    "identity_person": "persons are above councils: one account everywhere",
    "identity_password": "belongs to a person",
    "identity_authenticatorapp": "belongs to a person",
    "identity_registration": "a person to be, before the mailbox is shown to be theirs",
    "identity_emailedcode": "digests of codes sent to persons",
    "identity_trycounter": "tries per account, existing or not",
    "organisations_organisation": "the list of councils is public; only the council may change its own words on it",
    "organisations_organisationcode": "codes that others know councils by",
    "organisations_organisationrelation": "which council is part of another, and which succeeded which",
    "organisations_platformoperator": "people who run the installation, by id",
    "account_postcode": "which council each postcode lies in",
    "account_postcodeaddress": "addresses, where a council's border runs through a postcode",
    "notify_inboxentry": "what the pretended recipients of the sandbox got, from every council",
}

# Council tables that the worker's login sees for all councils, so that one claim takes the work of many.
SEEN_BY_DISPATCHER = {
    "notify_callbackendpoint": "which of many councils’ services want to be told what became of a batch",
    "notify_callback": "callbacks that wait are claimed in batches",
    "notify_callbackattempt": "attempts are written down in batches",
    "notify_programrequest": "old requests are cleared away",
    "notify_letterfile": "letters that wait to be looked through are claimed in batches",
    "notify_message": "messages that wait are claimed in batches",
    "notify_provideraccount": "how each council's providers are doing decides who takes its messages",
    "notify_receipt": "receipts that wait are claimed in batches",
    "notify_receivedtext": "what residents wrote is cleared away when its time is over",
    "notify_statuscount": "a batch of many councils' messages is counted in one statement",
    "notify_uploadedlist": "lists that wait to be checked or sent are claimed",
    "services_tracking_lookuptries": "old tries are cleared away",
    "services_forms_draft": "answers that nobody came back to are thrown away, unread",
    "pay_payment": "payments that have been left are looked for",
    "pay_paymenttoken": "old page tokens are cleared away",
    "pay_repeatkey": "old keys are cleared away",
    "pay_provideract": "acts of providers are claimed in batches",
}
