"""What a service sends with: its settings, senders, callbacks, numbers, accounts with providers. Each act done once."""

import pytest

from guildhall.design.languages import Text
from guildhall.kernel import clock
from guildhall.kernel.ids import ServiceId, new_id
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.domain.callbacks import Kind
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId, SenderAddressId
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations import (
    account_messages,
    callbacks,
    documents,
    provider_accounts,
    provider_trial,
    received,
    senders,
    services,
    settings,
    templates,
    unsubscribing,
)
from guildhall.notify.operations.callbacks import NewEndpoint, News
from guildhall.notify.operations.provider_accounts import WantedAccount
from guildhall.notify.queries.services import EmailBrand, KeptFor
from guildhall.notify.queries.unsubscribed import Subscription
from guildhall.notify.testing import AUTHOR
from guildhall.organisations.testing import OFFICER, make_officer, make_service

from .driving import House, doing

THE_OFFICER = {"actor": OFFICER}
PROGRAM = NewEndpoint(Kind.INBOUND_SMS, "https://program.example/told", "a-token-of-ours")
ALLOWED = settings.Allowed(True, 3_000, 1_000, 1_000, 10, 1_000, True, True, True, False, False, False)


@doing(settings.change_names)
def change_names(house: House) -> None:
    settings.change_names(house.sender.id, settings.Names("Waste", "Waste", "waste", True), **house.by_me())


@doing(settings.change_brand)
def change_brand(house: House) -> None:
    settings.change_brand(house.sender.id, EmailBrand(colour="#005ea5"), **house.by_me())


@doing(settings.change_kept_for)
def change_kept_for(house: House) -> None:
    settings.change_kept_for(house.sender.id, KeptFor(emails=30), **house.by_me())


@doing(settings.change_guests)
def change_guests(house: House) -> None:
    settings.change_guests(house.sender.id, emails=["guest@example.com"], phones=[], **house.by_me())


@doing(settings.heed_schedules)
def heed_schedules(house: House) -> None:
    settings.heed_schedules(house.sender.id, True, **house.by_me())


@doing(settings.ask_to_go_live)
def ask_to_go_live(house: House) -> None:
    service = services.add_sending_service(Text("Bins", "Biniau"), now=clock.now(), **THE_OFFICER).id
    for _ in range(2):
        make_officer(house.council)
    senders.add_text_sender("Bins", of=service, is_default=True, now=clock.now(), **THE_OFFICER)
    templates.add_template(
        notify_service_id=service,
        channel=Channel.SMS,
        name="A text",
        pair=Pair(Words("", "Hello")),
        by=AUTHOR,
        now=clock.now(),
    )
    settings.ask_to_go_live(service, asked_by="Mair Evans", **house.by_me())


@doing(settings.set_allowed)
def set_allowed(house: House) -> None:
    settings.set_allowed(house.sender.id, ALLOWED, operator=house.me, now=clock.now())


@doing(account_messages.offer_accounts)
def offer_accounts(house: House) -> None:
    account_messages.offer_accounts(house.sender.id, True, **house.by_me())


@doing(documents.say_whom_to_ask)
def say_whom_to_ask(house: House) -> None:
    documents.say_whom_to_ask(house.sender.id, "help@testford.example", **house.by_me())


@doing(services.add_sending_service)
def add_sending_service(house: House) -> None:
    services.add_sending_service(Text("Council tax", "Treth gyngor"), **house.by_me())


@doing(services.let_service_send)
def let_service_send(house: House) -> None:
    service = make_service(house.council, slug=f"s-{new_id().hex[-12:]}", name="Trees")
    services.let_service_send(ServiceId(service.id), **house.by_me())


def text_sender(house: House, name: str) -> SenderAddressId:
    return senders.add_text_sender(name, of=house.sender.id, is_default=False, now=clock.now(), **THE_OFFICER)


@doing(senders.add_text_sender)
def add_text_sender(house: House) -> None:
    senders.add_text_sender("Testford", of=house.sender.id, is_default=False, **house.by_me())


@doing(senders.make_default_sender)
def make_default_sender(house: House) -> None:
    senders.make_default_sender(text_sender(house, "Tford one"), of=house.sender.id, **house.by_me())


