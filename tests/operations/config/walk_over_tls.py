"""Run in a process of its own, whose settings know an https base URL: open every door, and tell what each answered."""

import json
import sys
from typing import Any

import django
from django.test.utils import setup_test_environment

django.setup()
setup_test_environment()

from tests.fast_path import FastPathClient  # noqa: E402

_KEPT = ("secure", "httponly", "samesite", "path", "domain", "max-age")


def walk(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take the steps one after the other with one browser. The request itself is plain: TLS ends before us."""
    browser = FastPathClient(HTTP_HOST="house.example")
    return [_told(step, browser) for step in steps]


def _told(step: dict[str, Any], browser: FastPathClient) -> dict[str, Any]:
    answer = browser.post(step["to"], step["form"]) if "form" in step else browser.get(step["to"])
    given = {name: {part: cookie[part] for part in _KEPT} for name, cookie in answer.cookies.items()}
    return {"to": step["to"], "status": answer.status_code, "headers": dict(answer.headers), "cookies": given}


if __name__ == "__main__":
    json.dump(walk(json.load(sys.stdin)), sys.stdout)
