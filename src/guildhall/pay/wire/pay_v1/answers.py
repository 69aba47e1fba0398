"""Answers in JSON, which nobody may keep."""

from typing import Any

import msgspec
from django.http import HttpResponse

from guildhall.pay.wire.pay_v1.refusals import UNAUTHORISED, WireError

_NOT_KEPT = {"Pragma": "no-cache", "Cache-Control": "no-store"}


def json_answer(body: Any, *, status: int, **headers: str) -> HttpResponse:
    """Answer with a body; nothing on the way may store it."""
    return HttpResponse(
        msgspec.json.encode(body), status=status, content_type="application/json", headers=_NOT_KEPT | headers
    )


def error_answer(error: WireError) -> HttpResponse:
    """Answer with an error."""
    headers = {"WWW-Authenticate": "Bearer"} if error is UNAUTHORISED else {}
    return json_answer(error.body(), status=error.status, **headers)
