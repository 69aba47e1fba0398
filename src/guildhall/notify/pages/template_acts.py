"""What is done with a whole template: copied, put away, let through when the money is used up."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, SelectField, TextField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.notify import operations, queries
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.pages.section import MAY_MARK_EMERGENCIES, MAY_WRITE, author_at, service_at, show
from guildhall.notify.pages.templates import (
    address_of,
    address_of_folder,
    chosen_folder,
    folder_options,
    is_offered,
)
from guildhall.notify.pages.wording import CHANNELS
from guildhall.notify.pages.writing import LONGEST_NAME
from guildhall.organisations.pages.gate import person_at


@officers(*MAY_WRITE)
def choose_copy(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List every template of the council's services, each of which can be copied into this service."""
    here = service_at(service)
    listed = [(each, queries.list_templates(of=each.id)) for each in queries.list_sending_services()]
    return show(request, here, "notify/choose-copy.html", {"listed": listed, "channels": CHANNELS})


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def copy(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Ask what a copy in this service is called and where it stands, and make it."""
    here = service_at(service)
    original = queries.get_template(TemplateId(template_id))
    folders = folder_options(queries.list_folders(of=here.id).rows)
    name = _("Copy of %(name)s") % {"name": original.name} if original.notify_service_id == here.id else original.name
    form = Form(
        TextField("name", _("Name of the copy"), longest=LONGEST_NAME),
        SelectField("folder", _("Folder"), options=folders),
        values={"name": name[:LONGEST_NAME], "folder": str(original.folder_id or "")},
    )
    if request.method == "POST":
        form = form.read(request.POST)
        if not form.text("name"):
            form = form.refuse("name", _("Enter a name"))
        if not is_offered(form, "folder"):
            form = form.refuse("folder", _("Choose a folder"))
        if not form.is_refused:
            made = operations.copy_template(
                original.id,
                to=here.id,
                folder_id=chosen_folder(form, "folder"),
                name=form.text("name"),
                by=author_at(request),
                now=clock.now(),
            )
            return lead_to(address_of(council, here, made, done="copied"))
    return show(request, here, "notify/copy-template.html", {"form": form, "template": original})


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def archive(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Ask whether a template shall be put away for good, and do it."""
    here = service_at(service)
    template = queries.get_template(TemplateId(template_id), of=here.id)
    if request.method == "POST":
        operations.archive_template(template.id, actor=person_at(request), now=clock.now())
        return lead_to(address_of_folder(council, here, template.folder_id, done="archived"))
    return show(request, here, "notify/archive-template.html", {"template": template})


@methods("POST")
@officers(*MAY_MARK_EMERGENCIES)
def emergency(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Let a template's messages go out also when the service's money is used up, or no more."""
    here = service_at(service)
    template = queries.get_template(TemplateId(template_id), of=here.id)
    wanted = in_form(request, "is_emergency") == "yes"
    operations.mark_emergency(template.id, wanted, actor=person_at(request), now=clock.now())
    return lead_to(address_of(council, here, template, done="emergency" if wanted else "no-emergency"))
