"""Leaving, and staying."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from guildhall.design.pages.leading import see_other, wanted_page
from guildhall.identity.pages import sessions
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page
from guildhall.kernel.audiences import anyone, signed_in


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. Following a link here only asks: another site must not be able to sign somebody out."""
    if request.method != "POST":
        return show(request, "identity/sign-out.html")
    sessions.sign_out(request)
    return see_other(page("signed-out"))


@anyone
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that the session is over."""
    return show(request, "identity/signed-out.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Begin the hour again, as opening any page does, and say when the session ends now."""
    if wanted_page(request):
        return see_other(wanted_page(request))
    return JsonResponse({"session_ends_at": sessions.get_signed_in(request).ends_at.isoformat()})
