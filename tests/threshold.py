"""What lets thousands of requests be tried at the gate: no view runs behind it, and its own pages are one line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.test import override_settings
from jinja2 import DictLoader
from jinja2.utils import LRUCache

LET_IN = 299
FORM_EXPIRED = "this form has no token"
_PAGES = {
    "design/errors/forbidden.html": "forbidden",
    "design/errors/not-found.html": "not found",
    "design/errors/form-expired.html": FORM_EXPIRED,
}


class Threshold:
    """Middleware that stands after the gate and answers 299 in the place of every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse:
        return HttpResponse(status=LET_IN)


@contextmanager
def nothing_behind_the_gate() -> Iterator[None]:
    """Let the gate answer as ever, with a line for a page, and nothing happen to those it lets in."""
    pages = engines["jinja2"].env  # type: ignore[attr-defined]
    loader, pages.loader = pages.loader, DictLoader(_PAGES)
    compiled, pages.cache = pages.cache, LRUCache(len(_PAGES))
    try:
        with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.{Threshold.__name__}"]):
            yield
    finally:
        pages.loader, pages.cache = loader, compiled
