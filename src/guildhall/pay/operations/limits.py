"""How many requests a program may make: so many in each second, counted where all web processes can see it."""

from datetime import datetime
from typing import Literal

from django.db import connection

from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Unavailable
from guildhall.kernel.transactions import transaction
from guildhall.pay.domain.ids import PayAccountId

RequestKind = Literal["create_payment", "capture_payment", "other_post", "other"]

MOST_PER_SECOND = {"create_payment": 15, "capture_payment": 15, "other_post": 15, "other": 75}


class TooManyRequests(Unavailable):
    """The account has made as many requests of this kind as it may in a second."""


@transaction
def count_request(account: PayAccountId, kind: RequestKind, *, now: datetime) -> None:
    """Count one request of an account in the current second.

    The count is one statement on a table that is never flushed to disk: a crash forgets it, and costs nothing.

    :raises TooManyRequests: the second is full.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO pay_requestcount AS counted (id, account_id, kind, "window", requests)
                    VALUES (%s, %s, %s, %s, 1)
               ON CONFLICT (account_id, kind) DO UPDATE
                       SET requests = CASE counted."window" WHEN EXCLUDED."window" THEN counted.requests + 1 ELSE 1 END,
                           "window" = EXCLUDED."window"
                 RETURNING requests""",
            [new_id(), account, kind, int(now.timestamp())],
        )
        if cursor.fetchone()[0] > MOST_PER_SECOND[kind]:
            raise TooManyRequests("too many requests")
