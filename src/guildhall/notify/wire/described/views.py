"""``GET /guildhall/v1/openapi.json``: the message API, described for programs that read descriptions."""

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guildhall.kernel.audiences import anyone
from guildhall.notify.wire.described.paths import describe


@anyone
def description(request: HttpRequest) -> HttpResponse:
    """Return the description of the API that this installation serves."""
    return HttpResponse(msgspec.json.encode(describe(settings.BASE_URL)), content_type="application/json")
