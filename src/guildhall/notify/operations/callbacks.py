"""Telling services' programs what happened: where to, and putting news down with what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId, PersonId, new_id, new_secret
from guildhall.kernel.refusals import Conflict, Invalid, NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.callbacks import TOLD_OF, Ended, Kind, delivery_status, read_address
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.queries.callbacks import BODY, SECRET
from guildhall.organisations.operations import Subject, record_audit

SHORTEST_TOKEN = 10

_SET = """
INSERT INTO notify_callbackendpoint AS endpoint (id, notify_service_id, kind, url, token, signing_secret,
    tries_for_a_day, changed_at)
VALUES (%(id)s, %(service)s, %(kind)s, %(url)s, %(token)s, %(secret)s, %(for_a_day)s, %(now)s)
ON CONFLICT (notify_service_id, kind) DO UPDATE SET url = excluded.url,
    token = CASE WHEN %(is_new_token)s THEN excluded.token ELSE endpoint.token END,
    signing_secret = CASE WHEN %(is_signed)s THEN coalesce(endpoint.signing_secret, excluded.signing_secret) END,
    tries_for_a_day = excluded.tries_for_a_day, rests_until = NULL, changed_at = excluded.changed_at
"""
_WAITED_FOR = """
SELECT notify_service_id FROM notify_callbackendpoint
WHERE kind = %s AND notify_service_id = ANY(%s) AND organisation_id = ANY(%s)
"""
_QUEUE = """
INSERT INTO notify_callback (id, organisation_id, notify_service_id, kind, about_id, body, queued_at, tries,
    next_try_at, outcome)
SELECT id, organisation_id, notify_service_id, kind, about_id, body, now(), 0, now(), ''
FROM json_to_recordset(%s) AS news (id uuid, organisation_id uuid, notify_service_id uuid, kind text, about_id uuid,
    body bytea)
"""
_MESSAGES = """
SELECT message.id, message.reference, recipient_as_given, accepted_at, sent_at, channel, template_id, template_version
FROM notify_message AS message
JOIN json_to_recordset(%s) AS told (id uuid, at timestamptz) ON (message.id, accepted_at) = (told.id, told.at)
"""


class Told(Protocol):
    """What is to be known of a message whose status changed."""

    @property
    def message_id(self) -> UUID: ...
    @property
    def accepted_at(self) -> datetime: ...
    @property
    def organisation_id(self) -> OrganisationId: ...
    @property
    def notify_service_id(self) -> NotifyServiceId: ...
    @property
    def key_kind(self) -> str: ...
    @property
    def after(self) -> Status: ...
    @property
    def at(self) -> datetime: ...


class TokenTooShort(Invalid):
    """A bearer token has at least ten characters, and none that cannot stand in a header."""


class CallbackNotFound(NotFound):
    """The service has no such callback."""


class NothingToSendTo(Conflict):
    """The service no longer says where it wants to be told."""


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """Where a service wants to be told. ``token`` None: the one it gave before."""

    kind: Kind
    url: str
    token: str | None
    is_signed: bool = False
    tries_for_a_day: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """Something that a program is to be told, in the words of its kind."""

    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    kind: Kind
    about_id: UUID
    body: Mapping[str, object]


@transaction
def set_callback(
    service_id: NotifyServiceId, wanted: NewEndpoint, *, may_be_loopback: bool, actor: PersonId, now: datetime
) -> None:
    """Tell a service's program of one kind of news from now on, at another address than before if need be.

    :raises NotACallbackAddress: nothing can be sent to the address.
    :raises TokenTooShort: the token is not one, or there is none yet.
    """
    read_address(wanted.url, may_be_loopback=may_be_loopback)
    is_known = own_rows(models.CallbackEndpoint).filter(notify_service_id=service_id, kind=str(wanted.kind)).exists()
    _check_token(wanted.token, is_known=is_known)
    facts: dict[str, Any] = {
        "id": new_id(),
        "service": service_id,
        "kind": str(wanted.kind),
        "url": wanted.url,
        "token": secrets.encrypt((wanted.token or "").encode(), SECRET),
        "is_new_token": wanted.token is not None,
        "is_signed": wanted.is_signed,
        "secret": secrets.encrypt(new_secret().encode(), SECRET) if wanted.is_signed else None,
        "for_a_day": wanted.tries_for_a_day,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SET, facts)
    _audit("callback.set", service_id, wanted.kind, actor=actor, now=now)


@transaction
def remove_callback(service_id: NotifyServiceId, kind: Kind, *, actor: PersonId, now: datetime) -> None:
    """Tell a service's program of that kind no more. Saying it again changes nothing."""
    rows = own_rows(models.CallbackEndpoint).filter(notify_service_id=service_id, kind=str(kind))
    if rows.delete()[0]:
        _audit("callback.removed", service_id, kind, actor=actor, now=now)


