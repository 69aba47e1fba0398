"""What officers and operators do about money: look, agree caps, name cost centres, download; and nobody else may."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import ServiceId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.domain.export import COLUMNS
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import look_for_thresholds, record_use
from guildhall.metering.queries import list_caps, list_cost_centres, usage_of_year
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council, Service
from guildhall.organisations.testing import make_officer, make_service

NOW = clock.now()
YEAR = clock.financial_year(clock.london_day(NOW))


@pytest.fixture
def service(council: Council) -> Service:
    return make_service(council)


def officer(council: Council, *roles: Role) -> Client:
    person = make_person()
    make_officer(council, *roles, person_id=person.id)
    browser = Client()
    sign_in(browser, person.id, has_second_factor=True)
    return browser


@transaction
def use(service_id: ServiceId | None, units: int, *, at: datetime = NOW, multiplier: int = 1) -> None:
    record_use(
        source="test",
        event_id=str(new_id()),
        meter=Meter.SMS_FRAGMENTS,
        quantity=units,
        service_id=service_id,
        at=at,
        rate_multiplier=multiplier,
    )


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


def page(browser: Client, council: Council, service: Service, query: str = "") -> str:
    answer = browser.get(f"/staff/{council.slug}/usage/{service.slug}{query}")
    assert answer.status_code == 200
    return words(answer)


def agree(browser: Client, council: Council, service: Service, period: str = "month", **limits: str) -> object:
    return browser.post(f"/staff/{council.slug}/usage/{service.slug}/cap/{period}", limits, follow=True)


def test_a_service_shows_what_is_used_free_and_charged(council: Council, service: Service) -> None:
    use(service.id, 9_990)
    use(service.id, 10, multiplier=3)
    text = page(officer(council, Role.FINANCE_VIEWER), council, service)
    assert "Text message fragments 10,020 Free this year 10,000 Free and left 0 Charged 20" in text
    assert "Once: the United Kingdom and some others 9,990 9,990" in text
    assert "3 times 10 30" in text


def test_a_service_that_used_nothing_has_a_page_too(council: Council, service: Service) -> None:
    text = page(officer(council), council, service)
    assert "Free this year 10,000 Free and left 10,000 Charged 0" in text


def test_a_finance_viewer_agrees_a_cap_and_sees_how_much_of_it_is_used(council: Council, service: Service) -> None:
    use(service.id, 10_010)
    browser = officer(council, Role.FINANCE_VIEWER)
    answer = agree(browser, council, service, pounds="1.00", units="20,020")
    assert "The cap is agreed." in words(answer)
    assert list_caps(service.id) == [Cap(Period.MONTH, pence=100, units=20_020)]  # type: ignore[arg-type]
    assert "£1.00 or 20,020 fragments, of which 50% is used: 10,010 fragments" in words(answer)


def test_a_cap_can_be_lifted(council: Council, service: Service) -> None:
    browser = officer(council)
    agree(browser, council, service, "year", pounds="£250")
    assert [cap.pence for cap in list_caps(service.id)] == [25_000]
    assert "The cap is lifted." in words(agree(browser, council, service, "year", lift="yes"))
    assert list_caps(service.id) == []


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ({}, "Enter an amount, a number of fragments, or both"),
        ({"pounds": "lots"}, "Enter an amount in pounds, like 250 or 99.50"),
        ({"pounds": "1.234"}, "Enter an amount in pounds, like 250 or 99.50"),
        ({"pounds": "-1"}, "Enter an amount in pounds, like 250 or 99.50"),
        ({"pounds": "three"}, "Enter an amount in pounds, like 250 or 99.50"),
        ({"units": "1.5"}, "Enter a whole number, like 20000"),
        ({"pounds": "9" * 30}, "Enter an amount in pounds, like 250 or 99.50"),
    ],
)
def test_a_cap_that_makes_no_sense_is_refused_beside_its_question(
    council: Council, service: Service, limits: dict[str, str], problem: str
) -> None:
    assert problem in words(agree(officer(council), council, service, **limits))
    assert list_caps(service.id) == []


def test_a_cost_centre_is_named_and_stands_in_the_download(council: Council, service: Service) -> None:
    browser = officer(council)
    answer = browser.post(f"/staff/{council.slug}/usage/{service.slug}/cost-centre", {"code": "=CC 4711"}, follow=True)
    assert "The cost centre is saved." in words(answer)
    assert list_cost_centres() == {service.id: "=CC 4711"}
    use(service.id, 1)
    [_, line] = download(browser, council)
    assert line[COLUMNS.index("cost_centre")] == "'=CC 4711"


def download(browser: Client, council: Council) -> list[list[str]]:
    answer = browser.get(f"/staff/{council.slug}/usage.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_the_download_adds_up_to_the_year_exactly(council: Council, service: Service) -> None:
    other = make_service(council, slug="other", name="@Other")
    for month, units in ((4, 9_999), (5, 3), (6, 7)):
        use(service.id, units, at=datetime(YEAR, month, 5, tzinfo=UTC))
        use(other.id, units * 2, at=datetime(YEAR, month, 6, tzinfo=UTC))
    use(None, 1, at=datetime(YEAR, 4, 6, tzinfo=UTC))
    head, *lines = download(officer(council, Role.FINANCE_VIEWER), council)
    assert tuple(head) == COLUMNS
    place = {name: number for number, name in enumerate(head)}
    year = usage_of_year(YEAR, current_year=YEAR)
    assert sum(Decimal(line[place["text_cost_pounds"]]) for line in lines) == year.total.cost
    assert sum(int(line[place["text_units"]]) for line in lines) == year.total.texts
    assert sum(int(line[place["text_units_charged"]]) for line in lines) == sum(
        each.chargeable for each in year.services
    )
    assert {line[place["service"]] for line in lines} == {"Bulky waste collection", "'@Other", "The council itself"}
    assert len(lines) == 7


def test_what_the_council_was_told_stands_on_the_page(council: Council, service: Service) -> None:
    use(service.id, 8_000)
    look_for_thresholds(NOW)
    assert "80% of “Free text messages of the year” is used" in page(officer(council), council, service)


def test_the_page_of_a_service_speaks_welsh(council: Council, service: Service) -> None:
    use(service.id, 8_000)
    browser = officer(council)
    browser.get(f"/staff/{council.slug}/usage?lang=cy")
    text = page(browser, council, service)
    assert "Am ddim eleni" in text
    assert "Negeseuon testun yn ôl cyfradd gwlad" in text


@pytest.mark.parametrize("role", [Role.SERVICE_MANAGER, Role.CASEWORKER, Role.AUDITOR])
def test_only_owners_and_finance_viewers_agree_caps(council: Council, service: Service, role: Role) -> None:
    browser = officer(council, role)
    for address in ("cap/month", "cost-centre"):
        assert browser.get(f"/staff/{council.slug}/usage/{service.slug}/{address}").status_code == 403


def test_there_is_no_cap_for_another_time_or_another_councils_service(
    council: Council, service: Service, other_council: Council
) -> None:
    with acting_for(other_council.id):
        theirs = make_service(other_council, slug="theirs")
    browser = officer(council)
    for address in (f"{service.slug}/cap/week", theirs.slug, f"{theirs.slug}/cap/month"):
        assert browser.get(f"/staff/{council.slug}/usage/{address}").status_code == 404


@pytest.fixture
def operator(as_owner) -> Client:
    person = make_person()
    as_owner(lambda: make_operator(person.id, now=NOW))
    browser = Client()
    sign_in(browser, person.id, has_second_factor=True)
    return browser


def test_an_operator_agrees_what_is_free_and_goes_back_to_the_usual(
    council: Council, service: Service, operator: Client
) -> None:
    address = f"/operator/{council.slug}/allowances"
    assert address in operator.get(f"/operator/{council.slug}").content.decode()
    assert "Bulky waste collection 10,000 Usual for its kind" in words(operator.get(address))
    answer = operator.post(f"{address}/{service.slug}", {"fragments": "50,000"}, follow=True)
    assert "Bulky waste collection 50,000 Agreed with the council" in words(answer)
    answer = operator.post(f"{address}/{service.slug}", {"fragments": "", "usual": "yes"}, follow=True)
    assert "Bulky waste collection 10,000 Usual for its kind" in words(answer)
    assert "Enter a whole number" in words(operator.post(f"{address}/{service.slug}", {"fragments": "many"}))


def test_a_service_of_very_many_texts_gets_none_whatever_an_operator_agrees(
    council: Council, service: Service, operator: Client
) -> None:
    use(service.id, 300_000, at=datetime(YEAR, 3, 1, tzinfo=UTC) - timedelta(days=60))
    answer = operator.post(f"/operator/{council.slug}/allowances/{service.slug}", {"fragments": "50000"}, follow=True)
    assert "Bulky waste collection 0 300,000 fragments or more the year before" in words(answer)


def test_an_operator_says_what_a_council_is_charged_as(council: Council, service: Service, operator: Client) -> None:
    answer = operator.post(f"/operator/{council.slug}/allowances", {"type": "central"}, follow=True)
    assert "Bulky waste collection 20,000" in words(answer)
    assert "Choose a kind" in words(operator.post(f"/operator/{council.slug}/allowances", {"type": "guild"}))


def test_officers_do_not_set_what_is_free_for_them(council: Council, service: Service) -> None:
    browser = officer(council)
    for address in ("allowances", f"allowances/{service.slug}"):
        assert browser.get(f"/operator/{council.slug}/{address}").status_code in (403, 404)
