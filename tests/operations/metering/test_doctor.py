"""Doctor compares what councils used with what makes it, and ``recount`` mends what was added up wrongly."""

from argparse import Namespace
from datetime import timedelta
from typing import Any

from django.db import connection

from guildhall.config.commands import recount
from guildhall.config.examination import examine_usage
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import add_up_days, record_use
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service


@transaction
def use(service: Any, meter: Meter, *, days_ago: int) -> None:
    record_use(
        source="test",
        event_id=str(new_id()),
        meter=meter,
        quantity=1,
        service_id=service,
        at=clock.now() - timedelta(days=days_ago),
    )


def found(council: Council) -> list[str]:
    return [finding.seen for finding in examine_usage() if str(council.id) in finding.seen]


def test_a_wrong_sum_is_found_and_mended_by_a_recount(council: Council, capsys: Any) -> None:
    use(make_service(council).id, Meter.PAYMENTS, days_ago=9)
    add_up_days(clock.now())
    assert found(council) == []
    with transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE metering_dayofuse SET quantity = 7")
    assert found(council) == [f"1 days of council {council.id} are added up wrongly"]
    recount.run(Namespace(), None)  # type: ignore[arg-type]
    assert "1 of them had been wrong" in capsys.readouterr().out
    assert found(council) == []


def test_a_count_that_no_message_makes_is_found(council: Council) -> None:
    use(make_service(council).id, Meter.EMAILS, days_ago=1)
    [sentence] = found(council)
    assert "is not what its messages make" in sentence
