"""The usage page of a council: what was used, against what is free, for those who look after its money."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import record_use
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service

YEAR = clock.financial_year(clock.london_day(clock.now()))


def officer(council: Council, *roles: Role, second_factor: bool = True) -> Client:
    person = make_person()
    make_officer(council, *roles, person_id=person.id)
    browser = Client()
    sign_in(browser, person.id, has_second_factor=second_factor)
    return browser


@transaction
def use(event_id: str, meter: Meter, quantity: int, service_id: ServiceId | None, at: datetime) -> None:
    record_use(source="test", event_id=event_id, meter=meter, quantity=quantity, service_id=service_id, at=at)


def page(browser: Client, council: Council, query: str = "") -> str:
    answer = browser.get(f"/staff/{council.slug}/usage{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_finance_viewer_sees_what_was_used_by_service_and_by_month(council: Council) -> None:
    service = make_service(council)
    may, june = datetime(YEAR, 5, 3, 12, tzinfo=UTC), datetime(YEAR, 6, 3, 12, tzinfo=UTC)
    use("1", Meter.EMAILS, 4, service.id, may)
    use("2", Meter.PAYMENTS, 1, service.id, june)
    use("3", Meter.SMS_FRAGMENTS, 10_020, service.id, june)
    use("4", Meter.EMAILS, 1, None, june)
    text = page(officer(council, Role.FINANCE_VIEWER), council)
    assert "Bulky waste collection 4 1 10,020 10,000 0 20 £0." in text
    assert "The council itself 1 0 0 10,000 10,000 0 £0.00" in text
    assert f"May {YEAR} 4 0 0 0 0 £0.00 0 £0.00" in text
    assert f"June {YEAR} 1 1 10,020 10,000 20 £0." in text
    assert "Emails sent 5" in text
    assert "Payments taken 1" in text


def test_earlier_years_can_be_looked_at(council: Council) -> None:
    use("1", Meter.EMAILS, 3, None, datetime(YEAR - 1, 5, 3, tzinfo=UTC))
    browser = officer(council)
    assert "Nothing has been used in this year yet" in page(browser, council)
    assert "Emails sent 3" in page(browser, council, f"?year={YEAR - 1}")
    for nonsense in (f"?year={YEAR + 1}", "?year=x", "?year=1066"):
        assert f"Usage from April {YEAR}" in page(browser, council, nonsense)


def test_the_page_speaks_welsh(council: Council) -> None:
    use("1", Meter.EMAILS, 3, None, datetime(YEAR, 5, 3, tzinfo=UTC))
    browser = officer(council)
    browser.get(f"/staff/{council.slug}/usage?lang=cy")
    text = page(browser, council)
    assert "Y cyngor ei hun" in text
    assert f"Mai {YEAR}" in text


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.AUDITOR])
def test_others_do_not_see_what_is_spent(council: Council, role: Role) -> None:
    assert officer(council, role).get(f"/staff/{council.slug}/usage").status_code == 403


def test_another_councils_use_is_not_shown(council: Council, other_council: Council) -> None:
    with acting_for(other_council.id):
        use("1", Meter.EMAILS, 3, None, clock.now())
    browser = officer(council)
    assert "Nothing has been used" in page(browser, council)
    assert browser.get(f"/staff/{other_council.slug}/usage").status_code == 403
