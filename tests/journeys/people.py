"""People of the sandbox, and what they do alike: sign in, go on to the next page."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyotp
from playwright.sync_api import Page, expect

STEP = 30


@dataclass(frozen=True)
class Officer:
    """Somebody of the sandbox council who has signed in, and can sit down at any screen."""

    cookies: dict[str, Any]
    open_page: Callable[..., Page]

    def new_page(self, **how: Any) -> Page:
        """Open a page where this officer is signed in."""
        return self.open_page(cookies=self.cookies, **how)


def go_on(page: Page) -> None:
    """Press the first button of the page's form: "Continue", "Send", whatever it says."""
    page.locator("main form .govuk-button:not(.govuk-button--secondary)").first.click()
    page.wait_for_load_state()


def sign_in(page: Page, base_url: str, person: dict[str, Any]) -> None:
    """Sign in with password and authenticator app, as somebody of the sandbox."""
    page.goto(f"{base_url}/account/sign-in")
    page.get_by_label("Email address").fill(person["email"])
    page.get_by_label("Password", exact=True).fill(person["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_title(re.compile("Enter your security code"))
    page.get_by_label("Security code").fill(fresh_code(person["totp_secret"]))
    page.get_by_role("button", name="Continue").click()
    expect(page).not_to_have_title(re.compile("security code"))


_used: dict[str, int] = {}


def fresh_code(secret: str) -> str:
    """Return a code of the app that was not used before: each works once, so the second sign-in of a step must wait."""
    while _used.get(secret) == int(time.time()) // STEP:
        time.sleep(0.5)
    _used[secret] = int(time.time()) // STEP
    return pyotp.TOTP(secret).now()
