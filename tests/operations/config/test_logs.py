"""No line of the logs holds a secret that an address carries: not of what is found, missing, forbidden or broken."""

import ast
import inspect
import io
import json
import logging
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import structlog
from django.conf import settings
from django.test import override_settings
from tests.addresses import patterns
from tests.fast_path import FastPathClient

from guildhall.config.commands import web
from guildhall.config.logs import NO_ROUTE, configure_logs
from guildhall.kernel.audiences import find_audience, methods_of
from guildhall.kernel.unlogged import LEFT_OUT, unlogged, without_secrets
from guildhall.organisations.queries import Council

BREAKS = "tests.operations.config.breaking.Breaks"


class Screen(io.StringIO):
    """Where the logs go: a file, or a person's terminal."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


@contextmanager
def logging_to(screen: Screen) -> Iterator[None]:
    root, before, stderr = logging.getLogger(), structlog.get_config(), sys.stderr
    handlers, level = root.handlers[:], root.level
    sys.stderr = screen
    try:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("GUILDHALL_LOG_LEVEL", "DEBUG")
            configure_logs()
            yield
    finally:
        sys.stderr, root.handlers[:] = stderr, handlers
        root.setLevel(level)
        structlog.configure(**before)


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    """All that the house and its libraries log, of every level, as an installation writes it."""
    screen = Screen(is_terminal=False)
    with logging_to(screen):
        yield screen.getvalue


def with_secret(route: str, council: str, secret: str) -> str:
    """Fill a route: the secret in every place that takes any word, and after the question mark."""
    address = "/" + route.replace("<slug:council>", council)
    while "<" in address:
        before, _, rest = address.partition("<")
        kind, _, after = rest.partition(">")
        word = {"uuid": "00000000-0000-0000-0000-000000000001", "int": "1", "slug": "something"}
        address = before + word.get(kind.partition(":")[0], secret) + after
    return f"{address}?key={secret}&secret={secret}&proof={secret}"


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_a_secret_in_an_address_is_never_logged_wherever_the_address_leads(
    council: Council, logged: Callable[[], str]
) -> None:
    secret = secrets.token_urlsafe(24)
    client = FastPathClient(raise_request_exception=False)
    held = [route for route, _, _ in patterns() if "<str:" in route or "<path:" in route]
    for route in [*held, "no/such/address/<str:token>", "<slug:council>/something/<str:token>/further"]:
        for method in ("GET", "POST"):
            client.generic(method, with_secret(route, council.slug, secret))
    assert len(lines(logged())) > 50
    assert secret not in logged()


def test_a_secret_in_an_address_is_never_logged_whatever_breaks(
    council: Council, logged: Callable[[], str], everything_breaks: None
) -> None:
    secret = secrets.token_urlsafe(24)
    client = FastPathClient(raise_request_exception=False)
    held = [
        (route, "GET" if "GET" in methods_of(entry.callback) else "POST")
        for route, _, entry in patterns()
        if find_audience(entry.callback).kind in ("link_holders", "keyholders")
    ]
    for route, method in held:
        assert client.generic(method, with_secret(route, council.slug, secret)).status_code == 500
    told = lines(logged())
    assert sum("Traceback" in str(line.get("exception", "")) for line in told) == len(held)
    assert secret not in logged()
    assert LEFT_OUT in logged()


@pytest.fixture
def everything_breaks() -> Iterator[None]:
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, BREAKS]):
        yield


def test_a_line_about_a_request_names_its_route(council: Council, logged: Callable[[], str]) -> None:
    client, secret = FastPathClient(raise_request_exception=False), secrets.token_urlsafe(24)
    client.get(f"/unsubscribe/{secret}")
    client.get(f"/no/such/address/at/all/{secret}")
    client.get(f"/staff/atlantis?{secret}")
    told = [str(line["event"]) for line in lines(logged()) if line["logger"] == "django.request"]
    assert told == [
        "Not Found: /unsubscribe/<str:token>",
        f"Not Found: {NO_ROUTE}",
        "Not Found: /staff/<slug:council>",
    ]


def test_a_form_that_is_refused_names_its_route(council: Council, logged: Callable[[], str]) -> None:
    client, secret = FastPathClient(enforce_csrf_checks=True), secrets.token_urlsafe(24)
    client.post(f"/account/new-password/{secret}")
    [line] = [line for line in lines(logged()) if line["logger"] == "django.security.csrf"]
    assert line["event"] == "Forbidden (CSRF cookie not set.): /account/new-password/<str:token>"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_traceback_shows_no_values(is_terminal: bool) -> None:
    """Nor at a terminal, where another library would draw it with all that every function knew."""

    def fails(token: str) -> None:
        raise RuntimeError("it broke")

    screen, word = Screen(is_terminal=is_terminal), secrets.token_urlsafe(24)
    with logging_to(screen):
        try:
            fails(word)
        except RuntimeError:
            structlog.get_logger("guildhall").exception("broken")
    assert "it broke" in screen.getvalue()
    assert word not in screen.getvalue()


def test_the_web_server_keeps_no_log_of_addresses() -> None:
    told = [
        ast.unparse(each.value)
        for call in ast.walk(ast.parse(inspect.getsource(web)))
        if isinstance(call, ast.Call)
        for each in call.keywords
        if each.arg == "log_access"
    ]
    assert told == ["False"]


def test_what_is_left_out_is_left_out_however_it_is_spelled_and_only_meanwhile() -> None:
    with unlogged(["a/secret+word", "sixsix", "short", "sixsix/more"]):
        assert without_secrets("a/secret+word a%2Fsecret%2Bword short") == f"{LEFT_OUT} {LEFT_OUT} short"
        assert without_secrets("sixsix/more sixsix") == f"{LEFT_OUT} {LEFT_OUT}"
    assert without_secrets("a/secret+word") == "a/secret+word"
