"""The page for somebody who tried an account too often. It is the same whether or not the account exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildhall.identity.domain.tries import Action
from guildhall.identity.operations import LockedOut
from guildhall.identity.pages.showing import show
from guildhall.kernel.limits import Against

View = Callable[..., HttpResponse]


def mind_the_lock(view: View) -> View:
    """Show how long to wait where an account was tried too often, and the way past it.

    What a network or a mailbox has used up is said by the page that every module has for it.
    """

    @wraps(view)
    def minded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LockedOut as lock:
            if lock.against is not Against.THING:
                raise
            shown = {
                "minutes": lock.minutes,
                "against": str(lock.against),
                "a_new_password_unlocks": lock.counted.action == Action.GIVE_PASSWORD,
            }
            response = show(request, "identity/locked.html", shown, status=429)
            response.headers["Retry-After"] = str(lock.minutes * 60)
            return response

    return minded
