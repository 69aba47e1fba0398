"""The lists of a service, and taking in a new one."""

from collections.abc import Iterable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import Field, FileField, Form, Option, RadiosField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.paging import page_number
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import ListId, TemplateId
from guildhall.notify.domain.lists.columns import RECIPIENT_COLUMNS, expected_columns
from guildhall.notify.domain.template import Shown
from guildhall.notify.operations.lists import NewList, upload_list
from guildhall.notify.pages.lists.wording import STATE_COLOURS, STATES
from guildhall.notify.pages.section import MAY_SEND, service_at, show
from guildhall.notify.queries import SendingService, TemplateView
from guildhall.notify.queries.letters import language_of, letter_names
from guildhall.notify.queries.lists import list_lists
from guildhall.organisations.pages.gate import person_at, visitor_at
from guildhall.spreadsheets.table import FileEmpty, FileTooLarge

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"


@officers(*MAY_SEND)
def lists(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List what officers have uploaded, the newest first, and the templates that a list can be sent with."""
    here = service_at(service)
    facts = {
        "listed": list_lists(of=here.id, page=page_number(in_address(request, "page"))),
        "templates": [each for each in queries.list_templates(of=here.id) if may_list(here, each)],
        "states": STATES,
        "colours": STATE_COLOURS,
    }
    return show(request, here, "notify/lists/lists.html", facts)


@officers(*MAY_SEND)
@methods("GET", "HEAD", "POST")
def upload(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Ask for a file, and take it in."""
    here = service_at(service)
    template = queries.get_template(TemplateId(template_id), of=here.id)
    if template.is_archived or not may_list(here, template):
        raise Http404("nothing is sent with this template from here")
    form = upload_form(template)
    if request.method == "POST":
        form, sent = form.read(request.POST), request.FILES.get("file")
        if not isinstance(sent, UploadedFile):
            form = form.refuse("file", _("Select a file"))
        else:
            try:
                return lead_to(list_url(council, here, _take(request, form, here, template, sent)))
            except FileEmpty:
                form = form.refuse("file", _("The file you selected is empty"))
            except FileTooLarge:
                form = form.refuse("file", _("The file you selected must be smaller than 25MB"))
    facts = {"form": form, "template": template, "columns": needed_columns(template)}
    return show(request, here, "notify/lists/upload.html", facts)


def list_url(council: str, here: SendingService, list_id: ListId, *, done: str = "") -> str:
    """Return where a list is shown."""
    address = reverse("notify:list", kwargs={"council": council, "service": here.slug, "list_id": list_id})
    return f"{address}?done={done}" if done else address


def may_list(here: SendingService, template: TemplateView) -> bool:
    """Say whether a service may send a list with a template: letters are for live services only."""
    is_allowed = template.channel in here.sender.may_send
    return is_allowed and (here.sender.is_live or template.channel is not Channel.LETTER)


def upload_form(template: TemplateView, *, language: Shown = "en") -> Form:
    """Return the question for a file, and in which language it is sent where a row does not say."""
    fields: list[Field] = [
        FileField("file", _("Upload a file"), _("CSV, Excel or OpenDocument, with up to 100,000 rows"), accept=ACCEPTED)
    ]
    if not template.pair.welsh.is_empty:
        languages = [
            Option("en", _("English")),
            Option("cy", _("Welsh")),
            Option("both", _("Both, one after the other")),
        ]
        hint = _("A column called “language” can say it for each row: English, Welsh or both")
        fields.append(RadiosField("language", _("In which language is it sent?"), hint, options=languages))
    return Form(*fields, values={"language": language})


def columns_for(template: TemplateView) -> tuple[str, ...]:
    """Return the headings that a file for a template should have."""
    names = dict.fromkeys((*template.pair.english.names, *template.pair.welsh.names))
    if template.channel is Channel.LETTER:
        names = dict.fromkeys(letter_names(template, language_of(template, "both")))
    return expected_columns(template.channel, names)


def needed_columns(template: TemplateView) -> tuple[str, ...]:
    """Return what the first row of a file must name, in words: an address needs a column for each of its lines."""
    if template.channel is not Channel.LETTER:
        return columns_for(template)
    lines = RECIPIENT_COLUMNS[Channel.LETTER]
    address = _("the address, with at least 3 of these columns: “address line 1” to “address line 6”, and “postcode”")
    return (address, *(name for name in columns_for(template) if name not in lines))


def officer_name(request: HttpRequest) -> str:
    """Return under which name the officer's acts are kept."""
    return visitor_at(request).name or visitor_at(request).email


def _take(request: HttpRequest, form: Form, here: SendingService, template: TemplateView, sent: UploadedFile) -> ListId:
    chunks: Iterable[bytes] = sent.chunks()
    wanted = NewList(template.id, _language(form), sent.name or "", chunks, officer_name(request))
    return upload_list(wanted, of=here.id, actor=person_at(request), now=clock.now(), clock=clock.now)


def _language(form: Form) -> Shown:
    chosen = form.text("language")
    return "both" if chosen == "both" else "cy" if chosen == "cy" else "en"
