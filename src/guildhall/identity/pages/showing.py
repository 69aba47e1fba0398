"""Answering with a page of identity: some of these pages have a secret in their address."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages import render


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Answer with a page whose address is told to no other site.

    The header says so to everybody (identity contract 11). Alone it would make browsers hide from ourselves where our
    own forms come from, and the check against forged forms would refuse them; ``identity/page.html`` therefore says
    "same-origin" in a meta element, which browsers put in the header's place.
    """
    response = render(request, template, context, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
