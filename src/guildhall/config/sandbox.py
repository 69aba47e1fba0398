"""The sandbox council: two live services, people and keys, composed from the modules' operations.

All secrets are derived from the installation's key: composing it again changes nothing, and showing it prints the same
credentials each time.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from guildhall.account import operations as account
from guildhall.config.logins import logged_in_as
from guildhall.contact.email_address import parse_email_address
from guildhall.identity import operations as identity
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.secrets import derive
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations as notify
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import SenderAddressId, TemplateId
from guildhall.notify.queries import inbox_address
from guildhall.organisations import operations as organisations
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.queries import Council, get_council, list_keys
from guildhall.pay import operations as pay
from guildhall.services.cases import operations as cases
from guildhall.services.forms import operations as forms

COUNCIL = organisations.NewOrganisation(
    slug="sandbox-borough",
    name="Sandbox Borough Council",
    name_cy="Cyngor Bwrdeistref y Blwch Tywod",
    custodian_code="99001",  # nobody's; the invented postcodes lead to it
)
BY = "sandbox"  # who did it, for the audit trail

PROGRAMS_SERVICE = "bulky-waste"  # whose keys programs get: it sends messages and takes payments


@dataclass(frozen=True)
class Credentials:
    """How one of the sandbox's people signs in."""

    email: str
    password: str
    totp_secret: str

    def as_json(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password, "totp_secret": self.totp_secret}


@dataclass(frozen=True)
class Composed:
    """What a composed sandbox is made of, as far as programs need to know. Their keys are those of one service."""

    council: Council
    service_id: ServiceId
    templates: dict[str, TemplateId]
    pay_key: str


def compose_sandbox(*, now: datetime) -> Composed:
    """Make sure that the sandbox council exists, with all that belongs to it, and return what it is made of.

    Run it as web's login: the owner sees over the walls, and would take another council's service for the sandbox's.
    """
    with logged_in_as("owner"):
        account.load_synthetic_postcodes()
    council = organisations.ensure_organisation(COUNCIL, now=now)
    _ensure_people(council, now=now)
    with acting_for(council.id):
        services = {slug: forms.ensure_form(slug, now=now) for slug in forms.SANDBOX_FORMS}
        service_id = services[PROGRAMS_SERVICE]
        templates = _ensure_messages(service_id)
        _ensure_notify_keys(service_id, now=now)
        pay_key = pay.ensure_sandbox_key(service_id, now=now)
    return Composed(council, service_id, templates, pay_key)


def close_sandbox(*, now: datetime) -> None:
    """Make what the sandbox has printed worthless: from now on people live here. Its council keeps its rows.

    Composing the sandbox again opens it again.
    """
    people = {
        email: identity.shut_account(parse_email_address(email), now=now) for email in (STAFF, OPERATOR, RESIDENT)
    }
    if operator := people[OPERATOR]:
        with logged_in_as("owner"):
            organisations.end_operator(operator)
    with acting_for(get_council(COUNCIL.slug).id):
        while in_use := [key for key in list_keys().rows if not key.is_revoked]:
            for key in in_use:
                organisations.revoke_key(key.id, actor=BY, now=now)


def describe(sandbox: Composed) -> dict[str, Any]:
    """Return the object that ``./guildhall sandbox --json`` prints, for the platforms that exist."""
    service_id = sandbox.service_id
    return {
        "base_url": settings.BASE_URL,
        "organisation": {"slug": sandbox.council.slug, "name": sandbox.council.name},
        "notify": {
            "service_id": str(service_id),
            "api_keys": {kind.value: notify_api_key(service_id, kind) for kind in KeyKind},
            "templates": {channel: str(template) for channel, template in sandbox.templates.items()},
            "email_reply_to_id": str(sender_id("email", service_id)),
            "sms_sender_id": str(sender_id("sms", service_id)),
            "inbox": inbox_address(),
        },
        "pay": {"api_key": sandbox.pay_key},
        "identity": {"resident": credentials_of(RESIDENT).as_json()},
        "staff": credentials_of(STAFF).as_json(),
        "operator": credentials_of(OPERATOR).as_json(),
    }


# -- people ------------------------------------------------------------------------------------------------------------


STAFF, OPERATOR, RESIDENT = "officer@sandbox.example", "operator@sandbox.example", "resident@sandbox.example"


