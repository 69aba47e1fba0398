"""Remembering that a key is used, without writing a row for every request."""

import time
from datetime import datetime

from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.ids import KeyId
from guildhall.notify.queries.remembered import Caller
from guildhall.organisations import operations as organisations

NOTED_EVERY = 60.0
"""Seconds."""

_ROOM = 50_000
_noted: dict[KeyId, float] = {}


def note_use(caller: Caller, *, now: datetime) -> None:
    """Write down that the caller's key is used, unless this process has done so within the last minute."""
    key, at = caller.key.id, time.monotonic()
    if at - _noted.get(key, -NOTED_EVERY) < NOTED_EVERY:
        return
    if len(_noted) >= _ROOM:
        _noted.clear()
    _noted[key] = at
    with acting_for(caller.service.organisation_id):
        organisations.note_key_used(key, now=now)
