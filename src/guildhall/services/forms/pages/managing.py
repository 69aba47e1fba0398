"""The forms of a council as its service managers see them: bring one in, look at it, put it online, take it off."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, methods, officers
from guildhall.kernel.ids import PersonId
from guildhall.kernel.visitor import Visitor
from guildhall.services.forms import operations, queries

MAY_MANAGE = (Role.OWNER, Role.SERVICE_MANAGER)


@officers(*MAY_MANAGE)
def forms(request: HttpRequest, council: str) -> HttpResponse:
    """List every version of every form."""
    return render(request, "forms/staff/list.html", {"versions": queries.list_versions()})


@officers(*MAY_MANAGE)
def version(request: HttpRequest, council: str, version: UUID) -> HttpResponse:
    """Show one version: what stands in its way, and what can be done with it."""
    context = {"version": queries.get_version(version), "opinion": operations.review(version)}
    return render(request, "forms/staff/version.html", context)


@methods("POST")
@officers(*MAY_MANAGE)
def publish(request: HttpRequest, council: str, version: UUID) -> HttpResponse:
    """Put a version online."""
    try:
        operations.publish(version, actor=actor_of(request), now=clock.now())
    except operations.NotFitToPublish:
        context = {
            "version": queries.get_version(version),
            "opinion": operations.review(version),
            "problems": [{"text": _("Mend what stands in the way before you publish"), "href": "#errors"}],
        }
        return render(request, "forms/staff/version.html", context)
    return _back_to(council, version)


@methods("POST")
@officers(*MAY_MANAGE)
def archive(request: HttpRequest, council: str, version: UUID) -> HttpResponse:
    """Take a version offline, or throw a draft away."""
    operations.archive(version, actor=actor_of(request), now=clock.now())
    return _back_to(council, version)


def actor_of(request: HttpRequest) -> PersonId | None:
    """Return who is asking; the gate lets nobody in who has not signed in."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    return visitor.person_id


def _back_to(council: str, version: UUID) -> HttpResponse:
    return lead_to(reverse("forms:version", args=[council, version]))
