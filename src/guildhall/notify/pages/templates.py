"""Templates, for officers: found in folders or by name, shown with what they said before."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, Option, SelectField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.policy import POLICY
from guildhall.design.pages.words import all_in_form, in_address, searched_for
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.outside import read_id
from guildhall.kernel.text import fold
from guildhall.kernel.visitor import Language
from guildhall.notify import operations, queries
from guildhall.notify.domain.comparing import only_in_one_language
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_document import email_page
from guildhall.notify.domain.email_message import write_email
from guildhall.notify.domain.ids import FolderId, TemplateId
from guildhall.notify.pages.previews import previews_of
from guildhall.notify.pages.section import MAY_LOOK, MAY_WRITE, service_at, show
from guildhall.notify.pages.wording import CHANNELS, LETTER_LANGUAGES, POSTAGES
from guildhall.notify.queries import Folders, FolderView, SendingService, TemplateView
from guildhall.organisations.pages.gate import person_at

AS_MAIL_PROGRAMS_DO = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
TOP = "top"


@officers(*MAY_LOOK, posting=MAY_WRITE)
@methods("GET", "HEAD", "POST")
def templates(request: HttpRequest, council: str, service: str, folder_id: UUID | None = None) -> HttpResponse:
    """List what stands in a folder, or what a search finds anywhere; move what is ticked."""
    here = service_at(service)
    known = queries.list_folders(of=here.id)
    folder = known.get(FolderId(folder_id)) if folder_id else None
    form = _move_form(known, folder)
    if request.method == "POST":
        form = _move(request, form.read(request.POST), here)
        if not form.is_refused:
            return lead_to(f"{request.path}?done=moved")
    search = searched_for(request)
    facts = {
        "folder": folder,
        "around": known.around(folder) if folder else [],
        "folders": [] if search else known.inside(folder.id if folder else None),
        "templates": _listed(here, folder, search),
        "paths": {each.id: each.path for each in known.rows},
        "search": search,
        "form": form,
        "channels": CHANNELS,
        "done": in_address(request, "done"),
    }
    return show(request, here, "notify/templates.html", facts)


@officers(*MAY_LOOK)
def template(request: HttpRequest, council: str, service: str, template_id: UUID, version: int = 0) -> HttpResponse:
    """Show what a template says, in its last version or an older one."""
    here = service_at(service)
    shown = queries.get_template(TemplateId(template_id), of=here.id, version=version or None)
    known, unlike = queries.list_folders(of=here.id), only_in_one_language(shown.pair)
    folder = known.get(shown.folder_id) if shown.folder_id else None
    facts = {
        "template": shown,
        "previews": previews_of(shown.pair, shown.channel, prefix=here.sender.prefix),
        "asked": _in_brackets(shown.pair.english.names),
        "unlike": _in_brackets((*unlike.added, *unlike.removed)),
        "is_old": bool(version),
        "folder": folder,
        "around": known.around(folder) if folder else [],
        "sender": _sender_of(shown, here),
        "block": queries.find_contact_block_for(shown.choices.contact_block_id, of=here.id),
        "channels": CHANNELS,
        "postages": POSTAGES,
        "letter_languages": LETTER_LANGUAGES,
        "done": in_address(request, "done"),
    }
    return show(request, here, "notify/template.html", facts)


@officers(*MAY_LOOK)
def as_email(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Show an email as mail programs get it, with its own styles, which no other page of ours may have."""
    here = service_at(service)
    shown = queries.get_template(TemplateId(template_id), of=here.id)
    if shown.channel is not Channel.EMAIL:
        raise Http404("only an email has a page of its own")
    language: Language = "cy" if in_address(request, "in") == "cy" and not shown.pair.welsh.is_empty else "en"
    words = shown.pair.shown(language, shown.channel)
    page = email_page(write_email(words.subject, words.body), language=language, look=here.sender.look)
    return HttpResponse(page, headers={POLICY: AS_MAIL_PROGRAMS_DO})


def address_of(council: str, here: SendingService, template: TemplateView, *, done: str = "") -> str:
    """Return where a template is shown."""
    names = {"council": council, "service": here.slug, "template_id": template.id}
    return reverse("notify:template", kwargs=names) + (f"?done={done}" if done else "")


def address_of_folder(council: str, here: SendingService, folder_id: UUID | None, *, done: str = "") -> str:
    """Return where the templates of a folder, or of the top, are listed."""
    names: dict[str, object] = {"council": council, "service": here.slug}
    page = "notify:templates"
    if folder_id is not None:
        page, names = "notify:folder", names | {"folder_id": folder_id}
    return reverse(page, kwargs=names) + (f"?done={done}" if done else "")


def folder_options(folders: Sequence[FolderView]) -> list[Option]:
    """Return a list of folders to choose from, the top first."""
    return [
        Option(TOP, _("No folder (at the top)")),
        *(Option(str(each.id), " / ".join(each.path)) for each in folders),
    ]


def chosen_folder(form: Form, name: str) -> FolderId | None:
    """Return the folder that was chosen from ``folder_options``; None for the top."""
    return None if form.text(name) in ("", TOP) else FolderId(UUID(form.text(name)))


def is_offered(form: Form, name: str) -> bool:
    """Say whether the answer to a question with options is one of them."""
    return form.text(name) in {option.value for option in form[name].field.options}  # type: ignore[attr-defined]


def _listed(here: SendingService, folder: FolderView | None, search: str) -> list[TemplateView]:
    found = queries.list_templates(of=here.id)
    if search:
        return [each for each in found if fold(search) in fold(each.name)]
    return [each for each in found if each.folder_id == (folder.id if folder else None)]


def _move_form(known: Folders, folder: FolderView | None) -> Form:
    options = [Option("", _("Choose a folder")), *folder_options(known.rows)]
    return Form(SelectField("to", _("Move what is ticked to"), options=options))


def _move(request: HttpRequest, form: Form, here: SendingService) -> Form:
    ticked = {name: _ids(all_in_form(request, name)) for name in ("template", "folder")}
    if not form.text("to") or not is_offered(form, "to"):
        return form.refuse("to", _("Choose where to move it"))
    if not any(ticked.values()):
        return form.refuse("to", _("Tick at least one template or folder"))
    try:
        operations.move_into_folder(
            chosen_folder(form, "to"),
            of=here.id,
            templates=[TemplateId(each) for each in ticked["template"]],
            folders=[FolderId(each) for each in ticked["folder"]],
            actor=person_at(request),
            now=clock.now(),
        )
    except operations.FolderInItself:
        return form.refuse("to", _("A folder cannot be moved into itself or into a folder within it"))
    except operations.FolderNameTaken:
        return form.refuse("to", _("There is a folder of the same name there already"))
    except operations.TooDeep:
        return form.refuse("to", _("Folders cannot stand more than 10 deep"))
    return form


def _ids(given: Sequence[str]) -> list[UUID]:
    return [found for each in given if (found := read_id(each)) is not None]


def _in_brackets(names: Sequence[str]) -> list[str]:
    return [f"(({name}))" for name in names]


def _sender_of(shown: TemplateView, here: SendingService) -> str:
    chosen = shown.choices.sender_id and here.sender.find_sender(shown.choices.sender_id, shown.channel)
    sender = chosen or here.sender.find_default_sender(shown.channel)
    return sender.address if sender else ""