@doing(senders.remove_sender)
def remove_sender(house: House) -> None:
    senders.remove_sender(text_sender(house, "Tford two"), of=house.sender.id, **house.by_me())


@doing(senders.ask_reply_to)
def ask_reply_to(house: House) -> None:
    senders.ask_reply_to("replies@testford.example", of=house.sender.id, asker="Mair Evans", **house.by_me())


@doing(senders.save_contact_block)
def save_contact_block(house: House) -> None:
    senders.save_contact_block(None, "1 High Street\nTestford", of=house.sender.id, is_default=True, **house.by_me())


@doing(senders.remove_contact_block)
def remove_contact_block(house: House) -> None:
    of, now = house.sender.id, clock.now()
    block = senders.save_contact_block(None, "2 High Street", of=of, is_default=False, now=now, **THE_OFFICER)
    senders.remove_contact_block(block, of=of, **house.by_me())


def listen(house: House) -> None:
    callbacks.set_callback(house.sender.id, PROGRAM, may_be_loopback=False, now=clock.now(), **THE_OFFICER)


@doing(callbacks.set_callback)
def set_callback(house: House) -> None:
    callbacks.set_callback(house.sender.id, PROGRAM, may_be_loopback=False, **house.by_me())


@doing(callbacks.remove_callback)
def remove_callback(house: House) -> None:
    listen(house)
    callbacks.remove_callback(house.sender.id, Kind.INBOUND_SMS, **house.by_me())


@doing(callbacks.repeat_callback)
def repeat_callback(house: House) -> None:
    listen(house)
    with transaction():
        callbacks.queue_news([News(house.council.id, house.sender.id, Kind.INBOUND_SMS, new_id(), {})])
        over = own_rows(models.Callback).order_by("-id")[0]
        own_rows(models.Callback).filter(id=over.id).update(
            next_try_at=None, outcome="given-up", finished_at=clock.now()
        )
    callbacks.repeat_callback(house.sender.id, over.id, **house.by_me())


def unused_number() -> str:
    return f"07{int(new_id().hex[-12:], 16) % 10**9:09}"


@doing(received.give_number)
def give_number(house: House) -> None:
    received.give_number(house.sender.id, unused_number(), **house.by_me())


@doing(received.give_installations_number)
def give_installations_number(house: House) -> None:
    received.give_installations_number(house.sender.id, unused_number(), **house.by_me())


@doing(received.take_number_away)
def take_number_away(house: House) -> None:
    given = received.give_number(house.sender.id, unused_number(), now=clock.now(), **THE_OFFICER)
    received.take_number_away(NotifyServiceId(house.sender.id), given, **house.by_me())


def wanted_account() -> WantedAccount:
    name = f"Our server {new_id().hex[-6:]}"
    return WantedAccount(Channel.EMAIL, "sandbox", name, {})


def account() -> provider_accounts.OpenedAccount:
    return provider_accounts.add_provider_account(wanted_account(), now=clock.now(), **THE_OFFICER)


@doing(provider_accounts.add_provider_account)
def add_provider_account(house: House) -> None:
    provider_accounts.add_provider_account(wanted_account(), **house.by_me())


@doing(provider_accounts.change_provider_account)
def change_provider_account(house: House) -> None:
    provider_accounts.change_provider_account(account().id, wanted_account(), **house.by_me())


@doing(provider_accounts.switch_provider_account)
def switch_provider_account(house: House) -> None:
    provider_accounts.switch_provider_account(account().id, is_active=False, **house.by_me())


@doing(provider_trial.try_provider_account)
def try_provider_account(house: House) -> None:
    silent = WantedAccount(Channel.EMAIL, "smtp", "Silent", {"host": "127.0.0.1", "port": "1"})
    opened = provider_accounts.add_provider_account(silent, now=clock.now(), **THE_OFFICER)
    with pytest.raises(provider_trial.TrialFailed):
        provider_trial.try_provider_account(opened.id, to="jo@example.com", **house.by_me())


@doing(unsubscribing.forget_unsubscribed)
def forget_unsubscribed(house: House) -> None:
    subscription = Subscription(house.council.id, house.sender.id, house.sender.email, "jo@example.com")
    unsubscribing.unsubscribe(subscription, now=clock.now())
    unsubscribing.forget_unsubscribed("jo@example.com", of=house.sender.id, **house.by_me())
