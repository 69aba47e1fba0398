"""Folders of templates: added, renamed, moved, deleted when they are empty."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, SelectField, TextField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.outside import read_id
from guildhall.notify import operations, queries
from guildhall.notify.domain.ids import FolderId
from guildhall.notify.pages.section import MAY_WRITE, service_at, show
from guildhall.notify.pages.templates import (
    TOP,
    address_of_folder,
    chosen_folder,
    folder_options,
    is_offered,
)
from guildhall.notify.queries import FolderView, SendingService
from guildhall.organisations.pages.gate import person_at

LONGEST_NAME = 100


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def add(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask for a new folder's name, and add it where the officer was."""
    here = service_at(service)
    known, within = queries.list_folders(of=here.id), read_id(in_address(request, "folder"))
    parent = known.get(FolderId(within)) if within else None
    form = Form(TextField("name", _("Name of the folder"), is_heading=True, longest=LONGEST_NAME))
    if request.method == "POST":
        form = _named(form.read(request.POST))
        if not form.is_refused:
            try:
                made = operations.add_folder(
                    form.text("name"),
                    of=here.id,
                    parent=parent.id if parent else None,
                    actor=person_at(request),
                    now=clock.now(),
                )
            except operations.FolderNameTaken:
                form = form.refuse("name", _("There is a folder of this name here already"))
            except operations.TooDeep:
                form = form.refuse("name", _("Folders cannot stand more than 10 deep"))
            else:
                return lead_to(address_of_folder(council, here, made.id, done="folder-added"))
    return show(request, here, "notify/add-folder.html", {"form": form, "parent": parent})


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def change(request: HttpRequest, council: str, service: str, folder_id: UUID) -> HttpResponse:
    """Ask for a folder's name and place, and change them."""
    here = service_at(service)
    known = queries.list_folders(of=here.id)
    folder = known.get(FolderId(folder_id))
    form = Form(
        TextField("name", _("Name of the folder"), longest=LONGEST_NAME),
        SelectField("to", _("Stands in"), options=folder_options(known.outside_of([folder.id]))),
        values={"name": folder.name, "to": str(folder.parent_id or TOP)},
    )
    if request.method == "POST":
        form = _changed(request, _named(form.read(request.POST)), folder, here)
        if not form.is_refused:
            return lead_to(address_of_folder(council, here, folder.id, done="folder-changed"))
    is_empty = not known.inside(folder.id) and not any(
        each.folder_id == folder.id for each in queries.list_templates(of=here.id)
    )
    return show(request, here, "notify/change-folder.html", {"form": form, "folder": folder, "is_empty": is_empty})


@methods("POST")
@officers(*MAY_WRITE)
def delete(request: HttpRequest, council: str, service: str, folder_id: UUID) -> HttpResponse:
    """Delete an empty folder."""
    here = service_at(service)
    folder = queries.list_folders(of=here.id).get(FolderId(folder_id))
    operations.delete_folder(folder.id, of=here.id, actor=person_at(request), now=clock.now())
    return lead_to(address_of_folder(council, here, folder.parent_id, done="folder-deleted"))


def _named(form: Form) -> Form:
    return form if form.is_refused or form.text("name") else form.refuse("name", _("Enter a name"))


def _changed(request: HttpRequest, form: Form, folder: FolderView, here: SendingService) -> Form:
    """Return the form after the folder was changed as it says, or with what stands against it."""
    if not form.is_refused and not is_offered(form, "to"):
        form = form.refuse("to", _("Choose a folder"))
    if form.is_refused:
        return form
    try:
        operations.change_folder(
            folder.id,
            form.text("name"),
            of=here.id,
            parent=chosen_folder(form, "to"),
            actor=person_at(request),
            now=clock.now(),
        )
    except operations.FolderNameTaken:
        return form.refuse("name", _("There is a folder of this name there already"))
    except operations.FolderInItself:
        return form.refuse("to", _("A folder cannot be moved into itself or into a folder within it"))
    except operations.TooDeep:
        return form.refuse("to", _("Folders cannot stand more than 10 deep"))
    return form
