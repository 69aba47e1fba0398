"""Where officers begin with messages: the services that send, and what became of what they sent lately."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, Option, SelectField, TextField
from guildhall.design.languages import Text
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.speaking import current_language
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.ids import ServiceId
from guildhall.notify import operations, queries
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.facts import figures_of
from guildhall.notify.domain.settings import LONGEST_NAME
from guildhall.notify.pages.section import MAY_SEE_FIGURES, MAY_WRITE, open_tabs, service_at
from guildhall.notify.queries.facts import count_by_service
from guildhall.organisations.operations import AddressTaken, ReservedAddress
from guildhall.organisations.pages.gate import person_at, roles_at

DAYS = 7

STATUSES = {
    Status.CREATED: Text("Waiting", "Yn aros"),
    Status.SENDING: Text("Sending", "Yn anfon"),
    Status.SENT: Text("Sent", "Wedi’i anfon"),
    Status.PENDING: Text("Sending", "Yn anfon"),
    Status.DELIVERED: Text("Delivered", "Wedi cyrraedd"),
    Status.TEMPORARY_FAILURE: Text(
        "Not delivered: inbox full or phone off", "Heb gyrraedd: blwch llawn neu ffôn i ffwrdd"
    ),
    Status.PERMANENT_FAILURE: Text(
        "Not delivered: address does not exist", "Heb gyrraedd: nid yw’r cyfeiriad yn bodoli"
    ),
    Status.TECHNICAL_FAILURE: Text("Not delivered: our fault", "Heb gyrraedd: ein bai ni"),
    Status.PENDING_VIRUS_CHECK: Text("Being checked", "Yn cael ei wirio"),
    Status.VIRUS_SCAN_FAILED: Text("Not sent: a virus was found", "Heb ei anfon: canfuwyd feirws"),
    Status.VALIDATION_FAILED: Text(
        "Not sent: the letter cannot be printed", "Heb ei anfon: ni ellir argraffu’r llythyr"
    ),
    Status.RETURNED_LETTER: Text("Returned by the post", "Dychwelwyd gan y post"),
    Status.CANCELLED: Text("Cancelled", "Canslwyd"),
}
COLOURS = {
    Status.DELIVERED: "govuk-tag--green",
    Status.SENT: "govuk-tag--green",
    Status.TEMPORARY_FAILURE: "govuk-tag--red",
    Status.PERMANENT_FAILURE: "govuk-tag--red",
    Status.TECHNICAL_FAILURE: "govuk-tag--red",
    Status.VIRUS_SCAN_FAILED: "govuk-tag--red",
    Status.VALIDATION_FAILED: "govuk-tag--red",
    Status.RETURNED_LETTER: "govuk-tag--red",
    Status.CANCELLED: "govuk-tag--grey",
}


@officers(*MAY_SEE_FIGURES, posting=MAY_WRITE)
@methods("GET", "HEAD", "POST")
def messages(request: HttpRequest, council: str) -> HttpResponse:
    """List the services that send, with what became of their messages lately; let another service send."""
    form = _form()
    if request.method == "POST":
        form = form.read(request.POST)
        chosen = form.text("service")
        if chosen and chosen in _offered(form):
            sender = operations.let_service_send(ServiceId(UUID(chosen)), actor=person_at(request), now=clock.now())
            return lead_to(reverse("notify:service", kwargs={"council": council, "service": sender.slug}))
        form = form.refuse("service", _("Select a service"))
    services, today = queries.list_sending_services(), clock.london_day(clock.now())
    counted = count_by_service([each.id for each in services], since=today - timedelta(days=DAYS - 1), until=today)
    facts = {
        "form": form,
        "may_add": not roles_at(request).isdisjoint(MAY_WRITE),
        "has_silent": len(_offered(form)) > 1,
        "days": DAYS,
        "services": [(each, figures_of(counted[each.id])) for each in services],
    }
    return render(request, "notify/messages.html", facts)


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def add_service(request: HttpRequest, council: str) -> HttpResponse:
    """Ask for the name of a service that only sends messages, and add it."""
    form = Form(
        TextField(
            "name",
            _("Name of the service in English"),
            _("Residents see it in front of text messages"),
            longest=LONGEST_NAME,
        ),
        TextField(
            "name_cy", _("Name of the service in Welsh"), _("Leave it empty if it has none"), longest=LONGEST_NAME
        ),
    )
    if request.method == "POST":
        form = form.read(request.POST)
        name = Text(form.text("name"), form.text("name_cy"))
        if not name.en:
            form = form.refuse("name", _("Enter a name"))
        else:
            try:
                added = operations.add_sending_service(name, actor=person_at(request), now=clock.now())
            except AddressTaken:
                form = form.refuse("name", _("The council has a service of this name already"))
            except ReservedAddress:
                form = form.refuse("name", _("Enter a name that says what the service is"))
            else:
                names = {"council": council, "service": added.slug}
                return lead_to(reverse("notify:service", kwargs=names))
    return render(request, "notify/add-service.html", {"form": form})


@officers(*MAY_SEE_FIGURES)
def home(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Lead to the first of the service's pages that this officer may see."""
    tabs = open_tabs(request, service_at(service))
    if not tabs:
        raise Http404("nothing of this service is for this officer")
    return lead_to(tabs[0].href)


def _form() -> Form:
    language = current_language()
    silent = [Option(str(each.id), each.name.in_(language)) for each in queries.list_silent_services()]
    return Form(SelectField("service", _("Service"), options=[Option("", _("Choose a service")), *silent]))


def _offered(form: Form) -> set[str]:
    return {option.value for option in form["service"].field.options}  # type: ignore[attr-defined]
