"""Two at once, and lives cut short: a payment ends once, its money is taken once, and it is counted once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, connection

from guildhall.config.wiring import REACTIONS
from guildhall.kernel import clock, events
from guildhall.kernel.networks import UNKNOWN
from guildhall.kernel.refusals import Conflict, NotFound
from guildhall.kernel.transactions import reading, transaction
from guildhall.metering.queries import usage_of_year
from guildhall.pay import operations, queries
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.domain.states import STEPS, State, Status
from guildhall.pay.events import PaymentFailed, PaymentSettled
from guildhall.pay.operations import Repeatable
from guildhall.pay.ports import Act, Answer, Result
from guildhall.pay.providers.sandbox import SandboxProvider
from guildhall.pay.testing import UnreliableProvider, pay, provider, start_payment, typed_card, wanted_payment

NOW = clock.now()
LATER = NOW + timedelta(minutes=1)
AtOnce = Callable[..., list[Any]]
AsWorker = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def announced(settle: Callable[[], None]) -> Iterator[list[events.Event]]:
    """What reaches the noticeboard from here on, by way of one more reaction that writes it down."""
    heard: list[events.Event] = []

    def note(event: events.Event, *, now: object) -> None:
        heard.append(event)

    settle()  # news of earlier tests
    events.pin_up(REACTIONS | {kind: (*REACTIONS[kind], note) for kind in (PaymentSettled, PaymentFailed)})
    yield heard
    events.pin_up(REACTIONS)


def authorised(account: PayAccountId) -> PaymentId:
    payment_id = start_payment(account, now=NOW)
    operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW)
    return payment_id


def payments_counted() -> int:
    year = clock.financial_year(clock.london_day(NOW))
    return usage_of_year(year, current_year=year).total.payments


def effects(kind: str) -> int:
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pay_sandboxeffect WHERE kind = %s", [kind])
        return int(cursor.fetchone()[0])


def history_is_a_chain_of_legal_steps(payment_id: PaymentId) -> bool:
    with reading(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, from_state, to_state FROM pay_paymentevent WHERE payment_id = %s ORDER BY version",
            [payment_id],
        )
        rows = cursor.fetchall()
    versions = [version for version, _, _ in rows]
    joined = all(one[2] == next_one[1] for one, next_one in pairwise(rows))
    legal = all((State(before), State(after)) in STEPS for _, before, after in rows)
    return versions == list(range(1, len(rows) + 1)) and joined and legal


def wins(results: Sequence[Any]) -> int:
    assert all(
        result is None or not isinstance(result, Exception) or isinstance(result, Conflict | NotFound)
        for result in results
    ), results
    return sum(not isinstance(result, Exception) for result in results)


def test_a_page_address_used_twice_at_once_opens_one_page(account: PayAccountId, at_once: AtOnce) -> None:
    for _ in range(5):
        created = operations.create_payment(wanted_payment(), account=account, now=NOW)
        token = created.next_url.rsplit("/", 1)[1]
        assert wins(at_once(*[lambda token=token: operations.spend_token(token, now=NOW)] * 6)) == 1


def test_two_cards_at_once_ask_the_provider_once(account: PayAccountId, at_once: AtOnce) -> None:
    payment_id = start_payment(account, now=NOW)
    assert wins(at_once(*[lambda: operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW)] * 4)) == 1
    assert effects("authorise") == 1


def test_many_confirmations_at_once_take_the_money_once(account: PayAccountId, at_once: AtOnce) -> None:
    payment_id = authorised(account)
    assert wins(at_once(*[lambda: operations.confirm(payment_id, now=NOW)] * 8)) == 1
    assert (effects("capture"), payments_counted()) == (1, 1)
    assert history_is_a_chain_of_legal_steps(payment_id)


@pytest.mark.parametrize("attempt", range(8))
def test_confirming_cancelling_and_expiring_at_once_end_a_payment_in_one_way(
    account: PayAccountId, at_once: AtOnce, attempt: int, database: dict[str, str]
) -> None:
    payment_id = authorised(account)
    late = NOW + timedelta(seconds=6_000)
    tasks = [
        lambda: operations.confirm(payment_id, now=late),
        lambda: operations.cancel_by_payer(payment_id, now=late),
        lambda: operations.cancel_by_service(payment_id, account=account, now=late),
        lambda: operations.expire_due(now=late),  # as this council's login it sees this council's payments
    ]
    at_once(*tasks[attempt % 4 :], *tasks[: attempt % 4])
    payment = queries.get_payment(payment_id)
    assert payment.is_finished
    assert effects("capture") + effects("cancel") == 1
    assert (payment.status is Status.SUCCESS) == (effects("capture") == 1) == (payments_counted() == 1)
    assert history_is_a_chain_of_legal_steps(payment_id)


def test_a_payment_that_is_used_while_others_expire_is_left_alone(account: PayAccountId) -> None:
    late = NOW + timedelta(hours=2)
    first, second = authorised(account), start_payment(account, now=NOW)

    class Slow(UnreliableProvider):
        def cancel(self, act: Act) -> Result:
            operations.enter_card(second, typed_card(), network=UNKNOWN, now=late)
            return super().cancel(act)

    with provider(Slow()):
        assert operations.expire_due(now=late) == 2
    assert queries.get_payment(first).code == "P0020"
    assert queries.get_payment(second).state is State.AUTHORISATION_SUCCESS


def test_the_same_request_at_once_makes_one_payment(account: PayAccountId, at_once: AtOnce) -> None:
    def ask() -> PaymentId:
        opened = operations.create_payment_for_client(
            wanted_payment(), account=account, repeatable=Repeatable("same", {"amount": 2500}), now=NOW
        )
        return opened.payment.id

    assert len(set(at_once(*[ask] * 6))) == 1
    assert queries.list_payments().total == 1


def test_a_window_of_requests_is_counted_right_under_many_at_once(account: PayAccountId, at_once: AtOnce) -> None:
    results = at_once(*[lambda: operations.count_request(account, "create_payment", now=NOW)] * 20)
    assert sum(isinstance(result, operations.TooManyRequests) for result in results) == 5
    operations.count_request(account, "create_payment", now=NOW + timedelta(seconds=1))


def test_an_answer_that_is_lost_is_asked_for_again_and_not_guessed(account: PayAccountId, as_worker: AsWorker) -> None:
    with provider(UnreliableProvider(loses_answers=True)) as adapter:
        payment_id = authorised(account)
        as_worker(lambda: operations.ask_again(now=NOW + timedelta(seconds=29)))
        assert queries.get_payment(payment_id).state is State.AUTHORISATION_READY
        as_worker(lambda: operations.ask_again(now=LATER))
        assert queries.get_payment(payment_id).state is State.AUTHORISATION_SUCCESS
        operations.confirm(payment_id, now=NOW)
        assert payments_counted() == 0
        as_worker(lambda: operations.ask_again(now=LATER))
    assert queries.get_payment(payment_id).state is State.CAPTURED
    assert payments_counted() == 1
    assert len(adapter.effects) == 2  # type: ignore[attr-defined]


def test_a_card_that_never_reached_the_provider_ends_in_an_error_and_no_money(
    account: PayAccountId, as_worker: AsWorker
) -> None:
    with provider(UnreliableProvider(loses_calls=True)) as adapter:
        payment_id = authorised(account)
        as_worker(lambda: operations.ask_again(now=LATER))
    payment = queries.get_payment(payment_id)
    assert (payment.status, payment.code, payment.state) == (
        Status.ERROR,
        "P0050",
        State.AUTHORISATION_ERROR_CHARGE_MISSING,
    )
    assert adapter.effects == {}  # type: ignore[attr-defined]


def test_a_capture_that_never_reached_the_provider_is_asked_for_again_with_the_same_key(
    account: PayAccountId, as_worker: AsWorker
) -> None:
    adapter = UnreliableProvider()
    with provider(adapter):
        payment_id = authorised(account)
        adapter.loses_calls = True
        operations.confirm(payment_id, now=NOW)
        as_worker(lambda: operations.ask_again(now=LATER))
        assert queries.get_payment(payment_id).state is State.CAPTURE_READY
        adapter.loses_calls = False
        as_worker(lambda: operations.ask_again(now=LATER + timedelta(minutes=1)))
    assert queries.get_payment(payment_id).state is State.CAPTURED
    assert (payments_counted(), len(adapter.effects)) == (1, 2)


def test_a_cancellation_that_never_reached_the_provider_is_asked_for_again(
    account: PayAccountId, as_worker: AsWorker
) -> None:
    adapter = UnreliableProvider()
    with provider(adapter):
        payment_id = authorised(account)
        adapter.loses_calls = True
        operations.cancel_by_payer(payment_id, now=NOW)
        assert queries.get_payment(payment_id).code == "P0030"
        adapter.loses_calls = False
        as_worker(lambda: operations.ask_again(now=LATER))
    assert queries.get_payment(payment_id).state is State.USER_CANCELLED


class Dies(SandboxProvider):
    """The process is killed before it can call, or after the provider acted and before the answer was recorded."""

    def __init__(self, *, before: bool) -> None:
        self.before = before

    def authorise(self, act: Act, card: Any) -> Result:
        return self._die(lambda: super(Dies, self).authorise(act, card))

    def capture(self, act: Act) -> Result:
        return self._die(lambda: super(Dies, self).capture(act))

    def _die(self, effect: Callable[[], Result]) -> Result:
        if not self.before:
            effect()
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("before", "state"), [(True, State.AUTHORISATION_ERROR_CHARGE_MISSING), (False, State.AUTHORISATION_SUCCESS)]
)
def test_after_a_crash_while_a_card_is_authorised_the_provider_is_asked(
    account: PayAccountId, as_worker: AsWorker, before: bool, state: State
) -> None:
    payment_id = start_payment(account, now=NOW)
    with provider(Dies(before=before)), pytest.raises(KeyboardInterrupt):
        operations.enter_card(payment_id, typed_card(), network=UNKNOWN, now=NOW)
    as_worker(lambda: operations.ask_again(now=LATER))
    assert queries.get_payment(payment_id).state is state


@pytest.mark.parametrize("before", [True, False])
def test_after_a_crash_while_money_is_taken_it_is_taken_once_and_counted_once(
    account: PayAccountId, as_worker: AsWorker, before: bool
) -> None:
    payment_id = authorised(account)
    with provider(Dies(before=before)), pytest.raises(KeyboardInterrupt):
        operations.confirm(payment_id, now=NOW)
    for _ in range(2):
        as_worker(lambda: operations.ask_again(now=LATER))
    assert queries.get_payment(payment_id).state is State.CAPTURED
    assert (effects("capture"), payments_counted()) == (1, 1)


def test_many_sweepers_at_once_record_an_answer_once(account: PayAccountId, at_once: AtOnce) -> None:
    payment_id = authorised(account)
    with provider(Dies(before=False)), pytest.raises(KeyboardInterrupt):
        operations.confirm(payment_id, now=NOW)
    at_once(*[lambda: operations.ask_again(now=LATER)] * 6)
    assert (queries.get_payment(payment_id).state, payments_counted()) == (State.CAPTURED, 1)
    assert history_is_a_chain_of_legal_steps(payment_id)


@pytest.mark.parametrize("attempt", range(6))
def test_an_answer_and_a_sweeper_that_arrive_together_do_not_disturb_each_other(
    account: PayAccountId, at_once: AtOnce, attempt: int
) -> None:
    payment_id = authorised(account)
    together = threading.Barrier(2)

    class Slow(UnreliableProvider):
        def capture(self, act: Act) -> Result:
            result = super().capture(act)
            together.wait(10)
            return result

        def query(self, act: Act) -> Result:
            together.wait(10)
            return super().query(act)

    def sweep() -> None:
        while not operations.ask_again(now=LATER):
            pass

    with provider(Slow()):
        results = at_once(lambda: operations.confirm(payment_id, now=NOW).state, sweep)
    assert results == [State.CAPTURED, None]
    assert payments_counted() == 1


def test_an_act_that_cannot_be_settled_does_not_keep_the_others_waiting(
    account: PayAccountId, as_worker: AsWorker
) -> None:
    class Broken(UnreliableProvider):
        def query(self, act: Act) -> Result:
            if act.payment_id == first:
                raise ValueError("a fault of the adapter")
            return super().query(act)

    with provider(Broken(loses_answers=True)):
        first, second = authorised(account), authorised(account)
        as_worker(lambda: operations.ask_again(now=LATER))
    assert queries.get_payment(first).state is State.AUTHORISATION_READY
    assert queries.get_payment(second).state is State.AUTHORISATION_SUCCESS


def test_an_answer_that_is_not_final_leaves_the_payment_waiting(account: PayAccountId) -> None:
    class Slow(UnreliableProvider):
        def authorise(self, act: Act, card: Any) -> Result:
            return Result(Answer.PENDING)

    with provider(Slow()):
        payment_id = authorised(account)
    assert queries.get_payment(payment_id).state is State.AUTHORISATION_READY


def test_a_provider_is_never_called_inside_a_transaction(account: PayAccountId) -> None:
    class Looks(UnreliableProvider):
        def _do(self, act: Act, result: Result) -> Result:
            assert not connection.in_atomic_block
            return super()._do(act, result)

    with provider(Looks()):
        assert queries.get_payment(pay(account, now=NOW)).status is Status.SUCCESS


def test_a_payment_has_one_open_act(account: PayAccountId) -> None:
    with provider(UnreliableProvider(loses_answers=True)):
        payment_id = authorised(account)
    with pytest.raises(DatabaseError, match="pay_one_open_act"), transaction(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO pay_provideract (id, payment_id, kind, asked_at, answer, reason)
               VALUES (gen_random_uuid(), %s, 'capture', now(), '', '')""",
            [payment_id],
        )


def test_settlement_is_announced_once_and_only_when_the_money_is_taken(
    account: PayAccountId, announced: list[events.Event], settle: Callable[[], None]
) -> None:
    payment_id = authorised(account)
    settle()
    assert announced == []
    operations.confirm(payment_id, now=NOW)
    settle()
    assert announced == [PaymentSettled(payment_id, account, "BW-1")]


@pytest.mark.parametrize(("number", "code"), [("4000000000000002", "P0010"), ("4000000000000119", "P0050")])
def test_a_failure_is_announced_once_with_its_reason(
    account: PayAccountId, announced: list[events.Event], settle: Callable[[], None], number: str, code: str
) -> None:
    payment_id = pay(account, now=NOW, number=number)
    settle()
    assert announced == [PaymentFailed(payment_id, account, "BW-1", code)]


def test_a_cancellation_is_announced_once_though_the_provider_lets_go_later(
    account: PayAccountId, announced: list[events.Event], settle: Callable[[], None]
) -> None:
    payment_id = authorised(account)
    operations.cancel_by_payer(payment_id, now=NOW)
    settle()
    assert announced == [PaymentFailed(payment_id, account, "BW-1", "P0030")]
