"""How much a service may still send: this minute's requests and today's messages."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from guildhall.contact.phone_number import PhoneNumber
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.rates import counted_as, messages_a_day
from guildhall.notify.operations.accepting.preparing import Prepared
from guildhall.notify.operations.limits import check_day, take_of_day, take_request
from guildhall.notify.queries.remembered import Caller
from guildhall.notify.queries.services import NotifyServiceView
from guildhall.organisations.domain.keys import KeyKind


def admit(caller: Caller, channel: Channel, *, now: datetime) -> None:
    """Let a request in, before it is read: within the minute's limit, and with some of the day's messages left.

    :raises TooManyRequests: the service has made this minute's requests with this kind of key.
    :raises DayIsUsedUp: the service has sent today's messages.
    """
    service, kind = caller.service.view, caller.key.kind
    take_request(service, kind, now=now)
    check_day(service, str(channel), limit_of_day(service, kind, channel), now=now)


def count_today(prepared: Prepared, *, now: datetime) -> None:
    """Count a message against the day's limits. What a test key sends is not counted: nobody gets it.

    :raises DayIsUsedUp: there is none left.
    """
    if prepared.kind is KeyKind.TEST or prepared.is_simulated:
        return
    service, channel = prepared.service, prepared.wanted.channel
    if _is_charged_as_abroad(prepared.wanted.number):
        take_of_day(service, counted_as(channel, is_abroad=True), service.texts_abroad_a_day, now=now)
    take_of_day(service, str(channel), limit_of_day(service, prepared.kind, channel), now=now)


def count_all_today(messages: Sequence[Prepared], *, now: datetime) -> None:
    """Count many messages of one service against the day's limits: of each kind all, or none and a refusal.

    :raises DayIsUsedUp: fewer are left than these.
    """
    counted: Counter[tuple[str, int]] = Counter()
    for prepared in messages:
        if prepared.kind is KeyKind.TEST or prepared.is_simulated:
            continue
        service, channel = prepared.service, prepared.wanted.channel
        if _is_charged_as_abroad(prepared.wanted.number):
            counted[counted_as(channel, is_abroad=True), service.texts_abroad_a_day] += 1
        counted[str(channel), limit_of_day(service, prepared.kind, channel)] += 1
    for (name, limit), quantity in counted.items():
        take_of_day(messages[0].service, name, limit, now=now, quantity=quantity)


def limit_of_day(service: NotifyServiceView, kind: KeyKind, channel: Channel) -> int:
    """Return how many messages of a channel a service may send a day with a kind of key."""
    if kind is KeyKind.TEST:
        return messages_a_day(None, channel, is_live=True)
    own = service.letters_a_day if channel is Channel.LETTER else service.texts_a_day
    return messages_a_day(service.emails_a_day if channel is Channel.EMAIL else own, channel, is_live=service.is_live)


def _is_charged_as_abroad(number: PhoneNumber | None) -> bool:
    return number is not None and number.is_abroad and not number.is_crown_dependency