@transaction
def repeat_callback(service_id: NotifyServiceId, callback_id: UUID, *, actor: PersonId, now: datetime) -> None:
    """Send a callback that is over once more, with all its tries.

    :raises CallbackNotFound: the service has no such callback.
    :raises NothingToSendTo: the service does not want to be told of its kind any more.
    """
    row = own_rows(models.Callback).filter(id=callback_id, notify_service_id=service_id).first()
    if row is None:
        raise CallbackNotFound("there is no such callback")
    if not own_rows(models.CallbackEndpoint).filter(notify_service_id=service_id, kind=row.kind).exists():
        raise NothingToSendTo("the service does not want to be told of this")
    over = own_rows(models.Callback).filter(id=callback_id, next_try_at=None)
    if over.update(tries=0, next_try_at=now, outcome="", finished_at=None):
        _audit("callback.repeated", service_id, Kind(row.kind), actor=actor, now=now)


@part_of_a_transaction
def queue_ends(changes: Sequence[Told]) -> None:
    """Tell programs of the messages among ``changes`` that have come to their end, if their services want to know.

    What Guildhall's own modules sent is nobody's program's business. The changes may be of many councils.
    """
    ended = {change.message_id: change for change in changes if change.after in TOLD_OF and change.key_kind != "own"}
    wanted = _services_that_wait(Kind.DELIVERY_STATUS, list(ended.values()))
    told = {id: change for id, change in ended.items() if change.notify_service_id in wanted}
    if told:
        _put_down([_news_of(row, told[row[0]]) for row in _messages(list(told.values()))])


@part_of_a_transaction
def queue_news(news: Sequence[News]) -> None:
    """Tell programs of other news than the ends of messages, if their services want to know."""
    for kind in {each.kind for each in news}:
        of_kind = [each for each in news if each.kind is kind]
        wanted = _services_that_wait(kind, of_kind)
        _put_down([each for each in of_kind if each.notify_service_id in wanted])


def _services_that_wait(kind: Kind, about: Sequence[Told] | Sequence[News]) -> set[UUID]:
    if not about:
        return set()
    services = list({each.notify_service_id for each in about})
    with connection.cursor() as cursor:
        cursor.execute(_WAITED_FOR, [str(kind), services, list({each.organisation_id for each in about})])
        return {service_id for (service_id,) in cursor.fetchall()}


def _messages(told: Sequence[Told]) -> list[tuple[Any, ...]]:
    names = [{"id": each.message_id, "at": each.accepted_at} for each in told]
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, [msgspec.json.encode(names).decode()])
        return cursor.fetchall()


def _news_of(row: tuple[Any, ...], change: Told) -> News:
    id, reference, to, accepted_at, sent_at, channel, template_id, version = row
    ended = Ended(
        id=id,
        reference=reference,
        to=to,
        status=change.after,
        created_at=accepted_at,
        completed_at=change.at,
        sent_at=sent_at,
        channel=channel,
        template_id=template_id,
        template_version=version,
    )
    body = delivery_status(ended)
    return News(change.organisation_id, change.notify_service_id, Kind.DELIVERY_STATUS, id, body)


def _put_down(news: Sequence[News]) -> None:
    rows = [
        {
            "id": new_id(),
            "organisation_id": each.organisation_id,
            "notify_service_id": each.notify_service_id,
            "kind": each.kind,
            "about_id": each.about_id,
            "body": f"\\x{secrets.encrypt(msgspec.json.encode(each.body), BODY).hex()}",
        }
        for each in news
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_QUEUE, [msgspec.json.encode(rows).decode()])


def _check_token(token: str | None, *, is_known: bool) -> None:
    if token is None and is_known:
        return
    if token is None or len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable():
        raise TokenTooShort("a bearer token has at least ten printable characters")


def _audit(action: str, service_id: UUID, kind: Kind, *, actor: PersonId, now: datetime) -> None:
    subject = Subject("notify_service", service_id, service_id=service_id)
    record_audit(action, subject, actor=actor, now=now, details={"news": str(kind)})
