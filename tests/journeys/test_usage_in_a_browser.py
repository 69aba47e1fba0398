"""Every page of money and of programs, looked at with a browser and axe: with and without scripts, narrow, in Welsh."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.conftest import Settle
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, Visit, be_known
from tests.journeys.looking import check_page

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.money import Pence
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import agree_cap, look_for_thresholds, record_use, set_cost_centre
from guildhall.notify.domain.callbacks import Kind
from guildhall.notify.operations.callbacks import NewEndpoint, News, queue_news, set_callback
from guildhall.notify.operations.program_log import PROGRAM_LOG, ProgramAsked
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

SOMEBODY = PersonId(new_id())


@pytest.fixture
def sender(council: Council, settle: Settle) -> Sender:
    """A service near its allowance and its cap, whose program was told things and asked things."""
    sender, now = make_sender(council).with_templates(), clock.now()
    _use(sender, 9_400, 1, now - timedelta(days=40))
    _use(sender, 212, 3, now)
    agree_cap(sender.id, Cap(Period.MONTH, Pence(2_500)), actor=SOMEBODY, now=now)
    agree_cap(sender.id, Cap(Period.YEAR, Pence(10_000), 20_000), actor=SOMEBODY, now=now)
    set_cost_centre(sender.id, "CC 4711", actor=SOMEBODY, now=now)
    look_for_thresholds(now)
    told = NewEndpoint(Kind.INBOUND_SMS, "http://127.0.0.1:9/told", "a-token-of-theirs", True, True)
    set_callback(sender.id, told, may_be_loopback=True, actor=SOMEBODY, now=now)
    with transaction():
        queue_news([News(council.id, sender.id, Kind.INBOUND_SMS, new_id(), {})])
    settle()
    for status, error, message in ((201, "", ""), (400, "BadRequestError", "Missing personalisation: name")):
        path = "/v2/notifications/email"
        PROGRAM_LOG.note(ProgramAsked(council.id, sender.id, None, now, "POST", path, status, error, message))
    PROGRAM_LOG.write()
    return sender


@transaction
def _use(sender: Sender, units: int, multiplier: int, at: Any) -> None:
    record_use(
        source="test",
        event_id=str(new_id()),
        meter=Meter.SMS_FRAGMENTS,
        quantity=units,
        service_id=sender.id,
        at=at,
        rate_multiplier=multiplier,
    )


def session_of(council: Council | None, as_owner: Any = None) -> str:
    person, client = make_person(name="Olwen Rhys"), Client()
    if council is not None:
        make_officer(council, Role.OWNER, person_id=person.id)
    else:
        as_owner(lambda: make_operator(person.id, now=clock.now()))
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@IN_BOTH_WAYS
def test_officers_pages_of_money_and_programs_have_no_barriers(
    council: Council, sender: Sender, address: str, new_page: NewPage, visit: Visit
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session_of(council))
    usage, messages = f"/staff/{council.slug}/usage", f"/staff/{council.slug}/messages/bulky-waste"
    for path in (
        usage,
        f"{usage}/bulky-waste",
        f"{usage}/bulky-waste/cap/year",
        f"{usage}/bulky-waste/cost-centre",
        f"{messages}/log",
        f"{messages}/log/callbacks",
        f"{messages}/settings/callbacks",
        f"{messages}/settings/callbacks/inbound_sms",
    ):
        page.goto(address + path)
        check_page(page)


@IN_BOTH_WAYS
def test_operators_pages_of_allowances_have_no_barriers(
    council: Council, sender: Sender, address: str, new_page: NewPage, visit: Visit, as_owner: Any
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session_of(None, as_owner))
    for path in ("", "/allowances", "/allowances/bulky-waste"):
        page.goto(f"{address}/operator/{council.slug}{path}")
        check_page(page)
