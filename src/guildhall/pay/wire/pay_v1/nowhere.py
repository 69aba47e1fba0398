"""The last word under ``/v1``: what no module serves there is not found, in JSON, whoever asks and by whatever method.

``config/urls.py`` puts it after every module that may serve something under ``/v1``.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from guildhall.kernel.audiences import EVERY_METHOD, anyone, exempt_from_csrf, methods
from guildhall.pay.wire.pay_v1.answers import error_answer
from guildhall.pay.wire.pay_v1.refusals import NOWHERE


@exempt_from_csrf("programs call, and nothing is changed")
@anyone
@methods(*EVERY_METHOD)
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for an address that leads nowhere."""
    return error_answer(NOWHERE)


urlpatterns = [path("v1", nowhere), path("v1/", nowhere), path("v1/<path:rest>", nowhere)]
