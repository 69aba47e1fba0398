"""Payments for other modules' tests, and a provider that fails as it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from guildhall.kernel import clock
from guildhall.kernel.ids import ServiceId, new_id
from guildhall.kernel.money import Pence
from guildhall.kernel.networks import UNKNOWN
from guildhall.pay import operations, ports
from guildhall.pay.domain.card_form import Typed
from guildhall.pay.domain.cards import CardEntry
from guildhall.pay.domain.creation import NewPayment
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.ports import Act, Answer, CardProvider, ProviderUnreachable, Result

GOOD_CARD, DECLINED_CARD, FAULTY_CARD = "4242424242424242", "4000000000000002", "4000000000000119"


def make_account() -> PayAccountId:
    """Give the acting council a service of its own that takes test payments."""
    return operations.ensure_pay_account(ServiceId(new_id()), "Bulky waste collection")


def wanted_payment(**changes: object) -> NewPayment:
    """Return a usual payment to ask for."""
    usual = NewPayment(Pence(2500), "BW-1", "Bulky waste collection", "https://service.example/return")
    return replace(usual, **changes)  # type: ignore[arg-type]


def typed_card(number: str = GOOD_CARD, **changes: str) -> Typed:
    """Return a card page filled in rightly, with one of the test cards."""
    usual = Typed(
        card_number=number,
        security_code="123",
        expiry_month="12",
        expiry_year=str(clock.now().year + 1),
        cardholder_name="Olwen Ap Rhys",
        line1="1 High Street",
        city="Testford",
        postcode="TE1 1ST",
    )
    return replace(usual, **changes)


def start_payment(account: PayAccountId, *, now: datetime, **changes: object) -> PaymentId:
    """Ask for a payment and open its page, so that it waits for a card."""
    created = operations.create_payment(wanted_payment(**changes), account=account, now=now)
    operations.spend_token(created.next_url.rsplit("/", 1)[1], now=now)
    return created.payment_id


def pay(account: PayAccountId, *, now: datetime, number: str = GOOD_CARD, **changes: object) -> PaymentId:
    """Ask for a payment and pay it, as far as the card lets it go."""
    payment_id = start_payment(account, now=now, **changes)
    if not operations.enter_card(payment_id, typed_card(number), network=UNKNOWN, now=now).is_finished:
        operations.confirm(payment_id, now=now)
    return payment_id


@dataclass
class UnreliableProvider:
    """A provider that can lose a call before or after it acted, and counts what it really did, by key."""

    loses_calls: bool = False
    loses_answers: bool = False
    effects: dict[object, Result] = field(default_factory=dict)

    def authorise(self, act: Act, card: CardEntry) -> Result:
        return self._do(act, Result(Answer.SUCCEEDED, provider_id=str(act.key)))

    def capture(self, act: Act) -> Result:
        return self._do(act, Result(Answer.SUCCEEDED))

    def cancel(self, act: Act) -> Result:
        return self._do(act, Result(Answer.SUCCEEDED))

    def query(self, act: Act) -> Result:
        return self.effects.get(act.key, Result(Answer.NEVER_HEARD_OF))

    def _do(self, act: Act, result: Result) -> Result:
        if self.loses_calls:
            raise ProviderUnreachable("the call was lost")
        self.effects.setdefault(act.key, result)
        if self.loses_answers:
            raise ProviderUnreachable("the answer was lost")
        return self.effects[act.key]


@contextmanager
def provider(adapter: CardProvider) -> Iterator[CardProvider]:
    """Wire ``adapter`` as the provider of test accounts for a while."""
    before = ports.provider_named("sandbox")
    ports.connect({"sandbox": adapter})
    try:
        yield adapter
    finally:
        ports.connect({"sandbox": before})