def credentials_of(email: str) -> Credentials:
    """Return how one of the sandbox's people signs in, the same each time."""
    secret = derive("guildhall.sandbox.person", email)
    password = base64.b32encode(secret[:15]).decode().lower() + "-7"  # a password needs a digit
    return Credentials(email, password, base64.b32encode(secret[12:]).decode().rstrip("="))


def _ensure_people(council: Council, *, now: datetime) -> None:
    officer = _ensure_person(STAFF, "Sam Officer", now=now)
    operator = _ensure_person(OPERATOR, "Olwen Operator", now=now)
    with logged_in_as("owner"):
        organisations.make_operator(operator, now=now)
    _ensure_person(RESIDENT, "Rhys Resident", now=now)
    with acting_for(council.id):
        newcomer = organisations.NewOfficer(officer, STAFF, "Sam Officer")
        organisations.ensure_member(newcomer, frozenset(Role), now=now)


def _ensure_person(email: str, name: str, *, now: datetime) -> PersonId:
    credentials = credentials_of(email)
    return identity.ensure_person(
        identity.KnownPerson(
            email=parse_email_address(email),
            name=name,
            password=identity.read_password(credentials.password),
            totp_secret=credentials.totp_secret,
        ),
        now=now,
    )


# -- messages ----------------------------------------------------------------------------------------------------------

EMAIL_WORDS = notify.Words("Your collection on ((date))", "Dear ((name))\n\nWe will collect your items on ((date)).")
EMAIL_WORDS_CY = notify.Words(
    "Eich casgliad ar ((date))", "Annwyl ((name))\n\nByddwn yn casglu eich eitemau ar ((date))."
)
TEXT_WORDS = notify.Words("", "((name)), we will collect your items on ((date)).")
TEXT_WORDS_CY = notify.Words("", "((name)), byddwn yn casglu eich eitemau ar ((date)).")

LETTER_WORDS = notify.Words("Your collection day", "Dear ((name))\n\nWe will collect your items on ((date)).")
LETTER_WORDS_CY = notify.Words("Eich diwrnod casglu", "Annwyl ((name))\n\nByddwn yn casglu eich eitemau ar ((date)).")


def _ensure_messages(service_id: ServiceId) -> dict[str, TemplateId]:
    with transaction():
        notify_service_id = cases.ensure_letters(service_id)
        for channel, address in ((Channel.EMAIL, "replies@sandbox.example"), (Channel.SMS, "Sandbox")):
            sender = SenderAddressId(sender_id(channel.value, service_id))
            notify.ensure_sender(sender, notify_service_id=notify_service_id, channel=channel, address=address)
        return {
            channel.value: notify.ensure_template(
                f"sandbox.{channel.value}",
                notify_service_id=notify_service_id,
                channel=channel,
                name=f"Collection day ({channel.value})",
                english=english,
                welsh=welsh,
            )
            for channel, english, welsh in (
                (Channel.EMAIL, EMAIL_WORDS, EMAIL_WORDS_CY),
                (Channel.SMS, TEXT_WORDS, TEXT_WORDS_CY),
                (Channel.LETTER, LETTER_WORDS, LETTER_WORDS_CY),
            )
        }


def sender_id(channel: str, service_id: ServiceId) -> UUID:
    """Return the id of the reply-to address or text sender, the same each time."""
    return _derived_uuid("guildhall.sandbox.sender", channel, str(service_id))


# -- keys --------------------------------------------------------------------------------------------------------------


def notify_api_key(service_id: ServiceId, kind: KeyKind) -> str:
    """Return a key as Notify's clients want it: a name, the service's id and the secret, joined."""
    return f"sandbox_{kind.value}-{service_id}-{_notify_secret(service_id, kind)}"


def _ensure_notify_keys(service_id: ServiceId, *, now: datetime) -> None:
    for kind in KeyKind:
        wanted = organisations.WantedKey(
            service_id, Platform.NOTIFY, kind, f"sandbox_{kind.value}", secret=str(_notify_secret(service_id, kind))
        )
        organisations.ensure_key(wanted, actor=BY, now=now)


def _notify_secret(service_id: ServiceId, kind: KeyKind) -> UUID:
    return _derived_uuid("guildhall.sandbox.notify_key", str(service_id), kind.value)


def _derived_uuid(purpose: str, *parts: str) -> UUID:
    return UUID(bytes=derive(purpose, *parts)[:16], version=4)
