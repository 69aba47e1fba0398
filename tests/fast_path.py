"""A test client that takes the fast path too, as the web server does (decision 9)."""

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler

from guildhall.config.fast_path import with_fast_path


class _Handler(ClientHandler):
    """Django's handler for tests, behind the fast path."""

    def __call__(self, environ: dict[str, Any]) -> Any:
        through_django: list[HttpResponseBase] = []
        said: list[Any] = []

        def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            through_django.append(super(_Handler, self).__call__(environ))
            return []

        body = b"".join(with_fast_path(django)(environ, lambda *told: said.append(told)))
        return through_django[0] if through_django else _response(environ, *said[0], body)


def _response(environ: dict[str, Any], status: str, headers: list[tuple[str, str]], body: bytes) -> Any:
    response: Any = HttpResponse(body, status=int(status.split()[0]), headers=dict(headers))
    response.wsgi_request = WSGIRequest(environ)
    return response


class FastPathClient(Client):
    """Django's test client, with the fast path in front."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.handler = _Handler(self.handler.enforce_csrf_checks)
