"""Walking every page that links lead to: one page of each kind, however many things it is about."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from playwright.sync_api import Page

# What tells one thing from another of its kind: names of services, ids, references, signed links, numbers.
PARTICULAR = re.compile(
    r"(?<=^/operator)/[a-z0-9-]+"
    r"|(?<=/messages)/[a-z0-9-]+"
    r"|/(?:[0-9a-f]{8}-[0-9a-f-]{27,}[^/]*|[A-Z0-9]{8}|[0-9a-z]{26}|\d+|[\w.~-]{40,})(?=/|$)"
)
NO_PAGES = re.compile(r"\.(?:csv|html|jsonl?|css|js|png|svg|pdf)$|/(?:sign-out|stay-signed-in|download)$")


def walk_every_page(page: Page, starts: Iterable[str], within: str, look: Callable[[Page], None]) -> set[str]:
    """Look at one page of each kind that links lead to from ``starts`` under ``within``; return the kinds."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        address = urldefrag(waiting.pop(0)).url
        if address.startswith(within) and kind_of(address) not in seen and _is_page(address):
            seen.add(kind_of(address))
            waiting += _visit(page, address, look)
    return seen


def kind_of(address: str) -> str:
    """Return what an address has in common with those of other things of its kind."""
    parts = urlsplit(address)
    asked = sorted({name for name, _value in parse_qsl(parts.query)})
    return PARTICULAR.sub("/*", parts.path) + ("?" + "&".join(asked) if asked else "")


def _is_page(address: str) -> bool:
    """Say whether an address is a page to look at; the language switch only leads to the same page."""
    parts = urlsplit(address)
    return not NO_PAGES.search(parts.path) and "lang" not in dict(parse_qsl(parts.query))


def _visit(page: Page, address: str, look: Callable[[Page], None]) -> list[str]:
    """Look at a page, and return where its links lead."""
    answer = page.goto(address)
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return []
    assert answer.status < 400, f"{address} answers {answer.status}"
    look(page)
    links: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [urljoin(page.url, link) for link in links]
