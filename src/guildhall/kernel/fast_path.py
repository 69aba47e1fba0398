"""The fast path: the few requests whose rate matters, answered by a plain function before Django looks at them.

A fast view has one address and one method, POST. It gets the request's headers and body, and returns a status and JSON.
It has no session, no visitor, no language and no council until it finds out for whom it acts; everything else goes to
Django. Decision 9 says what may be on the fast path.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.client import responses
from typing import Any

from django.db import close_old_connections

from guildhall.kernel.outside import whole_number
from guildhall.kernel.refusals import Invalid

Headers = Sequence[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_REASONS = {int(status): f"{int(status)} {reason}" for status, reason in responses.items()}


class BodyTooLarge(Invalid):
    """The body is larger than the view reads."""


@dataclass(slots=True)
class Request:
    """A request, as much as a fast view sees of it."""

    environ: Mapping[str, Any]

    @property
    def path(self) -> str:
        return str(self.environ["PATH_INFO"])

    def find_header(self, name: str) -> str | None:
        """Return a header by its name in WSGI: ``HTTP_AUTHORIZATION``."""
        return self.environ.get(name)

    def body(self, *, at_most: int) -> bytes:
        """Return the body.

        Empty when the request has no Content-Length and the server does not say where the body ends.

        :raises BodyTooLarge: it has more than ``at_most`` bytes.
        """
        length = self.environ.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdecimal()):
            return self._body_of_unknown_length(at_most)
        number = whole_number(length, most=at_most)
        if number is None:
            raise BodyTooLarge(f"the body has more than {at_most} bytes")
        body: bytes = self.environ["wsgi.input"].read(number)
        return body

    def _body_of_unknown_length(self, at_most: int) -> bytes:
        if not self.environ.get("wsgi.input_terminated"):
            return b""
        body: bytes = self.environ["wsgi.input"].read(at_most + 1)
        if len(body) > at_most:
            raise BodyTooLarge(f"the body has more than {at_most} bytes")
        return body


@dataclass(frozen=True, slots=True)
class Response:
    """A status, and JSON."""

    status: int
    body: bytes


FastView = Callable[[Request], Response]


def before(django: Application, views: Mapping[str, FastView], *, headers: Headers) -> Application:
    """Return an application that lets each fast view answer a POST to its address, and Django everything else.

    :param headers: what every answer carries.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        view = views.get(environ["PATH_INFO"])
        if view is None or environ["REQUEST_METHOD"] != "POST":
            return django(environ, start_response)
        try:
            response = view(Request(environ))
        finally:
            close_old_connections()  # as Django does after each of its requests
        own = [("Content-Type", "application/json"), ("Content-Length", str(len(response.body)))]
        start_response(_REASONS[response.status], [*own, *headers])
        return [response.body]

    return application
