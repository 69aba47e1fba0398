"""Every view says who may call it and how. The gate enforces it before the view runs; a test fails on a silent one.

``anyone``        the public
``signed_in``     a person with a session
``officers``      a member of the council in the address with one of the roles, and a second factor
``operators``     people who run the installation, with a second factor
``keyholders``    programs with an API key, which the view's wire module checks itself
``link_holders``  whoever holds a secret that is part of the request

In a council's addresses ``anyone`` and ``link_holders`` are let in only while it is open to residents, unless the view
is ``of_any_council``.

A view answers GET and HEAD unless it says more with ``methods``. A form that is sent to it carries a token against
forgery unless ``exempt_from_csrf`` says why it cannot. ``tests/architecture/addresses.csv`` has all of it in a table.
"""

from collections.abc import Callable, Iterable
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
    """Who may call a view. ``posting`` are those of the ``roles`` who may also send its form."""

    kind: Kind
    roles: frozenset[Role] = frozenset()
    posting: frozenset[Role] = frozenset()

    def roles_for(self, method: str | None) -> frozenset[Role]:
        """Return the roles that open the view to a method."""
        return self.roles if method in SAFE_METHODS else self.posting


SAFE_METHODS = ("GET", "HEAD")
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def anyone(view: View) -> View:
    """Open the view to the public."""
    return _declare(view, Audience("anyone"))


def signed_in(view: View) -> View:
    """Open the view to people who have signed in; others are asked to."""
    return _declare(view, Audience("signed_in"))


def officers(*roles: Role, posting: Iterable[Role] = ()) -> Callable[[View], View]:
    """Open the view to officers of the council in the address who hold one of ``roles`` (none named: any role).

    Where fewer may send its form than may look at it, ``posting`` names them.
    """
    may_look = frozenset(roles or Role)
    return lambda view: _declare(view, Audience("officers", may_look, frozenset(posting) or may_look))


def operators(view: View) -> View:
    """Open the view to the people who run the installation."""
    return _declare(view, Audience("operators"))


def keyholders(view: View) -> View:
    """Open the view to programs; the view's wire module authenticates the key before anything else."""
    return _declare(view, Audience("keyholders"))


def link_holders(view: View) -> View:
    """Open the view to whoever presents the secret in its address."""
    return _declare(view, Audience("link_holders"))


def of_any_council(view: View) -> View:
    """Open a view of a council that is not open too: strangers learn nothing of the council there.

    It shows what somebody had begun or been sent before: what is in hand when a council is taken off is finished.
    """
    view.is_of_any_council = True  # type: ignore[attr-defined]
    return view


def methods(*answered: str) -> Callable[[View], View]:
    """Say which methods the view answers. Others are refused with 405."""

    def declare(view: View) -> View:
        view.methods = frozenset(answered)  # type: ignore[attr-defined]
        return view

    return declare


def exempt_from_csrf(because: str) -> Callable[[View], View]:
    """Take forms for the view without a token against forgery, and say why that is safe."""

    def declare(view: View) -> View:
        view.csrf_exempt = True  # type: ignore[attr-defined]
        view.csrf_exempt_because = because  # type: ignore[attr-defined]
        return view

    return declare


def methods_of(view: Callable[..., Any]) -> frozenset[str]:
    """Return the methods that the view answers."""
    return getattr(view, "methods", frozenset(SAFE_METHODS))


def is_of_any_council(view: Callable[..., Any]) -> bool:
    """Return whether the view is shown of councils that are not open."""
    return getattr(view, "is_of_any_council", False)


def find_audience(view: Callable[..., Any]) -> Audience | None:
    """Return what the view declared, or None."""
    return getattr(view, "audience", None)


def _declare(view: View, audience: Audience) -> View:
    view.audience = audience  # type: ignore[attr-defined]
    return view
