"""Where a visitor may be sent. Every redirect of ours is made here; a test keeps others from making their own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from guildhall.design.domain.local_address import local_address
from guildhall.design.pages.words import in_address

LONGEST = 2_000


def wanted_page(request: HttpRequest) -> str:
    """Return the page of this house that ``?next=`` names; nothing where it names another site or makes no sense."""
    return local_address(in_address(request, "next", longest=LONGEST)) or ""


def path_of(request: HttpRequest) -> str:
    """Return the path of this page as a link may carry it: two slashes at its beginning would name another host."""
    return escape_leading_slashes(escape_uri_path(request.path))


def lead_to(address: str, *, otherwise: str = "/") -> HttpResponse:
    """Lead to a page of this house: a path, or a whole address that begins with the base URL.

    An address that is neither leads to ``otherwise``: part of it may be what somebody typed.
    """
    return HttpResponseRedirect(_in_this_house(address) or otherwise)


def see_other(address: str) -> HttpResponse:
    """Do the same after a form, as HTTP has it: the browser asks with GET, so that reloading sends no form again."""
    return _with_get(lead_to(address))


def lead_to_page(name: str, *, done: str = "", **names: str) -> HttpResponse:
    """Lead to a page by its name; ``done`` is what was done, so that the page says it."""
    return lead_to(reverse(name, kwargs=names) + (f"?done={done}" if done else ""))


def lead_away(address: str) -> HttpResponse:
    """Lead to another site, whose address an authenticated program gave, byte for byte. Never to what a visitor typed.

    Where the form before it is on a page of ours, that page must name the site (``let_the_form_lead_to``).
    """
    return _with_get(HttpResponseRedirect(address))


def _in_this_house(address: str) -> str | None:
    path = address.removeprefix(settings.BASE_URL)
    local = local_address(path)
    return None if local is None else address[: len(address) - len(path)] + local


def _with_get(response: HttpResponse) -> HttpResponse:
    response.status_code = 303
    return response
