"""Every kind of question, from the browser to the stored answer and back, in both languages."""

import html
from datetime import date

import pytest
from django.test import Client

from guildhall.kernel import clock
from guildhall.kernel.transactions import reading
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service
from guildhall.services.forms import models, operations, queries
from guildhall.services.forms.domain.questions.asking import Chosen
from guildhall.services.forms.queries import LiveForm
from guildhall.services.forms.testing import EVERY_KIND

POSTED: dict[str, dict[str, object]] = {
    "text": {"text": " words "},
    "story": {"story": "one\r\ntwo"},
    "club": {"club": "Ramblers"},
    "nino": {"nino": "ab123456c"},
    "mail": {"mail": "sian@example.com"},
    "phone": {"phone": "01632 960 001"},
    "sum": {"sum": "12.50"},
    "birthday": {"birthday-day": "1", "birthday-month": "Mawrth", "birthday-year": "1980"},
    "whole-name": {"whole-name": "Siân Owen"},
    "names": {"names-title": "Dr", "names-first_name": "Siân", "names-last_name": "Owen"},
    "home": {"home-address1": "1 High Street", "home-town_or_city": "Wrexham", "home-postcode": "ll111ay"},
    "abroad": {"abroad-street_address": "1 rue", "abroad-country": "France"},
    "one": {"one": "b"},
    "other": {"other": "none_of_the_above", "other-none_of_the_above_answer": "Something"},
    "many": {"many": "n7"},
    "several": {"several": ["b", "a"]},
    "sure": {"sure": "no"},
    "agree": {"agree": "agreed"},
    "left": {"left": "words", "right": "1"},
}
STORED = {
    "text": "words",
    "story": "one\ntwo",
    "club": "Ramblers",
    "nino": "AB123456C",
    "mail": "sian@example.com",
    "phone": "01632 960 001",
    "sum": "12.50",
    "birthday": "1980-03-01",
    "whole-name": {"full_name": "Siân Owen"},
    "names": {"title": "Dr", "first_name": "Siân", "last_name": "Owen"},
    "home": {"address1": "1 High Street", "town_or_city": "Wrexham", "postcode": "LL11 1AY"},
    "abroad": {"street_address": "1 rue", "country": "France"},
    "one": "b",
    "other": {"selection": "none_of_the_above", "none_of_the_above_answer": "Something"},
    "many": "n7",
    "several": ["a", "b"],
    "sure": "no",
    "agree": "agreed",
    "left": "words",
    "right": "1",
}


@pytest.fixture
def live(council: Council) -> LiveForm:
    service = make_service(council, slug="every-kind")
    version = operations.add_version(operations.NewVersion(service.id, EVERY_KIND), actor=None, now=clock.now())
    operations.publish(version, actor=None, now=clock.now())
    return queries.get_live_form("every-kind")


@pytest.fixture
def home(council: Council, live: LiveForm) -> str:
    return f"/{council.slug}/every-kind"


def test_every_answer_is_stored_in_one_form_shown_again_and_sent(client: Client, home: str) -> None:
    client.post(home)
    for name, answer in POSTED.items():
        assert client.post(f"{home}/page-{name}", answer).status_code == 302, name
    with reading():
        assert models.Draft.objects.get().answers == STORED
    for name, answer in POSTED.items():
        page = client.get(f"{home}/page-{name}").content.decode()
        assert client.post(f"{home}/page-{name}", as_shown(page, answer)).status_code == 302, name
    with reading():
        assert models.Draft.objects.get().answers == STORED
    assert client.post(f"{home}/check-your-answers")["Location"] == f"{home}/submitted"


def as_shown(page: str, answer: dict[str, object]) -> dict[str, object]:
    """Return what a browser would send for a page that nobody changed: hold that every value is there."""
    unescaped = html.unescape(page)
    for value in answer.values():
        for each in value if isinstance(value, list) else [value]:
            kept = {"ab123456c": "AB123456C", "ll111ay": "LL11 1AY", "Mawrth": "3", "one\r\ntwo": "one\ntwo"}
            assert kept.get(str(each), str(each).strip()) in unescaped
    return answer


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_kind_refuses_on_its_page_in_the_words_of_the_contract(
    client: Client, home: str, live: LiveForm, language: str
) -> None:
    client.post(home)
    client.get(f"{home}?lang={language}")
    for page in live.definition.pages:
        name = page.questions[0].id
        shown = html.unescape(client.post(f"{home}/{page.slug}", {}).content.decode())
        for question in page.questions:
            wrong = question.check(Chosen(()) if name == "other" else "", today=date(2026, 11, 21))
            for fault in wrong.faults:
                assert fault.message.in_(language) in shown, f"{name} {fault}"
                assert ("Error: " if language == "en" else "Gwall: ") in shown
        client.post(f"{home}/{page.slug}", POSTED[name])


@pytest.mark.parametrize(
    "typed",
    [
        {"text": "\x00" * 9},
        {"text": "x" * 100_000},
        {"text": ["a", "b"]},
        {"text": "\ud83d\ude00 <script>alert(1)</script> {{ 1 }}"},
        {"other": "words"},
    ],
)
def test_whatever_a_browser_sends_is_an_answer_or_a_message(
    client: Client, home: str, typed: dict[str, object]
) -> None:
    client.post(home)
    body = "&".join(f"{key}={value}" for key, value in typed.items()).encode("utf-8", "surrogatepass")
    answered = client.post(f"{home}/page-text", body, content_type="application/x-www-form-urlencoded")
    assert answered.status_code in (200, 302)
    shown = client.get(f"{home}/page-text").content.decode()
    assert "<script>alert" not in shown
