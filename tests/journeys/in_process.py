"""The product running inside the test, for journeys that make their own persons and look into the database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from guildhall.config.leaves import with_leaves
from guildhall.design.build_assets import build_assets
from guildhall.design.translations import compile_translations

Visit = dict[str, Any]
"""How somebody looks at a page: what differs from a wide screen, with scripts, in English."""

VISITS: list[Visit] = [{}, {"javascript": False}, {"width": 320}, {"language": "cy"}]
IN_EACH_WAY = pytest.mark.parametrize("visit", VISITS, ids=["scripts", "no-scripts", "narrow", "welsh"])


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
    server = make_server("127.0.0.1", 0, with_leaves(WSGIHandler()), server_class=_Server, handler_class=_Silent)
    address = f"http://127.0.0.1:{server.server_port}"
    with override_settings(ALLOWED_HOSTS=["*"], BASE_URL=address):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()
