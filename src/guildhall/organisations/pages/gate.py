"""The gate: nobody enters a page that does not say they may, and inside everything is done for one council.

Every view declares its audience (``kernel.audiences``). Before the view runs, the gate checks it, and where the address
names a council it leaves on the request:

``request.council``   the council in the address (``queries.Council``)
``request.roles``     the visitor's roles there; empty for somebody who does not work there

Public pages of a council that is not open are for its team alone, who see it in its own words.

and acts for that council until the answer is made. There is no "current council" in a session: an officer of two
councils works for the one in the address.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse

from guildhall.design.pages import errors
from guildhall.design.pages.leading import lead_to
from guildhall.kernel.audiences import Audience, Role, find_audience, is_of_any_council, methods_of
from guildhall.kernel.ids import PersonId
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.unlogged import unlogged
from guildhall.kernel.visitor import NOBODY, Visitor
from guildhall.organisations import queries
from guildhall.organisations.domain.councils import Kind
from guildhall.organisations.queries import Council

View = Callable[..., Any]


class NoAudience(Exception):
    """A view does not say who may call it, so nobody may: a bug in the view."""


class Gate:
    """Check every view's audience, and act for the council in the address. Stands last of all middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as until_answered:
            request.until_answered = until_answered  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let the visitor through (None), or answer in the view's place."""
        audience = find_audience(view)
        if audience is None:
            raise NoAudience(f"{view.__module__}.{view.__qualname__} does not say who may call it")
        request.until_answered.enter_context(unlogged(_secrets_in_address(request, audience, kwargs)))  # type: ignore[attr-defined]
        if "council" in kwargs and not _enter(request, kwargs["council"]):
            return errors.not_found(request)
        return (
            _CHECKS[audience.kind](request, audience)
            or _check_open(request, audience, view)
            or _check_method(request, audience, methods_of(view))
        )


def council_at(request: HttpRequest) -> Council:
    """Return the council in the address, for a view whose address has one."""
    return cast(Council, request.council)  # type: ignore[attr-defined]


def visitor_at(request: HttpRequest) -> Visitor:
    """Return who is asking."""
    return getattr(request, "visitor", NOBODY)


def person_at(request: HttpRequest) -> PersonId:
    """Return the person who is asking, for a view that only people with a session reach."""
    person_id = visitor_at(request).person_id
    if person_id is None:
        raise NoAudience("this view is open to people without a session, and asks who they are")
    return person_id


def roles_at(request: HttpRequest) -> frozenset[Role]:
    """Return the visitor's roles in the council in the address."""
    return cast(frozenset[Role], request.roles)  # type: ignore[attr-defined]


def let_in_operators(request: HttpRequest) -> HttpResponseBase | None:
    """Let an operator through (None), or answer in the view's place: for a view that is not always theirs alone."""
    return _operators(request, Audience("operators"))


def _secrets_in_address(request: HttpRequest, audience: Audience, kwargs: dict[str, Any]) -> list[str]:
    """Return what the logs may not repeat: the link's own words, and all that is asked after the question mark."""
    asked = [value for values in request.GET.lists() for value in values[1]] if request.META["QUERY_STRING"] else []
    held = [word for word in kwargs.values() if isinstance(word, str)] if audience.kind == "link_holders" else []
    return [*asked, *(word for word in held if word not in (kwargs.get("council"), kwargs.get("slug")))]


def _enter(request: HttpRequest, slug: str) -> bool:
    try:
        council = queries.get_council(slug)
    except queries.CouncilNotFound:
        return False
    if council.kind == Kind.PLATFORM:
        return False
    request.until_answered.enter_context(acting_for(council.id))  # type: ignore[attr-defined]
    roles = _roles(request)
    request.council = council.to_its_team() if roles else council  # type: ignore[attr-defined]
    request.roles = roles  # type: ignore[attr-defined]
    return True


def _roles(request: HttpRequest) -> frozenset[Role]:
    person_id = visitor_at(request).person_id
    membership = queries.find_membership(person_id) if person_id else None
    return membership.roles if membership else frozenset()


def _anybody(request: HttpRequest, audience: Audience) -> HttpResponseBase | None:
    return None


def _signed_in(request: HttpRequest, audience: Audience) -> HttpResponseBase | None:
    return None if visitor_at(request).is_signed_in else _sign_in_first(request)


def _officers(request: HttpRequest, audience: Audience) -> HttpResponseBase | None:
    if not visitor_at(request).is_signed_in:
        return _sign_in_first(request)
    if roles_at(request).isdisjoint(audience.roles_for(request.method)):
        return errors.forbidden(request)
    return _with_second_factor(request)


def _operators(request: HttpRequest, audience: Audience) -> HttpResponseBase | None:
    if not visitor_at(request).is_signed_in:
        return _sign_in_first(request)
    if not queries.is_operator(person_at(request)):
        return errors.forbidden(request)
    return _with_second_factor(request)


def _check_method(request: HttpRequest, audience: Audience, answered: frozenset[str]) -> HttpResponseBase | None:
    """Refuse a method that the view does not answer. Wire views do so themselves, in their contract's words."""
    if audience.kind == "keyholders" or request.method in answered:
        return None
    return HttpResponseNotAllowed(sorted(answered))


def _check_open(request: HttpRequest, audience: Audience, view: View) -> HttpResponseBase | None:
    """Keep residents out of a council that is not open."""
    if audience.kind not in ("anyone", "link_holders") or is_of_any_council(view) or not hasattr(request, "council"):
        return None
    return None if council_at(request).is_open or roles_at(request) else errors.not_open(request)


def _with_second_factor(request: HttpRequest) -> HttpResponseBase | None:
    return None if visitor_at(request).has_second_factor else _by_way_of("identity:prove-more", request)


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    return _by_way_of("identity:sign-in", request)


def _by_way_of(page: str, request: HttpRequest) -> HttpResponseBase:
    """Lead to one of identity's pages, and from there back to the page that was asked for."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return lead_to(f"{reverse(page)}?{urlencode({'next': back})}")


_CHECKS: dict[str, Callable[[HttpRequest, Audience], HttpResponseBase | None]] = {
    "anyone": _anybody,
    "keyholders": _anybody,
    "link_holders": _anybody,
    "signed_in": _signed_in,
    "officers": _officers,
    "operators": _operators,
}
