"""Leaves: the few requests whose rate matters, answered by a plain function before Django looks at them.

A leaf has one address and one method, POST. It gets the request's headers and body, and returns a status and the bytes
of its answer. It has no session, no visitor, no language and no council until it finds out for whom it acts; everything
else goes to Django. Decision 9 says what may be a leaf.
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
    """More was sent than the leaf reads."""


@dataclass(slots=True)
class Asked:
    """A request, as much as a leaf sees of it."""

    environ: Mapping[str, Any]

    @property
    def path(self) -> str:
        return str(self.environ["PATH_INFO"])

    def find_header(self, name: str) -> str | None:
        """Return a header by its name in WSGI: ``HTTP_AUTHORIZATION``."""
        return self.environ.get(name)

    def body(self, *, at_most: int) -> bytes:
        """Return what was sent. Nothing was, where no length is told and the server does not say where it ends.

        :raises BodyTooLarge: more than ``at_most`` bytes.
        """
        told = self.environ.get("CONTENT_LENGTH") or ""
        if not (told.isascii() and told.isdecimal()):
            return self._body_of_unknown_length(at_most)
        length = whole_number(told, most=at_most)
        if length is None:
            raise BodyTooLarge(f"there are more than {at_most} bytes")
        body: bytes = self.environ["wsgi.input"].read(length)
        return body

    def _body_of_unknown_length(self, at_most: int) -> bytes:
        if not self.environ.get("wsgi.input_terminated"):
            return b""
        body: bytes = self.environ["wsgi.input"].read(at_most + 1)
        if len(body) > at_most:
            raise BodyTooLarge(f"more than {at_most} bytes")
        return body


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: a status and JSON."""

    status: int
    body: bytes


Leaf = Callable[[Asked], Told]


def before(django: Application, leaves: Mapping[str, Leaf], *, headers: Headers) -> Application:
    """Return an application that lets each leaf answer a POST to its address, and Django everything else.

    :param headers: what every answer carries.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        leaf = leaves.get(environ["PATH_INFO"])
        if leaf is None or environ["REQUEST_METHOD"] != "POST":
            return django(environ, start_response)
        try:
            told = leaf(Asked(environ))
        finally:
            close_old_connections()  # as Django does after each of its requests
        own = [("Content-Type", "application/json"), ("Content-Length", str(len(told.body)))]
        start_response(_REASONS[told.status], [*own, *headers])
        return [told.body]

    return application
