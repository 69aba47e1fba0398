"""Requests that name themselves, so that asking again changes nothing: the answer is kept beside what was accepted.

The answer, the name and the messages are one commit. Who asks at the same moment waits for that commit, and then gets
the same answer. A request that was refused leaves nothing: it may be mended and sent again under the same name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, reading, transaction
from guildhall.notify import models
from guildhall.notify.operations.accepting.preparing import Prepared
from guildhall.notify.operations.accepting.writing import write_prepared
from guildhall.notify.queries.remembered import KnownService

KEPT_FOR = timedelta(hours=24)
AT_ONCE = 1000

_ANSWERS = "guildhall.notify.repeats"
_CLAIM = """
INSERT INTO notify_repeatkey AS kept (id, notify_service_id, key, digest, answer, answered_at)
VALUES (%(id)s, %(service)s, %(key)s, %(digest)s, %(answer)s, %(now)s)
ON CONFLICT (notify_service_id, key) DO UPDATE
    SET digest = excluded.digest, answer = excluded.answer, answered_at = excluded.answered_at
    WHERE kept.answered_at <= %(too_old)s
"""


class KeyUsedDifferently(Conflict):
    """Another request has been answered under this name within the last day."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The name that a program gave its request, and a digest of all that it asked for."""

    key: str
    digest: bytes


Make = Callable[[], tuple[bytes, Sequence[Prepared]]]


def find_answer(repeat: Repeat, *, service: KnownService, now: datetime) -> bytes | None:
    """Return what the same request was answered within the last day, or None: then it is new.

    :raises KeyUsedDifferently: the name belongs to another request.
    """
    with acting_for(service.organisation_id):
        return _find_answer(repeat, service, now)


def answer_once(repeat: Repeat, *, service: KnownService, make: Make, now: datetime) -> bytes:
    """Return what ``make`` answers, and write its messages; or what was answered to the same request meanwhile.

    :raises KeyUsedDifferently: the name belongs to another request.
    """
    answer, prepared = make()
    with acting_for(service.organisation_id):
        return _write(repeat, service, answer, prepared, now)


@transaction
def forget_repeats(*, now: datetime) -> int:
    """Delete answers that are too old to be given again, of any council; return how many that was."""
    old = models.RepeatKey.objects.filter(answered_at__lte=now - KEPT_FOR).values("id")[:AT_ONCE]
    deleted, _ = models.RepeatKey.objects.filter(id__in=old).delete()
    return deleted


@transaction
def _write(repeat: Repeat, service: KnownService, answer: bytes, prepared: Sequence[Prepared], now: datetime) -> bytes:
    if not _claim(repeat, service, answer, now):
        known = _find_answer(repeat, service, now)
        assert known is not None, "what was claimed by another is committed"
        return known
    write_prepared(prepared)
    return answer


@part_of_a_transaction
def _claim(repeat: Repeat, service: KnownService, answer: bytes, now: datetime) -> bool:
    """Take the name, unless it belongs to a request of the last day. Waits for whoever is taking it at this moment."""
    values: dict[str, Any] = {"id": new_id(), "service": service.id, "key": repeat.key, "digest": repeat.digest}
    hidden = secrets.encrypt(answer, _ANSWERS)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values | {"answer": hidden, "now": now, "too_old": now - KEPT_FOR})
        return cursor.rowcount == 1


@reading
def _find_answer(repeat: Repeat, service: KnownService, now: datetime) -> bytes | None:
    kept = own_rows(models.RepeatKey).filter(
        notify_service_id=service.id, key=repeat.key, answered_at__gt=now - KEPT_FOR
    )
    row = kept.first()
    if row is None:
        return None
    if bytes(row.digest) != repeat.digest:
        raise KeyUsedDifferently("the key has been used for another request")
    return secrets.decrypt(bytes(row.answer), _ANSWERS)
