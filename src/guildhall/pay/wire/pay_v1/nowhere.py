"""The last word under ``/v1``: what no module serves there is not found, in JSON, whoever asks and by whatever method.

``config/urls.py`` puts it after every module that may serve something under ``/v1``.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from guildhall.kernel.audiences import anyone
from guildhall.pay.wire.pay_v1.answers import error_answer
from guildhall.pay.wire.pay_v1.refusals import NOWHERE


@csrf_exempt
@anyone
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for an address that leads nowhere."""
    return error_answer(NOWHERE)


urlpatterns = [path("v1", nowhere), path("v1/", nowhere), path("v1/<path:rest>", nowhere)]
