"""Looking up a timeline, and seeing it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import EmailField, Form, TextField, taking
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, link_holders, methods, of_any_council, signed_in
from guildhall.kernel.ids import PersonId
from guildhall.kernel.networks import network_of
from guildhall.kernel.visitor import Visitor
from guildhall.services.tracking import operations, queries
from guildhall.services.tracking.domain.statuses import name_of
from guildhall.services.tracking.domain.timeline import Timeline


@anyone
@methods("GET", "HEAD", "POST")
def track(request: HttpRequest, council: str) -> HttpResponse:
    """Ask for a reference and an email address, and lead to the timeline they belong to."""
    if request.method != "POST":
        return render(request, "tracking/track.html", {"form": _questions()})
    form = _missing(_questions().read(request.POST))
    if form.is_refused:
        return render(request, "tracking/track.html", {"form": form})
    try:
        network, now = network_of(request.META), clock.now()
        reference = operations.look_up(form.text("reference"), form.text("email"), network=network, now=now)
    except operations.NothingThere:
        return render(request, "tracking/track.html", {"form": _nothing_there(form)})
    return lead_to(queries.link_to(reference))


@of_any_council
@link_holders
def by_link(request: HttpRequest, council: str, token: str) -> HttpResponse:
    """Show the timeline that a signed link leads to; a link that does not hold leads to the look-up."""
    try:
        timeline = queries.get_timeline_by_link(token)
    except queries.BrokenSeal:
        return render(request, "tracking/link-too-old.html", status=404)
    return _shown(request, timeline)


@signed_in
def mine(request: HttpRequest, council: str, reference: str) -> HttpResponse:
    """Show a signed-in resident the timeline of something of theirs."""
    return _shown(request, queries.get_timeline_of_resident(reference, _person(request)))


def _shown(request: HttpRequest, timeline: Timeline) -> HttpResponse:
    response = render(request, "tracking/timeline.html", {"timeline": timeline, "name_of": name_of})
    response["X-Robots-Tag"] = "noindex"
    return response


def _person(request: HttpRequest) -> PersonId:
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    assert visitor.person_id is not None  # the gate lets nobody else in
    return visitor.person_id


def _questions() -> Form:
    return Form(
        TextField(
            "reference",
            _("Reference"),
            hint=_("8 letters and numbers, like HK2DE5RT. It is in the email we sent you."),
            width="10",
            spellcheck=False,
            takes=taking.identifier,
        ),
        EmailField("email", _("Email address"), hint=_("The one you gave us with your application.")),
    )


def _missing(form: Form) -> Form:
    if form.is_refused:
        return form
    if not form.text("reference"):
        form = form.refuse("reference", _("Enter your reference"))
    if not form.text("email"):
        form = form.refuse("email", _("Enter your email address"))
    return form


def _nothing_there(form: Form) -> Form:
    return form.refuse(
        "reference", _("We cannot find anything with that reference and email address. Check both and try again.")
    )
