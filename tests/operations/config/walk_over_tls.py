"""Run in a process of its own, whose settings know an https base URL: open every door, and tell what each answered."""

import json
import sys
from io import BytesIO
from typing import Any

import django
from django.test import RequestFactory
from django.test.utils import setup_test_environment

django.setup()
setup_test_environment()

from tests.fast_path import FastPathClient  # noqa: E402

from guildhall.config.wsgi import application  # noqa: E402

_KEPT = ("secure", "httponly", "samesite", "path", "domain", "max-age")


def walk(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take the steps one after the other with one browser. The request itself is plain: TLS ends before us."""
    browser = FastPathClient(HTTP_HOST="house.example")
    return [_told(step, browser) for step in steps]


def _told(step: dict[str, Any], browser: FastPathClient) -> dict[str, Any]:
    if "half" in step:
        return _told_who_hung_up(step)
    answer = browser.post(step["to"], step["form"]) if "form" in step else browser.get(step["to"])
    given = {name: {part: cookie[part] for part in _KEPT} for name, cookie in answer.cookies.items()}
    return {"to": step["to"], "status": answer.status_code, "headers": dict(answer.headers), "cookies": given}


def _told_who_hung_up(step: dict[str, Any]) -> dict[str, Any]:
    """Send half of a form, past Django's client, which would not; with the cookie for which a form is looked at."""
    half, told = step["half"].encode(), []
    headers = {"host": "house.example", "cookie": f"__Host-csrftoken={'a' * 32}"}
    asked = RequestFactory().post(step["to"], half, "application/x-www-form-urlencoded", headers=headers).environ
    asked |= {"wsgi.input": BytesIO(half), "CONTENT_LENGTH": str(2 * len(half))}
    list(application(asked, lambda *said: told.append(said)))
    status, given = told[-1]
    assert status == "400 Bad Request", status
    return {"to": step["to"], "status": 400, "headers": dict(given), "cookies": {}}


if __name__ == "__main__":
    json.dump(walk(json.load(sys.stdin)), sys.stdout)
