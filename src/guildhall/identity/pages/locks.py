"""The page for somebody who tried too often. It is the same whether or not the account exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildhall.identity.domain.tries import Action, limit_on
from guildhall.identity.operations import LockedOut
from guildhall.identity.pages.showing import show

View = Callable[..., HttpResponse]


def mind_the_lock(view: View) -> View:
    """Show how long to wait where the view is refused because something was tried too often."""

    @wraps(view)
    def minded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LockedOut as lock:
            minutes = int(limit_on(lock.action).locked_for.total_seconds()) // 60
            shown = {"minutes": minutes, "a_new_password_unlocks": lock.action is Action.GIVE_PASSWORD}
            response = show(request, "identity/locked.html", shown, status=429)
            response.headers["Retry-After"] = str(minutes * 60)
            return response

    return minded
