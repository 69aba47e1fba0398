"""A service manager brings a definition: ours, or XGov's with its Welsh twin."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import FileField, Form, Option, SelectField, TextField, taking
from guildhall.design.languages import Text
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.written import words
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.ids import ServiceId
from guildhall.organisations import queries as organisations
from guildhall.organisations.operations import AddressTaken, NewService, ReservedAddress
from guildhall.services.cases.domain.workflows import NAMES
from guildhall.services.forms import operations
from guildhall.services.forms.domain.parsing import DefinitionInvalid
from guildhall.services.forms.domain.reading import Problem
from guildhall.services.forms.pages.managing import MAY_MANAGE, actor_of

LARGEST_FILE = 2 * 1024 * 1024
A_NEW_ONE = "new"


@methods("GET", "HEAD", "POST")
@officers(*MAY_MANAGE)
def upload(request: HttpRequest, council: str) -> HttpResponse:
    """Ask for the files, and keep what is in them as the next version; or say everything that is wrong with it."""
    form = _questions()
    if request.method != "POST":
        return _asked(request, form)
    form = _looked_over(form.read(request.POST), request)
    if form.is_refused:
        return _asked(request, form)
    try:
        version_id = operations.upload(_wanted(form, request), actor=actor_of(request), now=clock.now())
    except DefinitionInvalid as invalid:
        return _asked(request, form.refuse("file", _("The file cannot be used")), invalid.problems)
    except AddressTaken:
        return _asked(request, form.refuse("slug", _("Another service has this address")))
    except ReservedAddress:
        return _asked(request, form.refuse("slug", _("Use small letters, digits and hyphens, and no word we need")))
    return lead_to(reverse("forms:version", args=[council, version_id]))


def _questions() -> Form:
    services = [Option(str(service.id), words(service.name)) for service in organisations.list_services()]
    workflows = [Option(name, name) for name in NAMES]
    return Form(
        SelectField(
            "service", _("Which service is it for?"), options=[*services, Option(A_NEW_ONE, _("A new service"))]
        ),
        TextField("name", _("Name of the new service")),
        TextField("name_cy", _("Name of the new service in Welsh")),
        TextField(
            "slug",
            _("Address of the new service"),
            hint=_("Small letters, digits and hyphens, like bulky-waste. It cannot be changed later."),
            width="20",
            spellcheck=False,
            takes=taking.identifier,
        ),
        FileField("file", _("The form, as a JSON file"), accept=".json,application/json"),
        FileField(
            "welsh",
            _("Its Welsh twin (optional)"),
            hint=_("Only for forms from XGov, which keep each language in a file of its own."),
            accept=".json,application/json",
        ),
        SelectField(
            "workflow",
            _("Which workflow do its cases follow?"),
            hint=_("Only for forms from XGov. A Guildhall form says so itself."),
            options=workflows,
        ),
    )


def _looked_over(form: Form, request: HttpRequest) -> Form:
    """Refuse what cannot even be tried."""
    if form.is_refused:
        return form
    if form.text("service") not in {A_NEW_ONE, *(str(service.id) for service in organisations.list_services())}:
        form = form.refuse("service", _("Select a service"))
    if form.text("service") == A_NEW_ONE and not form.text("name"):
        form = form.refuse("name", _("Enter the name of the new service"))
    if form.text("service") == A_NEW_ONE and not form.text("slug"):
        form = form.refuse("slug", _("Enter the address of the new service"))
    if form.text("workflow") not in NAMES:
        form = form.refuse("workflow", _("Select a workflow"))
    if _file(request, "file") is None:
        form = form.refuse("file", _("Select a file"))
    for name in ("file", "welsh"):
        file = _file(request, name)
        if file is not None and (file.size or 0) > LARGEST_FILE:
            form = form.refuse(name, _("The selected file must be smaller than 2MB"))
    return form


def _wanted(form: Form, request: HttpRequest) -> operations.Upload:
    file, welsh = _file(request, "file"), _file(request, "welsh")
    return operations.Upload(
        service=_service(form),
        file=file.read() if file else b"",
        welsh=welsh.read() if welsh else None,
        workflow=form.text("workflow"),
    )


def _service(form: Form) -> ServiceId | NewService:
    if form.text("service") == A_NEW_ONE:
        return NewService(form.text("slug"), Text(form.text("name"), form.text("name_cy")))
    return ServiceId(UUID(form.text("service")))


def _file(request: HttpRequest, name: str) -> UploadedFile | None:
    return request.FILES.get(name)


def _asked(request: HttpRequest, form: Form, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    return render(request, "forms/staff/upload.html", {"form": form, "found": problems})
