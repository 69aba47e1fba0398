"""Putting messages into the sandbox's inbox."""

from collections.abc import Sequence

import msgspec
from django.db import connection

from guildhall.kernel.transactions import transaction
from guildhall.notify.queries.inbox import Delivered

_PUT = """
INSERT INTO notify_inboxentry (message_id, channel, "to", subject, body, delivered_at)
SELECT id, channel, "to", subject, body, delivered_at
FROM json_to_recordset(%s) AS delivered (id uuid, channel text, "to" text, subject text, body text,
    delivered_at timestamptz)
ON CONFLICT DO NOTHING
"""


@transaction
def put_into_inbox(delivered: Sequence[Delivered]) -> None:
    """Show messages in the sandbox's inbox. A message that is there already stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [msgspec.json.encode(delivered).decode()])
