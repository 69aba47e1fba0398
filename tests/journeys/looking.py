"""Looking at a page: what every page promises its visitor, and pictures for the README.

Pictures are taken when TAKE_PICTURES=1 is set.
"""

import os
import re
from pathlib import Path
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def find_barriers(page: Page) -> list[str]:
    """Return what keeps somebody from using the page, in axe's words, each with the element it is about."""
    found = (
        Axe()
        .run(page, options={"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]})
        .response["violations"]
    )
    return [
        f"{page.url} {barrier['id']}: {barrier['help']} – {node['html'][:200]}"
        for barrier in found
        for node in barrier["nodes"]
    ]


def check_page(page: Page, *, meant: str = "") -> None:
    """Hold a page to what every page promises: no barrier, one heading, a title, nothing wider than the screen.

    ``meant`` is a pattern of what looks torn and is not, such as the placeholders of a template being written.
    """
    html = page.content()
    torn = [words for words in TORN.findall(page.locator("body").inner_text()) if not re.fullmatch(meant, words)]
    assert not torn, f"{page.url} shows {torn}"
    assert page.title().strip(), page.url
    assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').count()} first headings"
    assert page.locator("html").get_attribute("lang") in ("en", "cy")
    seen = _mirrored(page, html)
    assert not (barriers := find_barriers(seen)), "\n".join(barriers)
    _fits(seen)


def mirror(page: Page, seen: Page) -> None:
    """Look at ``page``, where scripts are off and axe cannot run, by showing what it shows on another page."""
    _mirrors[page] = seen


_mirrors: WeakKeyDictionary[Page, Page] = WeakKeyDictionary()
# What a page shows where a template went wrong: tags, placeholders, Python.
TORN = re.compile(r"</?[a-z]+(?: [^>]*)?>|%\(\w+\)s|\{\{|Traceback|Undefined|\bNone\b(?! of)")
SCRIPT = re.compile(r"<script\b[^>]*></script>")


def _mirrored(page: Page, html: str) -> Page:
    seen = _mirrors.get(page)
    if seen is None:
        return page
    shown = SCRIPT.sub("", html)
    seen.unroute_all()
    seen.route(lambda url: url == page.url, lambda route: route.fulfill(body=shown, content_type="text/html"))
    seen.goto(page.url, wait_until="load")  # the page as it was seen, with its style sheets from where they are
    return seen


def _fits(page: Page) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= width, f"{page.url} is {needed} pixels wide on a screen of {width}"


def take_picture(page: Page, name: str) -> None:
    """Keep a picture of what the visitor sees, for the README."""
    if os.environ.get("TAKE_PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=PICTURES / f"{name}.png", scale="css")
