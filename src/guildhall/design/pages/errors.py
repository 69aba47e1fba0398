"""Pages for when something cannot be done: each says what happened and what the person can do next.

Titles carry no "Error: " prefix: that is for answers that can be mended on the page.
"""

import logging
import sys
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from guildhall.design.pages.rendering import render
from guildhall.design.pages.speaking import current_language
from guildhall.kernel.limits import Against
from guildhall.kernel.tries import LockedOut

Page = Callable[..., HttpResponse]

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what the browser sent makes no sense."""
    return render(request, "design/errors/bad-request.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the page exists, and is not for this visitor."""
    return render(request, "design/errors/forbidden.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page for this visitor."""
    return render(request, "design/errors/not-found.html", status=404)


def not_open(request: HttpRequest) -> HttpResponse:
    """404: there is no such page, because the council in the address is not open to residents."""
    return render(request, "design/errors/not-open.html", status=404)


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """409: the thing has moved on since the visitor looked."""
    return render(request, "design/errors/conflict.html", status=409)


def locked_out(request: HttpRequest, lock: LockedOut) -> HttpResponse:
    """429: something was tried too often; 503 where it was too much for the installation, whoever tried."""
    status = 503 if lock.against is Against.EVERYBODY else 429
    facts = {"minutes": lock.minutes, "against": str(lock.against)}
    response = render(request, "design/errors/too-many-requests.html", facts, status=status)
    response["Retry-After"] = str(lock.minutes * 60)
    return response


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503: not now; it may work in a minute."""
    response = render(request, "design/errors/unavailable.html", status=503)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form was sent from a page that is too old, or without cookies. Nothing was saved."""
    return render(request, "design/errors/form-expired.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 where the database cannot be reached. Made without the council's looks if need be."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return _without_anything("design/errors/plain.html", 503)
    try:
        return render(request, "design/errors/server-error.html", status=500)
    except Exception:
        log.exception("the page for errors could not be made with the council's looks")
        return _without_anything("design/errors/plain.html", 500)


def _without_anything(template: str, status: int) -> HttpResponse:
    """Answer with a page that needs no request, no session and no database."""
    facts = {"is_unavailable": status == 503, "language": current_language()}
    return HttpResponse(loader.render_to_string(template, facts, using="jinja2"), status=status)
