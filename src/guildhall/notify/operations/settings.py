"""What officers choose for a service's messages, and what operators allow it. Each change is in the audit trail."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.transaction import on_commit

from guildhall.contact.email_address import parse_email_address
from guildhall.contact.phone_number import parse_phone_number
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.text import is_blank
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.settings import (
    GUESTS_OF_A_KIND,
    KEPT_FOR_DAYS,
    read_colour,
    read_local_part,
    tasks_to_go_live,
)
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.queries.services import EmailBrand, KeptFor, NotifyServiceNotFound
from guildhall.notify.queries.settings import get_readiness
from guildhall.organisations.operations import Subject, record_audit


class NameMissing(Invalid):
    """A service has a name."""


class KeptForWrongTime(Invalid):
    """Messages are kept for at least 3 and at most 90 days."""


class TooManyGuests(Invalid):
    """A guest list has at most five email addresses and five phone numbers."""


class NotReady(Conflict):
    """Something of the list must be done before the service can leave trial mode."""


class LiveAlready(Conflict):
    """The service has left trial mode."""


@dataclass(frozen=True, slots=True)
class Names:
    """Under which names a service writes. An empty ``local_part`` or ``sender_name`` means what its name makes."""

    name: str
    sender_name: str
    local_part: str
    prefixes_texts: bool


SOMEBODYS = frozenset({"guest_emails", "guest_phones"})
"""Settings that the audit trail does not repeat: it is never erased."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What operators let a service do. A limit of None is that of its kind, live or in trial."""

    is_live: bool
    requests_a_minute: int
    emails_a_day: int | None
    texts_a_day: int | None
    texts_abroad_a_day: int
    letters_a_day: int | None
    may_send_emails: bool
    may_send_texts: bool
    may_send_letters: bool
    may_text_abroad: bool
    may_text_landlines: bool
    may_send_letters_abroad: bool


@transaction
def change_names(service_id: NotifyServiceId, names: Names, *, actor: PersonId, now: datetime) -> None:
    """Change under which names a service writes.

    :raises NameMissing: nothing of the name can be seen.
    :raises NotALocalPart: what shall stand before the @ would be no address.
    """
    if is_blank(names.name):
        raise NameMissing("a service has a name")
    values = {
        "name": names.name.strip(),
        "email_sender_name": names.sender_name.strip(),
        "email_local_part": read_local_part(names.local_part),
        "prefixes_texts": names.prefixes_texts,
    }
    _change(service_id, values, "names", actor=actor, now=now)


@transaction
def change_brand(service_id: NotifyServiceId, brand: EmailBrand, *, actor: PersonId, now: datetime) -> None:
    """Change how a service's emails look around their words.

    :raises NotAColour: the colour is none.
    """
    values = {
        "shows_logo": brand.shows_logo,
        "logo_alt": brand.logo_alt.strip(),
        "brand_colour": read_colour(brand.colour),
        "brand_is_banner": brand.is_banner,
    }
    _change(service_id, values, "brand", actor=actor, now=now)


@transaction
def change_kept_for(service_id: NotifyServiceId, kept_for: KeptFor, *, actor: PersonId, now: datetime) -> None:
    """Change how many days a service's messages are kept.

    :raises KeptForWrongTime: one of them is fewer than 3 or more than 90.
    """
    least, most = KEPT_FOR_DAYS
    if not all(least <= days <= most for days in (kept_for.emails, kept_for.texts, kept_for.letters)):
        raise KeptForWrongTime("messages are kept for 3 to 90 days")
    values = {
        "emails_kept_for": kept_for.emails,
        "texts_kept_for": kept_for.texts,
        "letters_kept_for": kept_for.letters,
    }
    _change(service_id, values, "kept_for", actor=actor, now=now)


@transaction
def change_guests(
    service_id: NotifyServiceId, *, emails: Collection[str], phones: Collection[str], actor: PersonId, now: datetime
) -> None:
    """Change to whom, beside its team, a service may write in trial mode and with team keys.

    :raises TooManyGuests: there are more than five of a kind.
    :raises NotAnEmailAddress: nobody can be written to there; for phones, ``NotAPhoneNumber``.
    """
    if len(emails) > GUESTS_OF_A_KIND or len(phones) > GUESTS_OF_A_KIND:
        raise TooManyGuests("a guest list has at most five of a kind")
    values = {
        "guest_emails": list(dict.fromkeys(parse_email_address(each) for each in emails)),
        "guest_phones": list(dict.fromkeys(parse_phone_number(each).digits for each in phones)),
    }
    _change(service_id, values, "guests", actor=actor, now=now)


@transaction
def heed_schedules(service_id: NotifyServiceId, is_wanted: bool, *, actor: PersonId, now: datetime) -> None:
    """Do what a program says in ``scheduled_for``, or ignore it as GOV.UK Notify does.

    :raises NotifyServiceNotFound: the council has no such notify service.
    """
    _change(service_id, {"heeds_schedules": is_wanted}, "schedules", actor=actor, now=now)


@transaction
def ask_to_go_live(service_id: NotifyServiceId, *, asked_by: str, actor: PersonId, now: datetime) -> None:
    """Ask the operators to let a service write to anybody.

    :raises NotReady: something of the list is not done.
    :raises LiveAlready: it has left trial mode.
    """
    if not all(tasks_to_go_live(get_readiness(service_id)).values()):
        raise NotReady("something of the list is not done")
    rows = own_rows(models.NotifyService).filter(id=service_id, is_live=False)
    if not rows.update(live_asked_at=now, live_asked_by=asked_by):
        raise LiveAlready("the service has left trial mode")
    _record(service_id, "asked_to_go_live", actor=actor, now=now)


@transaction
def set_allowed(service_id: NotifyServiceId, allowed: Allowed, *, operator: PersonId, now: datetime) -> None:
    """Change whether a service may write to anybody, what it may send, and how much of it. Operators decide this.

    Whoever asked to leave trial mode is answered by it.

    :raises NotifyServiceNotFound: the council has no such notify service.
    """
    rows = own_rows(models.NotifyService).filter(id=service_id)
    if rows.filter(is_live=not allowed.is_live).update(live_asked_at=None, live_asked_by=""):
        _record(service_id, "live" if allowed.is_live else "trial", actor=operator, now=now)
    values = {each.name: getattr(allowed, each.name) for each in fields(Allowed)}
    _change(service_id, values, "allowed", actor=operator, now=now)


@part_of_a_transaction
def _change(
    service_id: NotifyServiceId, values: Mapping[str, object], what: str, *, actor: PersonId, now: datetime
) -> None:
    on_commit(forget_services)
    if not own_rows(models.NotifyService).filter(id=service_id).update(**values):
        raise NotifyServiceNotFound("there is no such notify service")
    told = {name: _in_a_word(value) for name, value in values.items() if name not in SOMEBODYS}
    _record(service_id, what, actor=actor, now=now, **told)


def _in_a_word(value: object) -> str:
    """Return a setting as the audit trail has it: words and numbers as they are, the rest as codes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value == "" else str(value)


def _record(service_id: NotifyServiceId, what: str, *, actor: PersonId, now: datetime, **told: str) -> None:
    subject = Subject("notify_service", service_id, service_id=service_id)
    record_audit(f"notify_service.{what}", subject, actor=actor, now=now, details=told)
