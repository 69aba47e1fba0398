"""A payment from its request to its end, on a real database with the sandbox provider."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId, ServiceId, new_id
from guildhall.kernel.money import Pence
from guildhall.kernel.networks import UNKNOWN, Network
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import NotInATransaction, reading, transaction
from guildhall.kernel.tries import LockedOut, take_tries
from guildhall.metering.queries import usage_of_year
from guildhall.pay import operations, queries
from guildhall.pay.domain.card_form import CardPageRefused
from guildhall.pay.domain.creation import PaymentInvalid
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.domain.states import IllegalStep, State
from guildhall.pay.operations import NotCancellable, NotCapturable, Repeatable, RepeatKeyTaken, TokenSpent
from guildhall.pay.operations.paying import CARDS_FROM_A_NETWORK, cards_from
from guildhall.pay.queries import AccountNotFound, PaymentNotFound
from guildhall.pay.testing import (
    DECLINED_CARD,
    FAULTY_CARD,
    pay,
    start_payment,
    typed_card,
    wanted_payment,
)

NOW = clock.now()


def payments_counted() -> int:
    year = clock.financial_year(clock.london_day(NOW))
    return usage_of_year(year, current_year=year).total.payments


def states_of(payment_id: PaymentId) -> list[State]:
    return [state for state, _ in queries.list_events_of(payment_id)]


def standing_of(payment_id: PaymentId) -> tuple[str, str | None, bool]:
    payment = queries.get_payment(payment_id)
    return payment.status.value, payment.code, payment.is_finished


def test_whoever_tries_cards_out_runs_out_of_tries_and_the_payment_stays_open(account: PayAccountId) -> None:
    office, elsewhere = Network("203.0.113.77"), Network("203.0.113.78")
    declined, good = typed_card(DECLINED_CARD), typed_card()
    for _ in range(CARDS_FROM_A_NETWORK.tries - 1):
        take_tries(cards_from(office), now=NOW)
    for _ in range(2):
        paid = operations.enter_card(start_payment(account, now=NOW), good, network=office, now=NOW)
        assert paid.state is State.AUTHORISATION_SUCCESS, "a card that is accepted uses up nothing"
    operations.enter_card(start_payment(account, now=NOW), declined, network=office, now=NOW)
    last = start_payment(account, now=NOW)
    with pytest.raises(LockedOut):
        operations.enter_card(last, good, network=office, now=NOW)
    assert queries.get_payment(last).state is State.ENTERING_CARD_DETAILS
    assert operations.enter_card(last, good, network=elsewhere, now=NOW).state is State.AUTHORISATION_SUCCESS


def test_what_is_typed_wrongly_is_no_card(account: PayAccountId) -> None:
    payment_id = start_payment(account, now=NOW)
    for _ in range(CARDS_FROM_A_NETWORK.tries + 1):
        with pytest.raises(CardPageRefused):
            operations.enter_card(payment_id, typed_card("4242"), network=UNKNOWN, now=NOW)
    operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW)


def test_a_payment_is_paid_with_a_test_card(account: PayAccountId) -> None:
    payment_id = pay(account, now=NOW)
    assert standing_of(payment_id) == ("success", None, True)
    assert states_of(payment_id) == [
        State.CREATED,
        State.ENTERING_CARD_DETAILS,
        State.AUTHORISATION_READY,
        State.AUTHORISATION_SUCCESS,
        State.CAPTURE_APPROVED,
        State.CAPTURE_READY,
        State.CAPTURE_SUBMITTED,
        State.CAPTURED,
    ]


def test_what_is_kept_of_a_card_is_six_digits_four_digits_and_what_is_printed_beside_them(
    account: PayAccountId,
) -> None:
    card = queries.get_payment(pay(account, now=NOW)).card
    assert card is not None
    assert (card.first_six, card.last_four, card.brand, card.card_type) == ("424242", "4242", "Visa", "credit")
    assert card.cardholder_name == "Olwen Ap Rhys"


def test_a_payment_counts_as_used_when_its_money_is_taken_and_not_when_a_card_is_declined(
    account: PayAccountId,
) -> None:
    pay(account, now=NOW, number=DECLINED_CARD)
    assert payments_counted() == 0
    payment_id = start_payment(account, now=NOW)
    operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW)
    assert payments_counted() == 0
    operations.confirm(payment_id, now=NOW)
    assert payments_counted() == 1


@pytest.mark.parametrize(
    ("number", "standing"), [(DECLINED_CARD, ("failed", "P0010", True)), (FAULTY_CARD, ("error", "P0050", True))]
)
def test_a_card_that_is_refused_ends_the_payment(
    account: PayAccountId, number: str, standing: tuple[str, str, bool]
) -> None:
    assert standing_of(pay(account, now=NOW, number=number)) == standing


def test_a_second_card_cannot_be_tried_on_a_payment_that_has_failed(account: PayAccountId) -> None:
    payment_id = pay(account, now=NOW, number=DECLINED_CARD)
    with pytest.raises(IllegalStep):
        operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW)


def test_a_wrong_card_page_changes_nothing(account: PayAccountId) -> None:
    payment_id = start_payment(account, now=NOW)
    with pytest.raises(CardPageRefused):
        operations.enter_card(payment_id, typed_card("5555555555554444"), network=UNKNOWN, now=NOW)
    assert states_of(payment_id) == [State.CREATED, State.ENTERING_CARD_DETAILS]
    assert queries.get_payment(payment_id).card is None


def test_nothing_is_taken_before_the_payer_confirms(account: PayAccountId) -> None:
    payment_id = start_payment(account, now=NOW)
    operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW)
    assert standing_of(payment_id) == ("submitted", None, False)


def test_a_payment_cannot_be_confirmed_without_a_card(account: PayAccountId) -> None:
    with pytest.raises(IllegalStep):
        operations.confirm(start_payment(account, now=NOW), now=NOW)


def test_a_page_address_works_once(account: PayAccountId) -> None:
    created = operations.create_payment(wanted_payment(), account=account, now=NOW)
    token = created.next_url.rsplit("/", 1)[1]
    assert operations.spend_token(token, now=NOW).payment_id == created.payment_id
    with pytest.raises(TokenSpent):
        operations.spend_token(token, now=NOW)


def test_a_page_address_is_good_for_a_week(account: PayAccountId) -> None:
    created = operations.create_payment(wanted_payment(), account=account, now=NOW)
    with pytest.raises(TokenSpent):
        operations.spend_token(created.next_url.rsplit("/", 1)[1], now=NOW + timedelta(seconds=604_800))


def test_an_invented_page_address_opens_nothing(organisation: OrganisationId) -> None:
    with pytest.raises(TokenSpent):
        operations.spend_token("invented", now=NOW)


def test_page_addresses_are_not_stored(account: PayAccountId) -> None:
    created = operations.create_payment(wanted_payment(), account=account, now=NOW)
    token = created.next_url.rsplit("/", 1)[1]
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(pay_paymenttoken::text, ' ') FROM pay_paymenttoken")
        assert token not in cursor.fetchone()[0]


def test_each_look_by_the_service_brings_a_fresh_address_until_there_is_nothing_to_enter(
    account: PayAccountId,
) -> None:
    created = operations.create_payment(wanted_payment(), account=account, now=NOW)
    tokens = {operations.open_payment(created.payment_id, account=account, now=NOW).token for _ in range(2)}
    assert len(tokens) == 2
    assert None not in tokens
    paid = pay(account, now=NOW)
    assert operations.open_payment(paid, account=account, now=NOW).token is None


@pytest.mark.parametrize("amount", [0, -1, 10_000_001])
def test_an_amount_out_of_range_is_refused(account: PayAccountId, amount: int) -> None:
    with pytest.raises(PaymentInvalid):
        operations.create_payment(wanted_payment(amount=Pence(amount)), account=account, now=NOW)


def test_the_database_too_refuses_an_amount_out_of_range(account: PayAccountId) -> None:
    operations.create_payment(wanted_payment(), account=account, now=NOW)
    with pytest.raises(DatabaseError, match="pay_amount_in_range"), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE pay_payment SET amount = 10000001")


def test_a_payment_joins_the_transaction_of_what_it_is_for(account: PayAccountId) -> None:
    with pytest.raises(NotInATransaction):
        operations.create_payment_within(wanted_payment(), account=account, now=NOW)
    with pytest.raises(ZeroDivisionError), transaction():
        created = operations.create_payment_within(wanted_payment(), account=account, now=NOW)
        raise ZeroDivisionError
    with pytest.raises(PaymentNotFound):
        queries.get_payment(created.payment_id)


def test_a_payment_needs_an_account_of_its_own_council(account: PayAccountId) -> None:
    with acting_for(OrganisationId(new_id())), pytest.raises(AccountNotFound):
        operations.create_payment(wanted_payment(), account=account, now=NOW)


def test_a_service_has_one_test_account_however_often_it_is_asked_for(organisation: OrganisationId) -> None:
    service_id = ServiceId(new_id())
    first = operations.ensure_pay_account(service_id, "Waste")
    assert operations.ensure_pay_account(service_id, "Waste again") == first


def test_another_council_sees_nothing_of_a_payment(account: PayAccountId) -> None:
    payment_id = pay(account, now=NOW)
    with acting_for(OrganisationId(new_id())):
        with pytest.raises(PaymentNotFound):
            queries.get_payment(payment_id)
        assert queries.list_payments().total == 0


def test_another_account_of_the_same_council_sees_nothing_of_a_payment(account: PayAccountId) -> None:
    payment_id = pay(account, now=NOW)
    other = operations.ensure_pay_account(ServiceId(new_id()), "Parking")
    with pytest.raises(PaymentNotFound):
        operations.open_payment(payment_id, account=other, now=NOW)


def test_the_payer_may_cancel_before_and_after_entering_a_card(account: PayAccountId) -> None:
    before, after = start_payment(account, now=NOW), start_payment(account, now=NOW)
    operations.enter_card(after, typed_card(), network=UNKNOWN, now=NOW)
    for payment_id in (before, after):
        operations.cancel_by_payer(payment_id, now=NOW)
        assert standing_of(payment_id) == ("failed", "P0030", True)
    assert states_of(after)[-2:] == [State.USER_CANCEL_READY, State.USER_CANCELLED]


def test_the_service_may_cancel_until_the_money_is_taken(account: PayAccountId) -> None:
    payment_id = start_payment(account, now=NOW)
    operations.cancel_by_service(payment_id, account=account, now=NOW)
    assert standing_of(payment_id) == ("cancelled", "P0040", True)
    with pytest.raises(NotCancellable):
        operations.cancel_by_service(pay(account, now=NOW), account=account, now=NOW)


def test_a_delayed_capture_waits_for_the_service(account: PayAccountId) -> None:
    payment_id = pay(account, now=NOW, is_capture_delayed=True)
    assert standing_of(payment_id) == ("capturable", None, False)
    assert payments_counted() == 0
    for _ in range(2):
        operations.capture(payment_id, account=account, now=NOW)
    assert standing_of(payment_id) == ("success", None, True)
    assert payments_counted() == 1


def test_a_payment_without_reserved_money_cannot_be_captured(account: PayAccountId) -> None:
    with pytest.raises(NotCapturable):
        operations.capture(start_payment(account, now=NOW), account=account, now=NOW)


def expire(as_worker: Callable[[Callable[[], Any]], Any], after: timedelta) -> None:
    as_worker(lambda: operations.expire_due(now=NOW + after))


def test_a_payment_expires_after_ninety_minutes(account: PayAccountId, as_worker) -> None:
    untouched, reserved = start_payment(account, now=NOW), start_payment(account, now=NOW)
    operations.enter_card(reserved, typed_card(), network=UNKNOWN, now=NOW)
    expire(as_worker, timedelta(seconds=5_399))
    assert standing_of(untouched) == ("started", None, False)
    expire(as_worker, timedelta(seconds=5_400))
    assert standing_of(untouched) == standing_of(reserved) == ("failed", "P0020", True)
    assert states_of(reserved)[-2:] == [State.EXPIRE_CANCEL_READY, State.EXPIRED]


def test_a_payment_in_use_does_not_expire(account: PayAccountId, as_worker) -> None:
    payment_id = start_payment(account, now=NOW)
    operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW + timedelta(seconds=5_200))
    assert operations.expire_due(now=NOW + timedelta(seconds=5_400)) == 0
    assert standing_of(payment_id) == ("submitted", None, False)
    expire(as_worker, timedelta(seconds=5_500))
    assert standing_of(payment_id) == ("failed", "P0020", True)


def test_a_payment_that_waits_for_its_service_is_kept_five_days(account: PayAccountId, as_worker) -> None:
    payment_id = pay(account, now=NOW, is_capture_delayed=True)
    expire(as_worker, timedelta(seconds=431_999))
    assert standing_of(payment_id) == ("capturable", None, False)
    expire(as_worker, timedelta(seconds=432_000))
    assert standing_of(payment_id) == ("failed", "P0020", True)


def test_a_paid_payment_never_expires(account: PayAccountId, as_worker) -> None:
    payment_id = pay(account, now=NOW)
    expire(as_worker, timedelta(days=30))
    assert standing_of(payment_id) == ("success", None, True)


def test_old_tokens_and_keys_are_forgotten(account: PayAccountId, as_worker) -> None:
    request = {"amount": 2500}
    operations.create_payment_for_client(
        wanted_payment(), account=account, repeatable=Repeatable("k", request), now=NOW
    )
    as_worker(lambda: operations.forget_old_secrets(now=NOW + timedelta(days=8)))
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM pay_paymenttoken) + (SELECT count(*) FROM pay_repeatkey)")
        assert cursor.fetchone()[0] == 0


def test_the_same_request_under_the_same_key_asks_once(account: PayAccountId) -> None:
    again = Repeatable("key-1", {"amount": 2500, "metadata": {"a": 1}})
    first, second = (
        operations.create_payment_for_client(wanted_payment(), account=account, repeatable=again, now=NOW)
        for _ in range(2)
    )
    assert first.payment.id == second.payment.id
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert queries.list_payments().total == 1


def test_another_request_under_the_same_key_is_refused(account: PayAccountId) -> None:
    first = Repeatable("key-1", {"amount": 2500})
    operations.create_payment_for_client(wanted_payment(), account=account, repeatable=first, now=NOW)
    with pytest.raises(RepeatKeyTaken):
        operations.create_payment_for_client(
            wanted_payment(), account=account, repeatable=replace(first, request={"amount": 2501}), now=NOW
        )
    assert queries.list_payments().total == 1


def test_a_key_is_free_again_after_a_day(account: PayAccountId) -> None:
    again = Repeatable("key-1", {"amount": 2500})
    for now in (NOW, NOW + timedelta(seconds=86_400)):
        operations.create_payment_for_client(wanted_payment(), account=account, repeatable=again, now=now)
    assert queries.list_payments().total == 2


def test_two_accounts_may_use_the_same_key(account: PayAccountId) -> None:
    other = operations.ensure_pay_account(ServiceId(new_id()), "Parking")
    for each in (account, other):
        operations.create_payment_for_client(
            wanted_payment(), account=each, repeatable=Repeatable("key-1", {}), now=NOW
        )
    assert queries.list_payments().total == 2


def test_only_legal_steps_can_be_written(account: PayAccountId) -> None:
    payment_id = pay(account, now=NOW)
    with pytest.raises(DatabaseError, match="pay_step_is_legal"), transaction(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO pay_paymentevent (id, payment_id, version, from_state, to_state, name, at)
               VALUES (gen_random_uuid(), %s, 99, 'CAPTURED', 'CREATED', '', now())""",
            [payment_id],
        )


@pytest.mark.parametrize("wrong", ["UPDATE pay_paymentevent SET name = 'x'", "DELETE FROM pay_paymentevent"])
def test_the_history_of_payments_cannot_be_changed(account: PayAccountId, as_login, organisation, wrong: str) -> None:
    pay(account, now=NOW)
    with pytest.raises(DatabaseError, match="permission denied"), transaction(), connection.cursor() as cursor:
        cursor.execute(wrong)
    with as_login("owner") as owner, pytest.raises(Exception, match="append-only"):
        owner.execute("SELECT set_config('app.organisation', %s, true)", [str(organisation)])
        owner.execute(wrong)
