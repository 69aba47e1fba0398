"""Every view says who may call it. The gate enforces it before the view runs; a test fails on a view that says nothing.

``anyone``        the public
``signed_in``     a person with a session
``officers``      a member of the council in the address with one of the roles, and a second factor
``operators``     people who run the installation, with a second factor
``keyholders``    programs with an API key, which the view's wire module checks itself
``link_holders``  whoever holds a secret that is part of the request
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeVar

from django.http.response import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Kind = Literal["anyone", "signed_in", "officers", "operators", "keyholders", "link_holders"]


class Role(StrEnum):
    """What an officer may do in a council. No role implies another."""

    OWNER = "owner"
    SERVICE_MANAGER = "service_manager"
    CASEWORKER = "caseworker"
    FINANCE_VIEWER = "finance_viewer"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Audience:
    kind: Kind
    roles: frozenset[Role] = frozenset()


def anyone(view: View) -> View:
    """Open the view to the public."""
    return _declare(view, Audience("anyone"))


def signed_in(view: View) -> View:
    """Open the view to people who have signed in; others are asked to."""
    return _declare(view, Audience("signed_in"))


def officers(*roles: Role) -> Callable[[View], View]:
    """Open the view to officers of the council in the address who hold one of ``roles`` (none named: any role)."""
    return lambda view: _declare(view, Audience("officers", frozenset(roles or Role)))


def operators(view: View) -> View:
    """Open the view to the people who run the installation."""
    return _declare(view, Audience("operators"))


def keyholders(view: View) -> View:
    """Open the view to programs; the view's wire module authenticates the key before anything else."""
    return _declare(view, Audience("keyholders"))


def link_holders(view: View) -> View:
    """Open the view to whoever presents the secret in its address."""
    return _declare(view, Audience("link_holders"))


def find_audience(view: Callable[..., Any]) -> Audience | None:
    """Return what the view declared, or None."""
    return getattr(view, "audience", None)


def _declare(view: View, audience: Audience) -> View:
    view.audience = audience  # type: ignore[attr-defined]
    return view
