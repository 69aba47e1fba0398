"""The one address of design's own: a council's colours as a style sheet, because pages may carry no inline style."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.domain.contrast import parse_colour
from guildhall.design.pages.facts import BrandedCouncil, council_of
from guildhall.kernel.audiences import anyone

ONE_YEAR = "public, max-age=31536000, immutable"


def how_long_kept(council: BrandedCouncil | None) -> str:
    """Return how long browsers keep what an address with a version gives. Nobody keeps what is not public."""
    return ONE_YEAR if council and council.is_open else "private, no-store"


@anyone
def theme(request: HttpRequest, council: str) -> HttpResponse:
    """Return the council's colour as the style sheet's custom properties. Its address changes when the colour does."""
    found = council_of(request)
    # Parsed again so that nothing but a colour can ever enter the style sheet.
    rules = f":root {{ --council-colour: {parse_colour(found.brand.colour)}; }}\n" if found else ""
    return HttpResponse(rules, content_type="text/css; charset=utf-8", headers={"Cache-Control": how_long_kept(found)})
