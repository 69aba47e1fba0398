"""Who wants no more of a service's emails, and the links by which they say so."""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId

PAGE = 50
_LINK = "guildhall.notify.unsubscribe"

Reader: TypeAlias = tuple[NotifyServiceId, str]
"""A service, and an email address that it writes to."""

_AMONG = """
SELECT unsubscribed.notify_service_id, unsubscribed.email
FROM notify_unsubscribed AS unsubscribed
JOIN unnest(%(organisations)s::uuid[], %(services)s::uuid[], %(emails)s::text[]) AS asked (organisation, service, email)
    ON unsubscribed.organisation_id = asked.organisation AND unsubscribed.notify_service_id = asked.service
    AND unsubscribed.email = asked.email
"""


class BrokenLink(NotFound):
    """The link to unsubscribe is not one of ours, or part of it is missing."""


class Subscription(msgspec.Struct, frozen=True, array_like=True):
    """What a link to unsubscribe stands for: one address, and one service's emails."""

    organisation_id: UUID
    notify_service_id: UUID
    template_id: UUID
    email: str


@dataclass(frozen=True, slots=True)
class UnsubscribedView:
    """An address that wants no more emails, since when, and after which email."""

    email: str
    template_id: TemplateId
    at: datetime


def unsubscribe_link(subscription: Subscription) -> str:
    """Return the address at which a reader unsubscribes. It works for ever, and says nothing to anybody else."""
    hidden = secrets.encrypt(msgspec.json.encode(subscription), _LINK)
    return f"{settings.BASE_URL}/unsubscribe/{base64.urlsafe_b64encode(hidden).rstrip(b'=').decode()}"


def read_unsubscribe_token(token: str) -> Subscription:
    """Return what the last part of such an address stands for.

    :raises BrokenLink: nothing.
    """
    try:
        hidden = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(secrets.decrypt(hidden, _LINK), type=Subscription)
    except (ValueError, binascii.Error, secrets.WrongKey, msgspec.MsgspecError) as fault:
        raise BrokenLink("this link is not valid") from fault


@reading
def unsubscribed_among(readers: Collection[tuple[OrganisationId, NotifyServiceId, str]]) -> frozenset[Reader]:
    """Return which of these, of whatever council the login may see, want no more emails."""
    if not readers:
        return frozenset()
    organisations, services, emails = zip(*readers, strict=True)
    values = {"organisations": list(organisations), "services": list(services), "emails": list(emails)}
    with connection.cursor() as cursor:
        cursor.execute(_AMONG, values)
        return frozenset((NotifyServiceId(service), email) for service, email in cursor.fetchall())


@reading
def has_unsubscribed(notify_service_id: NotifyServiceId, email: str) -> bool:
    """Tell whether an address wants no more emails of one of the current council's services."""
    return own_rows(models.Unsubscribed).filter(notify_service_id=notify_service_id, email=email).exists()


@reading
def list_unsubscribed(*, of: NotifyServiceId, page: int = 1) -> Page[UnsubscribedView]:
    """Return a page of who wants no more emails of a service, the last first."""
    rows = own_rows(models.Unsubscribed).filter(notify_service_id=of).order_by("-at", "email")
    start = (page - 1) * PAGE
    views = [UnsubscribedView(row.email, TemplateId(row.template_id), row.at) for row in rows[start : start + PAGE]]
    return Page(views, page, PAGE, rows.count())
