"""Taking back what texts used that nobody got because of us: no provider took them, or they were cancelled before.

Source of what is charged: contract 1.8. A text that a provider took is charged whether or not it arrives.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec
from django.db import connection

from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.metering.operations import corrections_sql
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.operations.own_messages import USE

UNSENT = frozenset({Status.TECHNICAL_FAILURE, Status.CANCELLED})

_TAKE_BACK = f"""
WITH told AS (
    SELECT * FROM json_to_recordset(%s) AS told (id uuid, accepted_at timestamptz, at timestamptz)
), unsent AS (
    SELECT organisation_id, '{USE}' AS source, id::text || ':not-sent' AS event_id, 'sms_fragments' AS meter,
        -fragments AS quantity, rate_multiplier, notify_service_id AS service_id, told.at AS used_at,
        id::text AS corrects
    FROM notify_message JOIN told USING (id, accepted_at) WHERE key_kind <> 'test' AND fragments > 0
), corrected AS ({corrections_sql("unsent")})
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
    @property
    def at(self) -> datetime: ...


@part_of_a_transaction
def take_back_unsent(changes: Sequence[Change]) -> None:
    """Take back the use of the texts among these messages that will not be sent, each once."""
    unsent = [
        {"id": each.message_id, "accepted_at": each.accepted_at, "at": each.at}
        for each in changes
        if each.channel is Channel.SMS and each.after in UNSENT
    ]
    if unsent:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_BACK, [msgspec.json.encode(unsent).decode()])
