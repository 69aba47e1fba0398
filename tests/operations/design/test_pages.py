import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from jinja2 import ChoiceLoader, FileSystemLoader

from guildhall.design.brand import Brand
from guildhall.design.forms import Form
from guildhall.design.pages import errors, speaking, words
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId
from guildhall.kernel.limits import Against
from guildhall.kernel.visitor import Visitor

HERE = Path(__file__).parent
PAGES = "guildhall.design.pages.middleware."
RESIDENT = Visitor(PersonId(uuid4()), "resident@example.org", "Resident")


class Arrival:
    """Stands where identity and the gate stand: leaves a visitor and a council on the request."""

    leaves: dict[str, object] = {}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name, value in self.leaves.items():
            setattr(request, name, value)
        return self.get_response(request)


REAL_ORDER = list(settings.MIDDLEWARE)
MIDDLEWARE = [
    f"{PAGES}SecurityHeaders",
    f"{PAGES}BoundedHead",
    f"{__name__}.Arrival",
    f"{PAGES}LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    f"{PAGES}RefusalPages",
]


@pytest.fixture(scope="module")
def templates() -> ChoiceLoader:
    """The example's templates beside ours; one loader for all tests, since what is compiled is kept by loader."""
    return ChoiceLoader([engines["jinja2"].env.loader, FileSystemLoader(HERE / "templates")])


@pytest.fixture(autouse=True)
def example_site(templates: ChoiceLoader, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engines["jinja2"].env, "loader", templates)
    monkeypatch.setattr(Arrival, "leaves", {})
    monkeypatch.syspath_prepend(HERE)
    with override_settings(ROOT_URLCONF="addresses", MIDDLEWARE=MIDDLEWARE, SANDBOX=False):
        yield


def page(address: str = "/example", **headers: str) -> str:
    return Client(headers=headers).get(address).content.decode()


def leave(**left: object) -> None:
    Arrival.leaves = left


def council(**brand: str) -> SimpleNamespace:
    return SimpleNamespace(
        slug="anglesey", is_open=True, brand=Brand(**({"name": "Isle of Anglesey", "name_cy": "Ynys Môn"} | brand))
    )


# What every page says


def test_the_title_names_the_question_the_service_and_whose_page_it_is() -> None:
    leave(council=council())
    assert "<title>What is your email address? – Bulky waste – Isle of Anglesey</title>" in page(
        "/example?service=Bulky+waste"
    )


def test_a_page_with_a_wrong_answer_says_so_in_its_title_and_at_the_top_and_keeps_the_answer_and_the_way_back() -> None:
    html = Client().post("/example", {"email": "typed"}).content.decode()
    assert "<title>Error: What is your email address?" in html
    assert html.index("There is a problem") < html.index("<h1")
    assert '<a href="#email">Enter an email address</a>' in html and 'id="email"' in html
    assert 'value="typed"' in html and "govuk-back-link" in html


def test_a_view_that_does_not_look_never_acts_on_an_answer_that_is_too_long_and_the_form_is_asked_again() -> None:
    typed = {"email": "x" * 321, "seen": "3", "send": "yes", "csrfmiddlewaretoken": "t"}
    answer = Client().post("/saving?next=%2Fthere", typed)
    html = answer.content.decode()
    assert answer.status_code == 400 and "acted on" not in html
    assert "<title>Error: Some of what you entered is too long" in html and html.count("<h1") == 1
    assert '<a href="#email">Email address must be 320 characters or fewer</a>' in html
    assert f'value="{"x" * 321}"' in html and '<form method="post" novalidate>' in html
    assert '<input type="hidden" name="seen" value="3">' in html
    assert '<input type="hidden" name="send" value="yes">' in html
    assert html.count('name="csrfmiddlewaretoken"') <= 1


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/example?service=" + "x" * 15_900, {}, 200),
        ("/example?service=" + "x" * 16_000, {}, 414),
        ("/example?" + "&".join(["a"] * 9_000), {}, 414),
        ("/" + "x" * 16_001, {}, 414),
        ("/refusing/%00", {}, 404),
        ("/example", {"Cookie": "a=" + "x" * 8_000}, 431),
        ("/example", {"X-Anything": "x" * 8_001}, 431),
    ],
)
def test_an_address_or_header_that_nobody_means_is_refused_before_it_is_read(
    address: str, headers: dict[str, str], status: int
) -> None:
    assert Client(headers=headers).get(address).status_code == status


def test_the_head_of_a_request_is_bounded_before_anything_reads_it() -> None:
    readers = ("django.contrib.sessions.middleware.SessionMiddleware", f"{PAGES}LanguageMiddleware")
    assert REAL_ORDER.index(f"{PAGES}BoundedHead") < min(map(REAL_ORDER.index, readers))


