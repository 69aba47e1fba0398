"""The page for somebody who tried too often. It is the same whether or not the account exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages import render
from guildhall.identity.operations import LockedOut

View = Callable[..., HttpResponse]

MINUTES = 15


def mind_the_lock(view: View) -> View:
    """Show how long to wait where the view is refused because something was tried too often."""

    @wraps(view)
    def minded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LockedOut:
            response = render(request, "identity/locked.html", {"minutes": MINUTES}, status=429)
            response.headers["Retry-After"] = str(MINUTES * 60)
            return response

    return minded
