"""Answers in JSON, which nobody may keep."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import HttpResponse

from guildhall.pay.wire.pay_v1.refusals import UNAUTHORISED, WRONG_METHOD, WireError

_NOT_KEPT = {"Pragma": "no-cache", "Cache-Control": "no-store"}


def json_answer(body: Any, *, status: int, **headers: str) -> HttpResponse:
    """Answer with a body; nothing on the way may store it."""
    return HttpResponse(
        msgspec.json.encode(body), status=status, content_type="application/json", headers=_NOT_KEPT | headers
    )


def error_answer(error: WireError, *, may_be: Iterable[str] = ()) -> HttpResponse:
    """Answer with an error. ``may_be`` are the methods that the address knows."""
    headers = {"WWW-Authenticate": "Bearer"} if error is UNAUTHORISED else {}
    if error is WRONG_METHOD:
        headers = {"Allow": ", ".join(sorted(may_be))}
    return json_answer(error.body(), status=error.status, **headers)
