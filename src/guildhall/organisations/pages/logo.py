"""A council's logo, at an address that changes when the logo does."""

from django.http import HttpRequest, HttpResponse

from guildhall.kernel.audiences import anyone
from guildhall.organisations.queries import get_logo

ONE_YEAR = "public, max-age=31536000, immutable"


@anyone
def logo(request: HttpRequest, council: str) -> HttpResponse:
    """Return the picture."""
    return HttpResponse(get_logo(), content_type="image/png", headers={"Cache-Control": ONE_YEAR})
