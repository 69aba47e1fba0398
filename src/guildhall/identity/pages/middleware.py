"""Who is at the door: every request gets its visitor before anything else looks at it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.identity.pages import sessions
from guildhall.identity.pages.known_browsers import remember_who_signed_in
from guildhall.kernel import clock


class VisitorMiddleware:
    """Set ``request.visitor`` and ``request.session_ends_at`` from the session.

    A request without a session cookie costs no look at the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.visitor = sessions.recognise(request, now=clock.now())  # type: ignore[attr-defined]
        signed_in = sessions.find_signed_in(request)
        request.session_ends_at = signed_in.ends_at if signed_in else None  # type: ignore[attr-defined]
        response = self.get_response(request)
        remember_who_signed_in(request, response)
        return response
