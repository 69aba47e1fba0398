"""The officers' list of payments."""

import re

import pytest
from django.test import Client
from tests.wire.pay.clients import PayClient

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer
from guildhall.pay import operations, queries
from guildhall.pay.testing import DECLINED_CARD, pay, wanted_payment


def officer(council: Council, *roles: Role) -> Client:
    person = make_person()
    make_officer(council, *roles, person_id=person.id)
    browser = Client()
    sign_in(browser, person.id, has_second_factor=True)
    return browser


def page(browser: Client, council: Council, query: str = "") -> str:
    answer = browser.get(f"/staff/{council.slug}/payments{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("role", [Role.OWNER, Role.SERVICE_MANAGER, Role.FINANCE_VIEWER])
def test_officers_who_look_after_money_see_each_payment_and_what_became_of_it(
    council: Council, pay_client: PayClient, role: Role
) -> None:
    pay(pay_client.account, now=clock.now(), reference="PAID-1")
    pay(pay_client.account, now=clock.now(), reference="LOST-1", number=DECLINED_CARD)
    text = page(officer(council, role), council)
    assert re.search(r"PAID-1 Bulky waste collection .* £25.00 Visa ●●●●&nbsp;4242 Paid", text)
    assert re.search(r"LOST-1 Bulky waste collection .* £25.00 Visa ●●●●&nbsp;0002 Declined", text)
    assert text.index("LOST-1") < text.index("PAID-1")


def test_a_long_list_has_pages(council: Council, pay_client: PayClient) -> None:
    for number in range(queries.PAGE + 1):
        wanted = wanted_payment(reference=f"REF-{number:03d}")
        operations.create_payment(wanted, account=pay_client.account, now=clock.now())
    browser = officer(council)
    assert "REF-000" not in page(browser, council)
    assert "REF-000" in page(browser, council, "?page=2")


def test_others_do_not_see_payments(council: Council, other_council: Council, pay_client: PayClient) -> None:
    for role in (Role.CASEWORKER, Role.AUDITOR):
        assert officer(council, role).get(f"/staff/{council.slug}/payments").status_code == 403
    assert Client().get(f"/staff/{council.slug}/payments").status_code == 302
    pay(pay_client.account, now=clock.now(), reference="PAID-1")
    with acting_for(None), acting_for(other_council.id):
        stranger = officer(other_council)
    assert "There are no payments yet" in page(stranger, other_council)
    assert stranger.get(f"/staff/{council.slug}/payments").status_code == 403
