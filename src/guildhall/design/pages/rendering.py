"""How a view answers with a page.

    return render(request, "cases/case.html", {"case": case})

Templates extend ``design/page.html`` (for residents) or ``design/staff.html`` (for officers). A form in the context
under the name ``form``, or problems under ``problems``, give the page its error summary and its "Error: " title.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Answer with a page in the visitor's language and the council's looks."""
    return HttpResponse(loader.render_to_string(template, dict(context or {}), request, using="jinja2"), status=status)
