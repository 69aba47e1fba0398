"""The sums of days: made step by step or all at once they are the same, and a year costs what the formula says."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.kernel.clock import LONDON
from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.operations import add_up_anew, add_up_days, record_use
from guildhall.metering.queries import count_wrong_days, days_of_use, usage_of_year

SERVICES = (UUID(int=1), UUID(int=2), None)
YEAR = 2022  # in which the rate changed on 1 May

Act = tuple[int, UUID | None, int, int]

acts = st.tuples(st.integers(0, 59), st.sampled_from(SERVICES), st.integers(1, 9_000), st.sampled_from([1, 2, 3, 12]))
steps = st.lists(st.one_of(acts, st.integers(0, 62)), max_size=14)


@transaction
def tell(act: Act, name: str) -> None:
    day, service, units, multiplier = act
    record_use(
        source="test",
        event_id=name,
        meter=Meter.SMS_FRAGMENTS,
        quantity=units,
        service_id=service,
        at=moment(day),
        rate_multiplier=multiplier,
    )


def moment(day: int) -> datetime:
    return datetime.combine(date(YEAR, 4, 1) + timedelta(days=day), time(0, 30), LONDON).astimezone(UTC)


def formula(told: Sequence[Act]) -> Decimal:
    """The contract's formula, section 10.8, message by message; an allowance for each service."""
    cost, rate_on = Decimal(0), published_tariff().rate_on
    for service in SERVICES:
        used = 0
        for day, _, units, multiplier in sorted((act for act in told if act[1] == service), key=lambda act: act[0]):
            left = max(20_000 - used, 0)
            cost += max(units * multiplier - left, 0) * rate_on(date(YEAR, 4, 1) + timedelta(days=day))
            used += units * multiplier
    return cost


def sums() -> list[tuple[object, ...]]:
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT used_on, service_id, rate_multiplier, quantity FROM metering_dayofuse ORDER BY 1, 2, 3")
        return cursor.fetchall()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_the_order_and_however_it_is_added_up_a_year_costs_what_the_formula_says(
    database: object, steps: list[Act | int]
) -> None:
    told: list[Act] = []
    with acting_for(OrganisationId(new_id())):
        for step in steps:
            if isinstance(step, int):
                add_up_days(moment(step))
            else:
                tell(step, str(len(told)))
                told.append(step)
        before = usage_of_year(YEAR, current_year=YEAR)
        assert before.total.cost == formula(told)
        assert before.total.texts == sum(units * multiplier for _, _, units, multiplier in told)
        step_by_step = sums()
        add_up_anew()
        assert (sums(), count_wrong_days()) == (step_by_step, 0)
        assert usage_of_year(YEAR, current_year=YEAR) == before


@pytest.fixture
def organisation(database: object) -> OrganisationId:
    return OrganisationId(new_id())


def test_a_day_is_added_up_an_hour_after_it_ended_in_london(organisation: OrganisationId) -> None:
    with acting_for(organisation):
        tell((0, None, 1, 1), "a")
        add_up_days(datetime(YEAR, 4, 1, 23, 59, tzinfo=UTC))  # 00:59 on the 2nd, in London
        assert sums() == []
        add_up_days(datetime(YEAR, 4, 2, 0, 0, tzinfo=UTC))
        assert sums() == [(date(YEAR, 4, 1), None, 1, 1)]


def test_an_act_told_of_late_is_added_to_its_day_once(organisation: OrganisationId) -> None:
    with acting_for(organisation):
        add_up_days(moment(30))
        for name in ("a", "a", "b"):
            tell((3, None, 2, 1), name)
        assert sums() == [(date(YEAR, 4, 4), None, 1, 4)]


def test_days_can_be_added_up_while_late_acts_are_told_of(organisation: OrganisationId) -> None:
    together = threading.Barrier(3)

    def work(who: int) -> None:
        together.wait()
        with acting_for(organisation):
            for number in range(30):
                if who == 0:
                    add_up_days(moment(number * 2))
                else:
                    tell((number, None, 1, 1), f"{who}:{number}")
        connection.close()

    threads = [threading.Thread(target=work, args=[who]) for who in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting_for(organisation):
        assert count_wrong_days() == 0
        assert sum(each.quantity for each in days_of_use(YEAR)) == 60


def test_a_sum_that_somebody_changed_is_found_and_mended(organisation: OrganisationId) -> None:
    with acting_for(organisation):
        tell((0, None, 5, 1), "a")
        add_up_days(moment(30))
        with transaction(), connection.cursor() as cursor:
            cursor.execute("UPDATE metering_dayofuse SET quantity = 6")
        assert count_wrong_days() == 1
        add_up_anew()
        assert count_wrong_days() == 0
