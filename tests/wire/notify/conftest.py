"""A council whose programs send messages, and a server for the official client."""

import json
import socketserver
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.db import connections
from django.test import Client

from guildhall.config.wsgi import application
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


class Api:
    """Raw requests, with any header and any body."""

    def __init__(self, client: Client, sender: Sender, more_headers: dict[str, str] | None = None) -> None:
        self._client, self._sender, self._more_headers = client, sender, more_headers or {}

    def named(self, name: str) -> "Api":
        """Give the requests that follow a name: the same one again changes nothing."""
        return Api(self._client, self._sender, {"Idempotency-Key": name})

    def post(self, path: str, body: object = None, *, kind: KeyKind = KeyKind.LIVE, bearer: str | None = None) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return self._client.post(path, content, content_type="application/json", headers=self._headers(kind, bearer))

    def get(self, path: str, *, kind: KeyKind = KeyKind.LIVE, bearer: str | None = None) -> Any:
        return self._client.get(path, headers=self._headers(kind, bearer))

    def send_email(self, kind: KeyKind = KeyKind.LIVE, **changes: object) -> Any:
        body = {"email_address": "jo@example.com", "template_id": str(self._sender.email)}
        body |= {"personalisation": {"name": "Jo", "thing": "sofa"}}  # type: ignore[dict-item]
        return self.post("/v2/notifications/email", _without_none(body | changes), kind=kind)

    def send_text(self, kind: KeyKind = KeyKind.LIVE, **changes: object) -> Any:
        body = {"phone_number": "07700 900123", "template_id": str(self._sender.text)}
        body |= {"personalisation": {"name": "Jo"}}  # type: ignore[dict-item]
        return self.post("/v2/notifications/sms", _without_none(body | changes), kind=kind)

    def _headers(self, kind: KeyKind, bearer: str | None) -> dict[str, str]:
        shown = self._sender.bearer(kind) if bearer is None else bearer
        return ({"Authorization": shown} if shown else {}) | self._more_headers


def _without_none(body: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if value is not ...}


@pytest.fixture
def api(client: Client, sender: Sender) -> Api:
    return Api(client, sender)


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def server(database: dict[str, str]) -> Iterator[str]:
    """The application behind a real socket, for clients that speak HTTP."""
    with _Server(("127.0.0.1", 0), _Quiet) as listening:
        listening.set_app(application)
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
