"""Counting letters as used when they are handed over to be printed: until then they can be cancelled for nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import connection

from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.metering.operations import usage_rows_sql
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.operations.own_messages import USE

_COUNT = f"""
WITH used AS (
    SELECT organisation_id, '{USE}' AS source, id::text AS event_id, 'letters_' || postage AS meter, 1 AS quantity,
        sheets AS rate_multiplier, notify_service_id AS service_id, now() AS used_at
    FROM notify_message WHERE id = ANY(%(messages)s) AND accepted_at BETWEEN %(first)s AND %(last)s
        AND channel = 'letter' AND key_kind <> 'test' AND sheets > 0
), counted AS ({usage_rows_sql("used")})
SELECT 1
"""  # noqa: S608 - names in our own code


class Change(Protocol):
    """What is to be known of a message that went from one status to another."""

    @property
    def message_id(self) -> UUID: ...
    @property
    def accepted_at(self) -> datetime: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def after(self) -> Status: ...


@part_of_a_transaction
def count_letters(changes: Sequence[Change]) -> None:
    """Count the letters among these messages that have just been handed over. One is counted once, whatever follows."""
    handed_over = [
        each for each in changes if each.channel is Channel.LETTER and each.after in (Status.SENDING, Status.DELIVERED)
    ]
    if not handed_over:
        return
    moments = [each.accepted_at for each in handed_over]
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {"messages": [each.message_id for each in handed_over], "first": min(moments), "last": max(moments)},
        )
