"""Leaving, and staying."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from guildhall.design.pages.leading import see_other, wanted_page
from guildhall.identity.pages import sessions
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page
from guildhall.kernel.audiences import anyone, methods, signed_in


@anyone
@methods("GET", "HEAD", "POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. Following a link here only asks: another site must not be able to sign somebody out."""
    if request.method != "POST":
        return show(request, "identity/sign-out.html")
    sessions.sign_out(request)
    return see_other(page("signed-out"))


@anyone
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that the session is over."""
    return show(request, "identity/signed-out.html")


@signed_in
@methods("GET", "HEAD", "POST")
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Begin the hour again, as opening any page does, and say when the session ends now."""
    if wanted_page(request):
        return see_other(wanted_page(request))
    return JsonResponse({"session_ends_at": sessions.get_signed_in(request).ends_at.isoformat()})
