"""Counting tries: the count and the decision are one statement, so that fifty guesses at once are still six."""

from datetime import datetime
from typing import Any

from django.db import connection

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models
from guildhall.identity.domain.tries import Action, limit_on
from guildhall.kernel import secrets
from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Unavailable
from guildhall.kernel.transactions import part_of_a_transaction, transaction

# A lapsed count and a lock that is over both start again at one. A locked counter is not touched: no row comes back.
_TAKE = """
INSERT INTO identity_trycounter AS counter (id, account, action, tries, lapses_at)
VALUES (%(id)s, %(account)s, %(action)s, 1, %(lapses_at)s)
ON CONFLICT ON CONSTRAINT identity_one_counter_per_account_and_action DO UPDATE SET
    tries = CASE WHEN counter.lapses_at <= %(now)s OR counter.locked_until IS NOT NULL THEN 1
                 ELSE counter.tries + 1 END,
    lapses_at = excluded.lapses_at,
    locked_until = CASE WHEN counter.lapses_at > %(now)s AND counter.locked_until IS NULL
                             AND counter.tries + 1 >= %(limit)s THEN %(locked_until)s::timestamptz END
WHERE counter.locked_until IS NULL OR counter.locked_until <= %(now)s
RETURNING tries
"""


class LockedOut(Unavailable):
    """It was tried too often; it can be tried again when the lock ends."""

    def __init__(self, action: Action) -> None:
        super().__init__("this was tried too often; wait 15 minutes")
        self.action = action


def take_a_try(account: EmailAddress, action: Action, *, now: datetime) -> None:
    """Count one try before anything is compared, in a transaction of its own: a failure later does not undo it.

    The sixth try is the last that is looked at, and locks the action as it is taken; if it succeeds,
    ``forget_tries`` takes the lock away again.

    :raises LockedOut: six were used up.
    """
    with transaction():
        count_a_try(account, action, now=now)


@part_of_a_transaction
def count_a_try(account: EmailAddress, action: Action, *, now: datetime) -> None:
    """Count one try as part of what it is for: if that does not happen, it was not tried.

    :raises LockedOut: six were used up.
    """
    limit = limit_on(action)
    facts: dict[str, Any] = {
        "id": new_id(),
        "account": _account(account),
        "action": action,
        "now": now,
        "lapses_at": now + limit.counted_for,
        "limit": limit.tries,
        "locked_until": now + limit.locked_for,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, facts)
        if cursor.fetchone() is None:
            raise LockedOut(action)


@part_of_a_transaction
def forget_tries(account: EmailAddress, *actions: Action) -> None:
    """Start counting afresh, and unlock: the person has shown who they are."""
    models.TryCounter.objects.filter(account=_account(account), action__in=actions).delete()


def _account(address: EmailAddress) -> bytes:
    """Count for an address without keeping it: most addresses that are guessed at belong to nobody here."""
    return secrets.derive("identity.tries", address)
