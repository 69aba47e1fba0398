"""The composition root: which reaction follows which event, which loops the worker turns, which providers deliver.

Nothing else in the house knows more than one module and those beneath it. An event that is not listed here is refused
when it is announced; an event that nobody needs yet is listed with no reaction.
"""

from collections.abc import Mapping
from ipaddress import ip_network

from django.conf import settings

from guildhall.config.key_formats import KEY_FORMATS
from guildhall.contact.postcode import accept_invented_postcodes
from guildhall.identity.providers.accounts import PersonalAccounts
from guildhall.identity.queries import names_of_people
from guildhall.identity.reactions import send_invitation
from guildhall.kernel import events
from guildhall.kernel.loops import Loop
from guildhall.metering.events import AllowanceThresholdReached
from guildhall.notify import ports as notify_ports
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.jobs import COUNTING, LETTERS, LIST_LOOPS, RECEIPTS, callback_loop, delivery_loops
from guildhall.notify.ports import Make, Provider, Providers
from guildhall.notify.providers import firetext, govuk_notify, letter_folder, letter_sftp, mmg
from guildhall.notify.providers.callbacks import HttpCaller
from guildhall.notify.providers.clamd import clamd_at
from guildhall.notify.providers.govuk_templates import GovukTemplates
from guildhall.notify.providers.sandbox import Sandbox
from guildhall.notify.providers.smpp import provider as smpp
from guildhall.notify.providers.smtp import Smtp, read_settings, settings_of_url
from guildhall.notify.queries import names
from guildhall.notify.reactions import tell_of_threshold
from guildhall.organisations import ports as organisations_ports
from guildhall.organisations.events import OfficerInvited
from guildhall.pay import ports as pay_ports
from guildhall.pay.events import PaymentFailed, PaymentSettled
from guildhall.pay.providers.sandbox import SandboxProvider
from guildhall.services.forms.reactions import note_failed_payment, open_paid_case

REACTIONS: events.Wiring = {
    OfficerInvited: (send_invitation,),
    AllowanceThresholdReached: (tell_of_threshold,),
    PaymentSettled: (open_paid_case,),
    PaymentFailed: (note_failed_payment,),
}


def _smtp(account: Mapping[str, str]) -> Provider:
    return Smtp(read_settings(account, domain=settings.EMAIL_DOMAIN), names_end=settings.EMAIL_DOMAIN)


def _sandbox(account: Mapping[str, str]) -> Provider:
    return Sandbox()


PROVIDER_KINDS: Mapping[str, Make] = {
    "smtp": _smtp,
    "firetext": firetext.make,
    "mmg": mmg.make,
    "smpp": smpp.make,
    "govuk-notify": govuk_notify.make,
    "letter-folder": letter_folder.make,
    "letter-sftp": letter_sftp.make,
    **({"sandbox": _sandbox} if settings.SANDBOX else {}),
}


def _without_accounts() -> Mapping[Channel, Provider]:
    """Email goes to the mail server that is configured; what nobody is configured for goes to the sandbox's inbox."""
    carried: dict[Channel, Provider] = dict.fromkeys(Channel, Sandbox()) if settings.SANDBOX else {}
    return carried | ({Channel.EMAIL: _smtp(settings_of_url(settings.SMTP_URL))} if settings.SMTP_URL else {})


PROVIDERS = Providers(PROVIDER_KINDS, _without_accounts())
_PRIVATE = [ip_network(each) for each in settings.CALLBACK_NETWORKS]
_CALLER = HttpCaller(allowed=_PRIVATE, may_be_loopback=settings.IS_FOR_THIS_MACHINE_ONLY)
LOOPS: tuple[Loop, ...] = (*delivery_loops(PROVIDERS), RECEIPTS, COUNTING, LETTERS, *LIST_LOOPS, callback_loop(_CALLER))

NAMES_IN_THE_AUDIT_TRAIL: Mapping[str, organisations_ports.FindsNames] = {
    "list": names.file_names_of_lists,
    "sender": names.addresses_of_senders,
    "reply_to_check": names.addresses_asked_about,
    "contact_block": names.first_lines_of_blocks,
}


def connect() -> None:
    """Pin up the wiring. Called once, when all modules are loaded."""
    events.pin_up(REACTIONS)
    if settings.SANDBOX:
        accept_invented_postcodes()
    organisations_ports.connect(KEY_FORMATS)
    organisations_ports.connect_names(names_of_people, NAMES_IN_THE_AUDIT_TRAIL)
    notify_ports.connect_template_source(GovukTemplates(settings.GOVUK_NOTIFY))
    notify_ports.connect_providers(PROVIDERS)
    notify_ports.connect_virus_scanner(clamd_at(settings.CLAMD_URL) if settings.CLAMD_URL else None)
    notify_ports.connect_accounts(PersonalAccounts())
    pay_ports.connect({"sandbox": SandboxProvider()})
