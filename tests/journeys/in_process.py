"""The product running inside the test, for journeys that make their own persons and look into the database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Page

from guildhall.config.fast_path import with_fast_path
from guildhall.design.build_assets import build_assets
from guildhall.design.translations import compile_translations

Visit = dict[str, Any]
"""How somebody looks at a page: what differs from a wide screen, with scripts, in English."""

VISITS: list[Visit] = [{}, {"javascript": False, "width": 320, "language": "cy"}]
IN_BOTH_WAYS = pytest.mark.parametrize("visit", VISITS, ids=["at-a-desk", "on-a-phone-in-welsh-without-scripts"])
"""At a desk, and in everything different from it. The main job is also walked with fewer differences at once."""


class _Silent(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def running_here() -> Iterator[str]:
    """Serve the product from this process, on the test's database; give its address."""
    build_assets()
    compile_translations()
    server = make_server("127.0.0.1", 0, with_fast_path(WSGIHandler()), server_class=_Server, handler_class=_Silent)
    address = f"http://127.0.0.1:{server.server_port}"
    with override_settings(ALLOWED_HOSTS=["*"], BASE_URL=address):
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield address
        server.shutdown()


def be_known(page: Page, address: str, visit: Visit, session: str = "") -> None:
    """Let a page speak the visit's language, and be somebody's who has signed in."""
    cookies = {"guildhall_language": visit.get("language", "en"), settings.SESSION_COOKIE_NAME: session}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items() if value]
    )
