"""The record of use on a real database: counted once, for ever, by whoever may, and never changed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import NotInATransaction, reading, transaction
from guildhall.metering.domain.allowance import NoSuchYear
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import CountedDifferently, record_use, usage_rows_sql
from guildhall.metering.queries import usage_of_year

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)
SERVICE = UUID(int=7)


@pytest.fixture
def organisation(database: dict[str, str]) -> Iterator[OrganisationId]:
    """The metering of a council needs nothing but its id."""
    organisation_id = OrganisationId(new_id())
    with acting_for(organisation_id):
        yield organisation_id


@transaction
def use(
    event_id: str, *, meter: Meter = Meter.EMAILS, quantity: int = 1, at: datetime = MAY, rate_multiplier: int = 1
) -> None:
    record_use(
        source="test",
        event_id=event_id,
        meter=meter,
        quantity=quantity,
        service_id=SERVICE,
        at=at,
        rate_multiplier=rate_multiplier,
    )


def emails() -> int:
    return usage_of_year(2026, current_year=2026).total.emails


def count_rows() -> int:
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM metering_usageevent")
        return int(cursor.fetchone()[0])


def test_an_act_told_twice_is_counted_once(organisation: OrganisationId) -> None:
    use("a")
    use("a")
    use("b")
    assert emails() == 2


@pytest.mark.parametrize("other", [{"quantity": 2}, {"at": MAY + timedelta(days=40)}, {"meter": Meter.PAYMENTS}])
def test_an_act_told_again_with_other_facts_is_refused_and_changes_nothing(
    organisation: OrganisationId, other: dict[str, Any]
) -> None:
    use("a")
    with pytest.raises(CountedDifferently):
        use("a", **other)
    assert (emails(), count_rows()) == (1, 1)


def test_many_tellers_at_once_count_an_act_once(organisation: OrganisationId) -> None:
    together = threading.Barrier(8)

    def tell() -> None:
        with acting_for(organisation):
            together.wait()
            use("a")
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert emails() == 1


def test_use_is_counted_only_inside_the_transaction_of_the_act() -> None:
    with pytest.raises(NotInATransaction):
        record_use(source="test", event_id="a", meter=Meter.EMAILS, quantity=1, service_id=None, at=MAY)


def test_an_act_that_did_not_happen_is_not_counted(organisation: OrganisationId) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        record_use(source="test", event_id="a", meter=Meter.EMAILS, quantity=1, service_id=None, at=MAY)
        raise ZeroDivisionError
    assert emails() == 0


def test_two_councils_may_name_their_acts_alike(organisation: OrganisationId) -> None:
    use("a")
    with acting_for(OrganisationId(new_id())):
        assert emails() == 0
        use("a")
        assert emails() == 1
    assert emails() == 1


@pytest.mark.parametrize("wrong", ["UPDATE metering_usageevent SET quantity = 9", "DELETE FROM metering_usageevent"])
def test_the_application_may_not_change_the_record(organisation: OrganisationId, wrong: str) -> None:
    use("a")
    with pytest.raises(DatabaseError, match="permission denied"), transaction(), connection.cursor() as cursor:
        cursor.execute(wrong)


@pytest.mark.parametrize("wrong", ["UPDATE metering_usageevent SET quantity = 9", "DELETE FROM metering_usageevent"])
def test_not_even_the_owner_may_change_the_record(organisation: OrganisationId, as_login, wrong: str) -> None:
    use("a")
    with as_login("owner") as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute("SELECT set_config('app.organisation', %s, true)", [str(organisation)])
        owner.execute(wrong)


def test_not_even_the_owner_may_empty_the_record(as_login) -> None:
    with as_login("owner") as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute("TRUNCATE metering_usageevent")


@pytest.mark.parametrize(
    ("quantity", "rate_multiplier"),
    [(0, 1), (-1, 1), (1, 0), (1, 13)],
)
def test_a_count_that_makes_no_sense_is_refused(
    organisation: OrganisationId, quantity: int, rate_multiplier: int
) -> None:
    with pytest.raises(DatabaseError):
        use("a", quantity=quantity, rate_multiplier=rate_multiplier)


def test_a_batch_of_many_councils_is_counted_by_a_login_that_may_only_insert(as_login) -> None:
    councils = [OrganisationId(new_id()), OrganisationId(new_id())]
    batch = f"""
        WITH counted AS (
            SELECT unnest(%s::uuid[]) AS organisation_id, 'notify' AS source, 'one' AS event_id, 'emails' AS meter,
                   1 AS quantity, 1 AS rate_multiplier, %s::uuid AS service_id, %s::timestamptz AS used_at
        ) {usage_rows_sql("counted")}"""
    with as_login("writer") as writer:
        for _ in range(2):  # a batch is sent again when nobody knows whether it was committed
            writer.execute(batch, [councils, SERVICE, MAY])
        writer.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            writer.execute("SELECT * FROM metering_usageevent")
    for council in councils:
        with acting_for(council):
            assert emails() == 1


def test_use_is_dated_by_the_day_in_london(organisation: OrganisationId) -> None:
    use("last minute of the year", at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    use("first minute of the next", at=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
    assert emails() == 1


def test_texts_are_set_against_the_allowance_of_their_service(organisation: OrganisationId) -> None:
    use("early", meter=Meter.SMS_FRAGMENTS, quantity=9_990, at=datetime(2026, 4, 2, tzinfo=UTC))
    for place in range(5):
        use(f"abroad {place}", meter=Meter.SMS_FRAGMENTS, quantity=2, rate_multiplier=3)
    [service] = usage_of_year(2026, current_year=2026).services
    assert (service.texts, service.free, service.chargeable, str(service.cost)) == (10_020, 10_000, 20, "0.4800")
    assert [(month.texts, str(month.cost)) for month in service.months] == [(9_990, "0.0000"), (30, "0.4800")]


def test_a_service_that_sent_very_many_texts_last_year_pays_for_all(organisation: OrganisationId) -> None:
    use("last year", meter=Meter.SMS_FRAGMENTS, quantity=300_000, at=datetime(2025, 9, 1, tzinfo=UTC))
    use("this year", meter=Meter.SMS_FRAGMENTS, quantity=1)
    [service] = usage_of_year(2026, current_year=2026).services
    assert (service.allowance.fragments, service.allowance.is_high_volume, service.chargeable) == (0, True, 1)


def test_a_year_that_has_not_begun_is_refused(organisation: OrganisationId) -> None:
    with pytest.raises(NoSuchYear):
        usage_of_year(2027, current_year=2026)


def test_without_a_council_there_is_no_use_to_see(organisation: OrganisationId) -> None:
    use("a")
    with acting_for(None):
        assert count_rows() == 0
