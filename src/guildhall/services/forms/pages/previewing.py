"""Walking through a version as a resident would, without submitting anything."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages.leading import lead_to
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.services.forms import operations, queries
from guildhall.services.forms.pages import walking
from guildhall.services.forms.pages.guidance import guidance_html
from guildhall.services.forms.pages.managing import MAY_MANAGE
from guildhall.services.forms.pages.place import Place
from guildhall.services.forms.queries import DraftView

View = Callable[..., HttpResponse]

reads_and_writes = methods("GET", "HEAD", "POST")


@reads_and_writes
@officers(*MAY_MANAGE)
def start(request: HttpRequest, council: str, version: UUID) -> HttpResponse:
    """Show the start page, and begin."""
    previewed = queries.get_version(version)
    place = Place(council, previewed.service.slug, previewed.definition.title, version)
    if request.method == "POST":
        new = operations.NewDraft(previewed.service.id, version, is_preview=True)
        response = lead_to(place.page(previewed.definition.pages[0]))
        place.remember(response, operations.start_draft(new, now=clock.now()))
        return response
    context = {"introduction": guidance_html(previewed.definition.introduction)}
    return walking.show(request, place, "forms/start.html", context)


def on_a_preview(view: View) -> View:
    """Hand a view the place and the answers of a preview; lead anybody without any to its start."""

    @wraps(view)
    def found(request: HttpRequest, council: str, version: UUID, **more: Any) -> HttpResponse:
        previewed = queries.get_version(version)
        place = Place(council, previewed.service.slug, previewed.definition.title, version)
        draft = queries.find_draft(place.token_of(request), now=clock.now())
        if draft is None or draft.version_id != version or not draft.is_preview:
            return lead_to(place.start)
        return view(request, place, draft, **more)

    return found


@reads_and_writes
@officers(*MAY_MANAGE)
@on_a_preview
def page(request: HttpRequest, place: Place, draft: DraftView, slug: str) -> HttpResponse:
    """Ask the questions of a page, one after the other."""
    return walking.answer(request, place, draft, slug, changing=False)


@reads_and_writes
@officers(*MAY_MANAGE)
@on_a_preview
def change(request: HttpRequest, place: Place, draft: DraftView, slug: str) -> HttpResponse:
    """Ask the questions of a page again, and come back to the check."""
    return walking.answer(request, place, draft, slug, changing=True)


@officers(*MAY_MANAGE)
@on_a_preview
def check(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Show the answers. There is nothing to press: a preview ends here."""
    return walking.check(request, place, draft)


@officers(*MAY_MANAGE)
@on_a_preview
def leave(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Show where the form ends for somebody it is not for."""
    return walking.leave(request, place, draft)