@pytest.mark.parametrize("read", [words.in_address, words.in_form, words.in_header])
def test_a_word_of_a_request_is_read_within_bounds_and_without_the_character_that_no_database_takes(
    read: Callable[..., str],
) -> None:
    request = RequestFactory().post("/?word=" + "é" * 5_000, {"word": "é" * 5_000})
    request.META["word"] = "é" * 5_000
    assert read(request, "word", longest=3) == "ééé"
    assert len(read(request, "word")) <= 200
    request.GET = request.POST = QueryDict("word=a%00b")
    request.META["word"] = "a\0b"
    assert read(request, "word") == "ab"
    assert read(request, "another") == ""


def test_an_answer_that_is_too_long_is_refused_in_welsh_too() -> None:
    answer = Client(headers={"Cookie": "guildhall_language=cy"}).post("/saving", {"email": "x" * 321})
    assert "Email address: rhowch 320 nod neu lai" in answer.content.decode()


def test_in_welsh_the_page_says_it_is_welsh_and_names_the_council_in_welsh() -> None:
    leave(council=council())
    html = page(**{"Cookie": "guildhall_language=cy"})
    assert '<html lang="cy"' in html and "Ynys Môn" in html and "Isle of Anglesey" not in html
    assert "Neidio i’r prif gynnwys" in html


def test_an_installation_that_is_a_sandbox_says_so_on_every_page() -> None:
    assert "Nothing here is real" not in page()
    with override_settings(SANDBOX=True):
        assert "Nothing here is real" in page() and "Nothing here is real" in page("/nowhere")


def test_nothing_on_a_page_is_inline() -> None:
    leave(council=council(colour="#00703c"), visitor=RESIDENT, session_ends_at=clock.now())
    html = page()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


def test_a_council_with_a_logo_shows_it_beside_its_name() -> None:
    leave(council=council(logo_url="/anglesey/logo.png?v=1"))
    assert '<img class="council-header__logo" src="/anglesey/logo.png?v=1" alt="">' in page()


def test_a_council_that_does_not_use_guildhall_does_not_speak_on_its_pages() -> None:
    elsewhere = council()
    elsewhere.is_open = False
    leave(council=elsewhere)
    assert "– Guildhall</title>" in page() and "Provided by" not in page()


def test_the_name_at_the_top_leads_home_and_keeps_officers_on_their_side() -> None:
    leave(council=council(), visitor=RESIDENT)
    assert 'href="/anglesey" class="govuk-generic-header__homepage-link"' in page()
    assert 'href="/staff/anglesey" class="govuk-generic-header__homepage-link"' in page("/staff/anglesey")


def test_the_shell_takes_no_name_that_a_page_may_want() -> None:
    request = RequestFactory().get("/")
    facts = {
        "form": Form(),
        "logo": "their logo",
        "owner": "their owner",
        "wrong": "their wrong",
        "links": "their links",
    }
    content = "{% block content %}{{ logo }}, {{ owner }}, {{ wrong }}, {{ links }}{% endblock %}"
    template = '{% extends "design/page.html" %}' + content
    html = engines["jinja2"].from_string(template).render(facts, request)
    assert "their logo, their owner, their wrong, their links" in html


# Languages


def test_choosing_a_language_leads_back_to_the_same_page_and_is_remembered() -> None:
    client = Client()
    chosen = client.get("/example?service=x&lang=cy")
    assert (chosen.status_code, chosen["Location"]) == (302, "/example?service=x")
    assert client.cookies["guildhall_language"].value == "cy"
    assert '<html lang="cy"' in client.get("/example").content.decode()


def test_the_language_switch_keeps_the_page_and_what_it_was_asked() -> None:
    assert 'href="/example?service=x&amp;lang=cy" hreflang="cy"' in page("/example?service=x")


def test_choosing_a_language_never_leads_to_another_site() -> None:
    request = RequestFactory().get("/?lang=cy")
    request.path = "//evil.example/"
    assert speaking.back_to_the_page(request, "cy")["Location"] == "/%2Fevil.example/"
    assert speaking.address_in(request, "cy") == "/%2Fevil.example/?lang=cy"


def test_a_language_that_nobody_speaks_here_is_ignored() -> None:
    answer = Client().get("/example?lang=fr")
    assert answer.status_code == 200 and answer["Content-Language"] == "en"


def test_the_account_decides_the_language_until_somebody_chooses_another() -> None:
    leave(visitor=replace(RESIDENT, language="cy"))
    assert '<html lang="cy"' in page()
    assert '<html lang="en"' in page(**{"Cookie": "guildhall_language=en"})


@pytest.mark.parametrize(("asked", "spoken"), [("cy-GB,cy;q=0.9,en;q=0.8", "cy"), ("en-GB,cy;q=0.9", "en"), ("", "en")])
def test_a_browser_that_asks_for_welsh_first_gets_welsh(asked: str, spoken: str) -> None:
    assert f'<html lang="{spoken}"' in page(**{"Accept-Language": asked})


