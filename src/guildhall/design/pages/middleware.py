"""What surrounds every request: the visitor's language, headers that keep pages safe, refusals turned into help."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from guildhall.design.forms import TypedTooMuch
from guildhall.design.languages import Text
from guildhall.design.pages import errors
from guildhall.design.pages.policy import headers_of_every_answer
from guildhall.design.pages.speaking import back_to_the_page, find_choice, language_of
from guildhall.design.pages.too_long import too_long
from guildhall.kernel.refusals import Conflict, Forbidden, NotFound, Refused, Unavailable
from guildhall.kernel.tries import LockedOut

LONGEST_ADDRESS, LONGEST_HEADER = 16_000, 8_000

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PAGES_OF_REFUSALS: tuple[tuple[type[Refused], errors.Page], ...] = (
    (NotFound, errors.not_found),
    (Forbidden, errors.forbidden),
    (Conflict, errors.conflict),
    (LockedOut, errors.locked_out),
    (Unavailable, errors.unavailable),
)

_HEADS = {
    414: Text("The address is too long.", "Mae’r cyfeiriad yn rhy hir."),
    431: Text("A header of the request is too long.", "Mae un o benynnau’r cais yn rhy hir."),
}


class SecurityHeaders:
    """Tell browsers what a page of ours may do: nothing inline, nothing from elsewhere, in nobody's frame.

    A view that sets one of these headers itself keeps its own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in headers_of_every_answer().items():
            response.headers.setdefault(name, value)
        if is_a_page(response):
            # A page holds somebody's answers: the next person at a library's computer must not find it.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class BoundedHead:
    """Refuse an address or a header that is longer than any that browsers and programs send, before anybody reads it.

    An address has room for the longest reference that a program may ask for, written as addresses write it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status = self._fault(request)
        if status is None:
            return self.get_response(request)
        words = _HEADS[status]
        return HttpResponse(f"{words.en}\n{words.cy}\n", status=status, content_type="text/plain; charset=utf-8")

    @staticmethod
    def _fault(request: HttpRequest) -> int | None:
        if len(request.path) + len(request.META.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
            return 414
        headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
        return 431 if any(len(value) > LONGEST_HEADER for value in headers) else None


class LanguageMiddleware:
    """Speak the visitor's language for the whole request. Stands after the middleware that knows the visitor."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        if is_a_page(response):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Answer a choice of language. Wire addresses have no such choice: their parameters are their contract's."""
        chosen = find_choice(request)
        return back_to_the_page(request, chosen) if chosen and not is_wire(view) else None


class RefusalPages:
    """Show the page that helps where a page's view lets a refusal, or an answer that is too long, through.

    Wire views have tables of their own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Find no page at a path with the character that no database takes."""
        return errors.not_found(request) if "\x00" in request.path and not is_wire(view) else None

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or is_wire(match.func):
            return None
        if isinstance(problem, TypedTooMuch):
            return too_long(request, problem.form)
        for refusal, page in PAGES_OF_REFUSALS:
            if isinstance(problem, refusal):
                return page(request, problem)
        return None


def is_a_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def is_wire(view: Callable[..., Any]) -> bool:
    """Say whether a view belongs to a wire contract: those live in folders of that name."""
    return ".wire." in view.__module__
