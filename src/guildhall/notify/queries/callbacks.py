"""Where services' programs are told, and what they were told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel import secrets
from guildhall.kernel.paging import Page
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.callbacks import Kind, Outcome
from guildhall.notify.domain.ids import NotifyServiceId

PAGE = 50
SECRET = "guildhall.notify.callback-secret"  # noqa: S105 - the purpose, not the secret
BODY = "guildhall.notify.callback-body"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a service wants to be told of a kind of news. ``signing_secret`` is None when callbacks are not signed."""

    kind: Kind
    url: str
    signing_secret: str | None
    tries_for_a_day: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. ``status`` is None when there was no answer, and ``problem`` says why."""

    at: datetime
    status: int | None
    problem: str
    took_ms: int


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A callback and its attempts, the first first. ``outcome`` is None while it waits."""

    id: UUID
    kind: Kind
    about_id: UUID
    queued_at: datetime
    next_try_at: datetime | None
    outcome: Outcome | None
    attempts: Sequence[Attempt]


@reading
def list_endpoints(of: NotifyServiceId) -> Mapping[Kind, Endpoint]:
    """Return where one of the current council's services wants to be told, by kind."""
    rows = own_rows(models.CallbackEndpoint).filter(notify_service_id=of)
    return {Kind(row.kind): _endpoint_of(row) for row in rows}


@reading
def list_callbacks(of: NotifyServiceId, *, page: int = 1, only_failed: bool = False) -> Page[CallbackView]:
    """Return a page of what a service's program was told, or was to be told, the last first."""
    rows = own_rows(models.Callback).filter(notify_service_id=of).order_by("-id")
    if only_failed:
        rows = rows.filter(outcome__in=[str(Outcome.REFUSED), str(Outcome.GIVEN_UP)])
    total, start = rows.count(), (page - 1) * PAGE
    shown = list(rows[start : start + PAGE])
    attempts: dict[UUID, list[Attempt]] = {row.id: [] for row in shown}
    for made in own_rows(models.CallbackAttempt).filter(callback_id__in=list(attempts)).order_by("at", "id"):
        attempts[made.callback_id].append(Attempt(made.at, made.status, made.problem, made.took_ms))
    views = [
        CallbackView(
            id=row.id,
            kind=Kind(row.kind),
            about_id=row.about_id,
            queued_at=row.queued_at,
            next_try_at=row.next_try_at,
            outcome=Outcome(row.outcome) if row.outcome else None,
            attempts=attempts[row.id],
        )
        for row in shown
    ]
    return Page(views, page, PAGE, total)


def _endpoint_of(row: models.CallbackEndpoint) -> Endpoint:
    secret = secrets.decrypt(bytes(row.signing_secret), SECRET).decode() if row.signing_secret else None
    return Endpoint(Kind(row.kind), row.url, secret, row.tries_for_a_day)