def test_a_programs_interface_has_no_choice_of_language() -> None:
    assert Client().get("/wire?lang=cy").status_code == 200


# The end of a session


def test_a_visitor_without_a_session_is_not_warned_of_its_end() -> None:
    assert "signed out" not in page()


def test_without_scripts_a_page_says_when_the_session_ends() -> None:
    leave(visitor=RESIDENT, session_ends_at=clock.now() + timedelta(minutes=30))
    html = page()
    assert re.search(r"you will be signed out at \d+(:\d\d)?[ap]m if you do not open another page", html)
    assert 1790 <= int(re.search(r'data-seconds-left="(\d+)"', html)[1]) <= 1800  # type: ignore[index]


# What a page may do


def test_pages_forbid_inline_scripts_other_sites_and_frames() -> None:
    policy = Client().get("/example")["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy and "nonce" not in policy


def test_every_answer_carries_the_headers_that_keep_browsers_careful() -> None:
    answer = Client().get("/wire")
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
    assert "Strict-Transport-Security" not in answer, "the base URL of the tests is plain http"
    assert "Strict-Transport-Security" not in Client().get("/wire", secure=True), "what a request says of itself"


def test_a_page_is_not_kept_for_the_next_person_at_the_computer() -> None:
    answer = Client().get("/example")
    assert answer["Cache-Control"] == "private, no-store" and "Cookie" in answer["Vary"]


def test_a_form_may_lead_to_another_site_only_where_the_page_says_so() -> None:
    client = Client()
    assert "form-action 'self';" in client.get("/example")["Content-Security-Policy"]
    policy = client.get("/leading-away?to=https://me:x@shop.example:8443/done?a=1")["Content-Security-Policy"]
    assert "form-action 'self' https://shop.example:8443;" in policy
    policy = client.get("/leading-away?to=javascript:alert(1)")["Content-Security-Policy"]
    assert "form-action 'self';" in policy


def test_a_councils_theme_is_its_colour_and_nothing_else() -> None:
    leave(council=council(colour="#00703c"))
    assert 'href="/anglesey/theme.css?v=' in page()
    answer = Client().get("/anglesey/theme.css")
    assert answer["Content-Type"].startswith("text/css") and "immutable" in answer["Cache-Control"]
    assert answer.content.decode() == ":root { --council-colour: #00703c; }\n"


# When something cannot be done


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere", 404, "Page not found"),
        ("/refusing/missing", 404, "Page not found"),
        ("/refusing/forbidden", 403, "You cannot see this page"),
        ("/refusing/moved-on", 409, "This has changed since you looked"),
        ("/refusing/full", 503, "Sorry, the service is unavailable"),
        ("/impatient/thing", 429, "If you cannot wait, contact the council."),
        ("/impatient/network", 429, "use another connection"),
        ("/impatient/recipient", 429, "We have already sent several emails to this address"),
        ("/impatient/everybody", 503, "we cannot send this email at the moment"),
        ("/broken", 500, "Sorry, there is a problem with the service"),
    ],
)
def test_a_page_that_cannot_be_shown_says_what_happened(address: str, status: int, words: str) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get(address)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert "Error:" not in answer.content.decode()


def test_a_limit_says_when_to_try_again() -> None:
    for against in Against:
        limited = Client().get(f"/impatient/{against}")
        assert limited["Retry-After"] == "300"
        assert "You can try again in 5 minutes." in limited.content.decode()
        assert "192.0.2.7" not in limited.content.decode()
    assert "Retry-After" in Client().get("/refusing/full")


def test_a_form_without_its_token_is_refused_with_advice() -> None:
    answer = Client(enforce_csrf_checks=True).post("/example", {"email": "a"})
    assert answer.status_code == 403 and "This page is too old to send" in answer.content.decode()


def test_a_refusal_of_a_programs_interface_is_left_to_its_own_table() -> None:
    with pytest.raises(Exception, match="no"):
        Client().get("/wire?refuse")


def test_without_a_database_a_page_says_that_the_service_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(Arrival, "__call__", unreachable)
    answer = Client(raise_request_exception=False).get("/example")
    assert answer.status_code == 503 and "Sorry, the service is unavailable" in answer.content.decode()


def test_when_even_the_page_for_errors_cannot_be_made_a_plain_one_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unreachable:
        @property
        def brand(self) -> Brand:
            raise OSError("the database is down")

        slug, is_open = "anglesey", True

    request = RequestFactory().get("/broken")
    request.council = Unreachable()  # type: ignore[attr-defined]
    answer = errors.server_error(request)
    assert answer.status_code == 500 and "Try again later." in answer.content.decode()
