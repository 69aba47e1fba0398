"""A resident answers page by page, corrects, sends and pays. No page needs a script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.networks import UNKNOWN
from guildhall.kernel.transactions import reading
from guildhall.organisations.operations import take_council_off
from guildhall.organisations.queries import Council
from guildhall.pay import operations as pay
from guildhall.pay.testing import DECLINED_CARD, GOOD_CARD, typed_card
from guildhall.services.forms import models, operations, queries

ANSWERS: list[tuple[str, dict[str, object]]] = [
    ("is-it-from-a-home", {"is-from-a-home": "yes"}),
    ("what-do-you-want-collected", {"kinds-of-items": ["furniture", "cold"]}),
    ("is-it-empty", {"cold-is-ready": "agreed"}),
    ("how-many-items", {"number-of-items": "3"}),
    ("describe-the-items", {"description": "A sofa and a fridge"}),
    ("benefits", {"gets-a-benefit": "no"}),
    (
        "address",
        {"address-address1": "1 High Street", "address-town_or_city": "Wrexham", "address-postcode": "ll111ay"},
    ),
    (
        "preferred-day",
        {"preferred-day-day": "1", "preferred-day-month": "6", "preferred-day-year": str(clock.now().year + 1)},
    ),
    ("your-name", {"name": "Siân Owen"}),
    ("email", {"email": "sian@example.com"}),
    ("phone", {"phone": ""}),
]


@pytest.fixture
def home(council: Council) -> str:
    operations.ensure_form("bulky-waste", now=clock.now())
    return f"/{council.slug}/bulky-waste"


@pytest.fixture
def at_the_check(client: Client, home: str) -> Client:
    client.post(home)
    for slug, answer in ANSWERS:
        response = client.post(f"{home}/{slug}", answer)
        assert response.status_code == 302, response.content.decode()
    assert response["Location"] == f"{home}/check-your-answers"
    return client


def words_of(response: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))  # type: ignore[attr-defined]


def use_card(pay_at: str, number: str) -> None:
    owner = pay.spend_token(pay_at.rsplit("/", 1)[1], now=clock.now())
    if not pay.enter_card(owner.payment_id, typed_card(number), network=UNKNOWN, now=clock.now()).is_finished:
        pay.confirm(owner.payment_id, now=clock.now())


def test_a_journey_begins_at_the_start_page_and_asks_one_question_after_the_other(client: Client, home: str) -> None:
    assert "Start now" in words_of(client.get(home))
    started = client.post(home)
    assert started["Location"] == f"{home}/is-it-from-a-home"
    assert [cookie["httponly"] for name, cookie in client.cookies.items() if name.startswith("guildhall_answers")] == [
        True
    ]
    page = client.get(started["Location"])
    assert "Is the waste from a home?" in words_of(page)
    assert page.content.decode().count("<h1") == 1
    assert client.post(started["Location"], {"is-from-a-home": "yes"})["Location"].endswith(
        "/what-do-you-want-collected"
    )


def test_a_bad_answer_is_shown_again_with_a_summary_that_leads_to_the_field(client: Client, home: str) -> None:
    client.post(home)
    client.post(f"{home}/is-it-from-a-home", {"is-from-a-home": "yes"})
    client.post(f"{home}/what-do-you-want-collected", {"kinds-of-items": ["furniture"]})
    page = client.post(f"{home}/how-many-items", {"number-of-items": "lots"}).content.decode()
    assert "<title>Error: How many items do you have?" in page
    assert "There is a problem" in page
    assert '<a href="#number-of-items">The answer must be a number</a>' in page
    assert 'value="lots"' in page


def test_a_page_further_on_leads_back_to_the_first_question_without_an_answer(client: Client, home: str) -> None:
    client.post(home)
    assert client.get(f"{home}/email")["Location"] == f"{home}/is-it-from-a-home"
    assert client.get(f"{home}/check-your-answers")["Location"] == f"{home}/is-it-from-a-home"
    assert client.get(f"{home}/no-such-page").status_code == 404


def test_somebody_without_a_journey_is_led_to_the_start(client: Client, home: str) -> None:
    for page in ("email", "check-your-answers", "payment", "submitted", "save"):
        assert client.get(f"{home}/{page}")["Location"] == home


def test_somebody_whom_the_form_is_not_for_leaves_and_can_go_back(client: Client, home: str) -> None:
    client.post(home)
    left = client.post(f"{home}/is-it-from-a-home", {"is-from-a-home": "no"})
    page = client.get(left["Location"])
    assert "You cannot use this service for business waste" in words_of(page)
    assert f'href="{home}/is-it-from-a-home" class="govuk-back-link"' in page.content.decode()


def test_answers_are_checked_changed_and_checked_again(at_the_check: Client, home: str) -> None:
    check = words_of(at_the_check.get(f"{home}/check-your-answers"))
    assert "3 × £12.00" in check
    assert "£36.00" in check
    assert "LL11 1AY" in check
    page = at_the_check.get(f"{home}/how-many-items/change").content.decode()
    assert f'href="{home}/check-your-answers" class="govuk-back-link"' in page
    changed = at_the_check.post(f"{home}/how-many-items/change", {"number-of-items": "2"})
    assert changed["Location"] == f"{home}/check-your-answers"
    assert "£24.00" in words_of(at_the_check.get(changed["Location"]))


def test_a_change_that_opens_a_question_asks_it_and_comes_back_to_the_check(client: Client, home: str) -> None:
    client.post(home)
    for slug, answer in ANSWERS:
        without = {"kinds-of-items": ["mattress"]} if slug == "what-do-you-want-collected" else answer
        if slug != "is-it-empty":
            client.post(f"{home}/{slug}", without)
    assert client.get(f"{home}/check-your-answers").status_code == 200
    opened = client.post(f"{home}/what-do-you-want-collected/change", {"kinds-of-items": ["cold"]})
    assert opened["Location"] == f"{home}/is-it-empty/change"
    assert client.post(opened["Location"], {"cold-is-ready": "agreed"})["Location"] == f"{home}/check-your-answers"


def test_a_declined_card_then_a_good_one_lead_to_one_reference(
    at_the_check: Client, home: str, settle: Callable[[], None]
) -> None:
    sent = at_the_check.post(f"{home}/check-your-answers")
    assert "/secure/" in sent["Location"]
    use_card(sent["Location"], DECLINED_CARD)
    assert "Your payment was not taken" in words_of(at_the_check.get(f"{home}/payment"))
    again = at_the_check.post(f"{home}/payment")
    use_card(again["Location"], GOOD_CARD)
    assert at_the_check.get(f"{home}/payment")["Location"] == f"{home}/submitted"
    done = words_of(at_the_check.get(f"{home}/submitted"))
    assert re.search(r"Your reference [A-Z0-9]{8}", done)
    assert "sian@example.com" in done
    settle()
    with reading():
        assert models.Submission.objects.count() == 1


def test_sending_again_shows_the_page_for_it_in_the_contracts_words(at_the_check: Client, home: str) -> None:
    use_card(at_the_check.post(f"{home}/check-your-answers")["Location"], GOOD_CARD)
    at_the_check.get(f"{home}/payment")
    again = at_the_check.post(f"{home}/check-your-answers")
    assert again["Location"] == f"{home}/repeat-submission"
    # alphagov/forms-runner:config/locales/en.yml errors.repeat_submission
    assert "For your security, we deleted your answers" in words_of(at_the_check.get(again["Location"]))


def test_sending_again_before_paying_leads_to_the_payment(at_the_check: Client, home: str) -> None:
    at_the_check.post(f"{home}/check-your-answers")
    again = at_the_check.get(at_the_check.post(f"{home}/check-your-answers")["Location"])
    assert again["Location"] == f"{home}/payment"
    assert "You have not paid yet" in words_of(at_the_check.get(again["Location"]))


def test_who_was_paying_when_the_council_was_taken_off_gets_their_reference_and_nobody_begins_anything(
    at_the_check: Client, home: str
) -> None:
    sent = at_the_check.post(f"{home}/check-your-answers")
    take_council_off(operator=PersonId(new_id()), now=clock.now())
    use_card(sent["Location"], GOOD_CARD)
    assert at_the_check.get(f"{home}/payment")["Location"] == f"{home}/submitted"
    assert re.search(r"Your reference [A-Z0-9]{8}", words_of(at_the_check.get(f"{home}/submitted")))
    assert at_the_check.get(f"{home}/repeat-submission").status_code == 200
    assert at_the_check.post(home).status_code == 404
    stranger = Client()
    for page in ("payment", "submitted", "repeat-submission"):
        unknown = stranger.get(f"{home}-nowhere/{page}")
        assert (unknown.status_code, stranger.get(f"{home}/{page}")["Location"]) == (302, home)


def test_answers_wait_behind_an_emailed_link_for_28_days(client: Client, home: str, settle: Callable[[], None]) -> None:
    client.post(home)
    client.post(f"{home}/is-it-from-a-home", {"is-from-a-home": "yes"})
    for nowhere in ("nobody", "jo@example.c"):
        page = client.post(f"{home}/save", {"email": nowhere}).content.decode()
        assert "Enter an email address in the correct format, like name@example.com" in page
    assert "sian@example.com" in words_of(client.post(f"{home}/save", {"email": "sian@example.com"}))
    with reading():
        draft = models.Draft.objects.get()
    assert timedelta(days=27) < draft.expires_at - clock.now() <= timedelta(days=28)


def test_a_link_opens_the_answers_in_another_browser(home: str, council: Council) -> None:
    live = queries.get_live_form(home.rsplit("/", 1)[1])
    token = operations.start_draft(operations.NewDraft(live.service.id, live.version_id), now=clock.now())
    browser = Client()
    assert browser.get(f"{home}/come-back/{token}")["Location"] == f"{home}/is-it-from-a-home"
    assert browser.get(f"{home}/is-it-from-a-home").status_code == 200
    assert browser.get(f"{home}/come-back/{token}x").status_code == 404


def test_every_page_speaks_welsh_and_the_switch_keeps_the_page(client: Client, home: str) -> None:
    client.post(home)
    assert client.get(f"{home}/is-it-from-a-home?lang=cy")["Location"] == f"{home}/is-it-from-a-home"
    page = client.get(f"{home}/is-it-from-a-home")
    assert 'lang="cy"' in page.content.decode()
    assert "A yw’r gwastraff o gartref?" in words_of(page)
    refused = client.post(f"{home}/is-it-from-a-home", {})
    assert "Dewiswch un opsiwn" in words_of(refused)
    assert "Gwall: " in refused.content.decode()


def test_a_service_without_a_form_is_not_there(client: Client, council: Council) -> None:
    assert client.get(f"/{council.slug}/nothing").status_code == 404


def test_a_token_of_another_councils_form_opens_nothing(
    client: Client, home: str, council: Council, other_council: Council
) -> None:
    client.post(home)
    assert client.get(home.replace(council.slug, other_council.slug)).status_code == 404
