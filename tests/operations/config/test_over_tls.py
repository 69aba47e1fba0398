"""Behind a proxy that ends TLS, cookies are for TLS and this host only, and every answer asks for TLS from now on."""

import ast
import base64
import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from tests.architecture.test_the_code import modules
from tests.operations.config.conftest import ROOT, fresh_environment

from guildhall.contact.email_address import EmailAddress
from guildhall.design.assets.manifest import hashed_names
from guildhall.design.build_assets import build_assets
from guildhall.design.pages.policy import HEADERS
from guildhall.identity import operations as identity
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.organisations.queries import Council
from guildhall.pay import operations as pay
from guildhall.pay.testing import make_account, wanted_payment
from guildhall.services.forms import operations as forms

PASSWORD = "correct horse 7"
LOGINS = {"DATABASE_URL": "web", "DATABASE_OWNER_URL": "owner", "DATABASE_WRITER_URL": "writer"}
DJANGOS_OWN = {"session", "csrftoken"}


@pytest.fixture
def told(database: dict[str, str], council: Council) -> list[dict[str, Any]]:
    """Walk through the house as somebody who signs in, answers a form and pays."""
    build_assets()
    email, now = EmailAddress(f"{new_id()}@example.com"), clock.now()
    identity.ensure_person(identity.KnownPerson(email, "Mair Evans", identity.read_password(PASSWORD)), now=now)
    forms.ensure_form("bulky-waste", now=now)
    payment = pay.create_payment(wanted_payment(), account=make_account(), now=now)
    home = f"/{council.slug}"
    steps = [
        {"to": "/"},
        {"to": "/?lang=cy"},
        {"to": "/account/sign-in"},
        {"to": "/account/sign-in", "form": {"email": email, "password": PASSWORD}},
        {"to": "/account"},
        {"to": f"{home}/bulky-waste", "form": {}},
        {"to": f"{home}/bulky-waste/is-it-from-a-home"},
        {"to": f"/secure/{payment.next_url.rpartition('/')[2]}"},
        {"to": "/account/sign-out", "form": {}},
        {"to": f"/assets/{hashed_names()['guildhall.css']}"},
        {"to": "/assets/nothing.css"},
        {"to": "/.well-known/security.txt"},
        {"to": "/nowhere/at/all"},
        {"to": "/healthz"},
        {"to": "/healthz", "form": {}},
        {"to": "/readyz"},
        {"to": "/healthcheck/"},
        {"to": f"/{'x' * 17_000}"},
        {"to": "/account/sign-in", "half": "email=jo"},
        {"to": "/v2/notifications/email", "form": {}},
        {"to": "/v2/notifications"},
        {"to": "/v1/payments"},
    ]
    return walk(steps, database)


def walk(steps: list[dict[str, Any]], database: dict[str, str]) -> list[dict[str, Any]]:
    walker = subprocess.run(
        [sys.executable, "-m", "tests.operations.config.walk_over_tls"],
        input=json.dumps(steps),
        env=fresh_environment()
        | {variable: database[login] for variable, login in LOGINS.items()}
        | {"GUILDHALL_BASE_URL": "https://house.example", "DJANGO_SETTINGS_MODULE": "guildhall.config.settings"}
        | {
            "GUILDHALL_KEY": base64.b64encode(settings.INSTALLATION_KEY).decode(),
            "GUILDHALL_SANDBOX": "1",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert walker.returncode == 0, walker.stderr
    answers: list[dict[str, Any]] = json.loads(walker.stdout)
    return answers


def names_in_the_code() -> set[str]:
    """Find every ``Cookie("name", …)`` of the code, and what comes before the first gap of one that has gaps."""
    calls = [node for _place, tree in modules() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [call.args[0] for call in calls if ast.unparse(call.func) == "Cookie" and call.args]
    return {str(ast.literal_eval(name.values[0] if isinstance(name, ast.JoinedStr) else name)) for name in names}


def test_every_cookie_is_for_tls_and_this_host_only_and_every_answer_asks_for_tls(told: list[dict[str, Any]]) -> None:
    given: dict[str, dict[str, Any]] = {}
    for answer in told:
        assert set(HEADERS) <= set(answer["headers"]), answer
        assert answer["status"] < 500 or answer["to"] == "/readyz", answer
        assert "max-age=63072000" in answer["headers"].get("Strict-Transport-Security", ""), answer
        for name, cookie in answer["cookies"].items():
            given[name] = cookie
            assert name.startswith("__Host-") and cookie["secure"], (name, cookie)
            assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax"), (name, cookie)
            # A cookie that is taken away holds nothing that a script could read.
            assert cookie["httponly"] or cookie["max-age"] == 0, (name, cookie)
    met = {name.removeprefix("__Host-") for name in given}
    wanted = DJANGOS_OWN | names_in_the_code()
    assert all(any(name.startswith(each) for name in met) for each in wanted), (met, wanted)
