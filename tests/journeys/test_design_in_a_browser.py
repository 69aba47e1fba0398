"""Each kind of page of the design, looked at with a browser and with axe, before any module puts words in it."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.template import engines
from django.test import override_settings
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Page, expect
from tests.journeys.conftest import NewPage
from tests.journeys.gallery.addresses import questions
from tests.journeys.looking import check_page

from guildhall.design.build_assets import build_assets

PAGES = "guildhall.design.pages.middleware."
MIDDLEWARE = [
    f"{PAGES}SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tests.journeys.gallery.addresses.Arrival",
    f"{PAGES}LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


class Silent(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The address of the running gallery."""
    build_assets()
    pages = engines["jinja2"].env
    before = pages.loader
    pages.loader = ChoiceLoader([before, FileSystemLoader(Path(__file__).parent / "gallery" / "templates")])
    with override_settings(
        ROOT_URLCONF="tests.journeys.gallery.addresses",
        MIDDLEWARE=MIDDLEWARE,
        SANDBOX=True,
        STAFF_NAVIGATION=(),
        ALLOWED_HOSTS=["*"],
    ):
        server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=Server, handler_class=Silent)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
    pages.loader = before


@pytest.mark.parametrize("kind", sorted(questions()))
def test_a_question_can_be_read_answered_and_mended_by_everybody(kind: str, gallery: str, new_page: NewPage) -> None:
    page = new_page(width=320)
    page.goto(f"{gallery}/question/{kind}")
    check_page(page)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: "))
    check_page(page)
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    assert page.evaluate("document.activeElement.closest('form') !== null")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 419, 429, 500, 503])
def test_a_page_about_a_failure_is_for_everybody(status: int, gallery: str, new_page: NewPage) -> None:
    page = new_page(width=320, language="cy")
    page.goto(f"{gallery}/failing/{status}")
    check_page(page)
    assert page.locator("html").get_attribute("lang") == "cy"


@pytest.mark.parametrize("address", ["shown/timeline", "staff/castell-mawr/cases"])
@pytest.mark.parametrize("width", [320, 1280])
def test_lists_and_timelines_are_for_everybody(address: str, width: int, gallery: str, new_page: NewPage) -> None:
    page = new_page(width=width)
    page.goto(f"{gallery}/{address}")
    check_page(page)


def test_without_scripts_a_question_looks_and_works_the_same(gallery: str, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(f"{gallery}/question/date")
    page.get_by_label("Day").fill("31")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: "))
    assert page.get_by_label("Day").input_value() == "31"


def test_the_language_switch_keeps_the_page(gallery: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{gallery}/question/name?from=here")
    page.get_by_role("link", name="Cymraeg").click()
    assert page.url == f"{gallery}/question/name?from=here"
    assert page.locator("html").get_attribute("lang") == "cy"
    expect(page.get_by_label("Enw cyntaf")).to_be_visible()


def test_the_councils_colour_is_on_the_page(gallery: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{gallery}/question/text")
    background = "getComputedStyle(document.querySelector('.council-header')).backgroundColor"
    assert page.evaluate(background) == "rgb(0, 89, 79)"


def test_a_page_can_be_used_with_the_keyboard_alone(gallery: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{gallery}/question/text")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Baker")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Error: "))
    assert page.locator("#text").input_value() == "Baker"


def test_before_a_session_ends_a_dialog_warns_and_keeps_the_focus(gallery: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{gallery}/staff/castell-mawr/cases?seconds=100")
    dialog = page.get_by_role("dialog", name="You are about to be signed out")
    expect(dialog).to_be_visible()
    assert focused(page) == "Stay signed in"
    check_page(page)


def test_a_session_with_time_left_is_not_warned_about_but_for_the_sentence(gallery: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{gallery}/staff/castell-mawr/cases")
    expect(page.get_by_text("you will be signed out at")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_styles_and_scripts_are_those_that_were_built(gallery: str, new_page: NewPage) -> None:
    page = new_page()
    asked: list[tuple[str, int]] = []
    page.on("response", lambda answer: asked.append((answer.url.removeprefix(gallery), answer.status)))
    page.goto(f"{gallery}/question/text", wait_until="networkidle")
    assert {status for _address, status in asked} == {200}
    assert all(
        address.startswith(("/question/", settings.STATIC_URL, "/castell-mawr/theme.css")) for address, _ in asked
    )


def focused(page: Page) -> str:
    words: str = page.evaluate("document.activeElement.innerText")
    return words.strip()
