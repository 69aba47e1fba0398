"""What a template said from version to version: listed, compared word for word, restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guildhall.design.forms import Form, Option, SelectField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address, in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.outside import whole_number
from guildhall.notify import operations, queries
from guildhall.notify.domain.comparing import Piece, compare
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.pages.section import MAY_LOOK, MAY_WRITE, author_at, service_at, show
from guildhall.notify.pages.templates import address_of
from guildhall.notify.queries import TemplateView


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one part of a template."""

    heading: str
    language: str
    pieces: Sequence[Piece]


@officers(*MAY_LOOK)
def history(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """List what a template said from version to version, and offer to compare two."""
    here = service_at(service)
    shown = queries.get_template(TemplateId(template_id), of=here.id)
    versions = queries.list_versions(shown.id, of=here.id)
    form = _compare_form(versions, {"from": str(max(1, shown.version - 1)), "to": str(shown.version)})
    return show(request, here, "notify/history.html", {"template": shown, "versions": versions, "form": form})


@officers(*MAY_LOOK)
def comparison(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Show word for word what changed from one version of a template to another."""
    here = service_at(service)
    shown = queries.get_template(TemplateId(template_id), of=here.id)
    before, after = (
        queries.get_template(shown.id, of=here.id, version=_version(in_address(request, side), shown))
        for side in ("from", "to")
    )
    versions = queries.list_versions(shown.id, of=here.id)
    facts = {
        "template": shown,
        "before": before,
        "after": after,
        "form": _compare_form(versions, {"from": str(before.version), "to": str(after.version)}),
        "differences": _differences(before, after),
    }
    return show(request, here, "notify/comparison.html", facts)


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def restore(request: HttpRequest, council: str, service: str, template_id: UUID, version: int) -> HttpResponse:
    """Ask whether an old version shall be the words again, and make it the newest version."""
    here = service_at(service)
    now_says = queries.get_template(TemplateId(template_id), of=here.id)
    old = queries.get_template(now_says.id, of=here.id, version=version)
    if request.method == "POST":
        opened = whole_number(in_form(request, "opened")) or 0
        saved = operations.restore_version(old.id, old.version, opened=opened, by=author_at(request), now=clock.now())
        return lead_to(address_of(council, here, saved, done="restored"))
    facts = {"template": now_says, "old": old, "differences": _differences(now_says, old)}
    return show(request, here, "notify/restore.html", facts)


def _compare_form(versions: Sequence[TemplateView], values: dict[str, str]) -> Form:
    options = [Option(str(each.version), _("Version %(number)s") % {"number": each.version}) for each in versions]
    return Form(
        SelectField("from", _("What changed from"), options=options),
        SelectField("to", pgettext("what changed from one version", "to"), options=options),
        values=values,
    )


def _version(asked: str | None, shown: TemplateView) -> int:
    """Read a version's number; what is none means the last."""
    return whole_number(asked) or shown.version


def _differences(before: TemplateView, after: TemplateView) -> list[Difference]:
    parts = (
        (_("Name"), "", before.name, after.name),
        (_("Subject"), "en", before.pair.english.subject, after.pair.english.subject),
        (_("Message"), "en", before.pair.english.body, after.pair.english.body),
        (_("Subject in Welsh"), "cy", before.pair.welsh.subject, after.pair.welsh.subject),
        (_("Message in Welsh"), "cy", before.pair.welsh.body, after.pair.welsh.body),
    )
    return [Difference(heading, language, compare(old, new)) for heading, language, old, new in parts if old or new]
