"""Middleware for tests, after the gate, in which everything breaks and says about what."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Breaks:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponseBase:
        raise RuntimeError(f"nothing works: {request.get_full_path()} {kwargs} {dict(request.GET)}")
