"""A council's logo, at an address that changes when the logo does."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages.views import how_long_kept
from guildhall.kernel.audiences import anyone
from guildhall.organisations.pages.gate import council_at
from guildhall.organisations.queries import get_logo


@anyone
def logo(request: HttpRequest, council: str) -> HttpResponse:
    """Return the picture."""
    return HttpResponse(
        get_logo(), content_type="image/png", headers={"Cache-Control": how_long_kept(council_at(request))}
    )
