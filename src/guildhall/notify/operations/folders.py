"""Keeping templates in folders."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError
from django.db import transaction as savepoints
from django.db.transaction import on_commit

from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models, queries
from guildhall.notify.domain.ids import FolderId, NotifyServiceId, TemplateId
from guildhall.notify.queries.folders import FolderNotFound, Folders, FolderView, list_folders
from guildhall.notify.queries.remembered import forget_templates
from guildhall.organisations.operations import Subject, record_audit

DEEPEST = 10
"""Folders one inside the other."""


class FolderNameTaken(Conflict):
    """There is a folder of that name in the same place."""


class FolderInItself(Conflict):
    """A folder cannot be moved into itself or into a folder within."""


class FolderNotEmpty(Conflict):
    """The folder holds templates or other folders."""


class TooDeep(Invalid):
    """Folders stand at most ten deep."""


@transaction
def add_folder(
    name: str, *, of: NotifyServiceId, parent: FolderId | None, actor: PersonId, now: datetime
) -> FolderView:
    """Add a folder to a service, in another one or at the top.

    :raises NotifyServiceNotFound: the council has no such notify service.
    :raises FolderNotFound: there is no such parent.
    :raises FolderNameTaken: there is a folder of that name in the same place.
    :raises TooDeep: the parent stands as deep as folders may.
    """
    queries.get_notify_service(of)
    _lock(of)
    if parent is not None and len(list_folders(of=of).get(parent).path) >= DEEPEST:
        raise TooDeep("folders stand at most ten deep")
    row = models.TemplateFolder(notify_service_id=of, parent_id=parent, name=name)
    _save(row)
    _audit("folder.added", row, actor=actor, now=now)
    return list_folders(of=of).get(FolderId(row.id))


@transaction
def change_folder(
    folder_id: FolderId, name: str, *, of: NotifyServiceId, parent: FolderId | None, actor: PersonId, now: datetime
) -> None:
    """Give a folder another name, another place, or both.

    :raises FolderNotFound: the service has no such folder, or no such parent.
    :raises FolderInItself: the parent is the folder or within it.
    :raises FolderNameTaken: there is another folder of that name in the same place.
    :raises TooDeep: folders would stand deeper than they may.
    """
    _lock(of)
    known = list_folders(of=of)
    known.get(folder_id)
    _check_place([folder_id], parent, known)
    row = own_rows(models.TemplateFolder).get(id=folder_id)
    row.name, row.parent_id = name, parent
    _save(row)
    _check_depth(of)
    _audit("folder.changed", row, actor=actor, now=now)


@transaction
def move_into_folder(
    to: FolderId | None,
    *,
    of: NotifyServiceId,
    templates: Collection[TemplateId],
    folders: Collection[FolderId],
    actor: PersonId,
    now: datetime,
) -> None:
    """Move templates and folders of a service into one of its folders, or to the top. All are moved or none.

    :raises FolderNotFound: the service has no folder ``to``, or not all of ``folders``.
    :raises FolderInItself: ``to`` is one of ``folders`` or within one.
    :raises FolderNameTaken: there is a folder of the same name already.
    :raises TooDeep: folders would stand deeper than they may.
    """
    _lock(of)
    known = list_folders(of=of)
    for folder_id in folders:
        known.get(folder_id)
    _check_place(folders, to, known)
    for row in own_rows(models.TemplateFolder).filter(id__in=folders, notify_service_id=of):
        row.parent_id = to
        _save(row)
    _check_depth(of)
    moved = own_rows(models.Template).filter(id__in=templates, notify_service_id=of).update(folder_id=to)
    on_commit(forget_templates)
    subject = Subject("folder", to or "top", known.get(to).name if to else "", of)
    details = {"templates": str(moved), "folders": str(len(folders))}
    record_audit("folder.moved_into", subject, actor=actor, now=now, details=details)


@transaction
def delete_folder(folder_id: FolderId, *, of: NotifyServiceId, actor: PersonId, now: datetime) -> None:
    """Delete an empty folder. Archived templates that were in it go to the folder around it.

    :raises FolderNotFound: the service has no such folder.
    :raises FolderNotEmpty: it holds templates or folders.
    """
    _lock(of)
    folder = list_folders(of=of).get(folder_id)
    lock_folder(folder_id, of=of)
    held = own_rows(models.Template).filter(folder_id=folder_id)
    held.filter(is_archived=True).update(folder_id=folder.parent_id)
    if held.exists() or own_rows(models.TemplateFolder).filter(parent_id=folder_id).exists():
        raise FolderNotEmpty("the folder holds templates or folders")
    row = own_rows(models.TemplateFolder).get(id=folder_id)
    _audit("folder.deleted", row, actor=actor, now=now)
    row.delete()


@part_of_a_transaction
def lock_folder(folder_id: FolderId, *, of: NotifyServiceId) -> None:
    """Keep a folder where it is until the transaction ends, so that something can be put into it.

    :raises FolderNotFound: the service has no such folder.
    """
    if own_rows(models.TemplateFolder).select_for_update().filter(id=folder_id, notify_service_id=of).first() is None:
        raise FolderNotFound("there is no such folder")


def _lock(service_id: NotifyServiceId) -> None:
    """Let one change to a service's folders wait for the other: each looks at all of them before it writes."""
    list(own_rows(models.NotifyService).select_for_update(no_key=True).filter(id=service_id).values_list("id"))


def _check_place(folders: Collection[FolderId], to: FolderId | None, known: Folders) -> None:
    if to is None:
        return
    known.get(to)
    if to not in {folder.id for folder in known.outside_of(folders)}:
        raise FolderInItself("a folder cannot be moved into itself")


def _check_depth(of: NotifyServiceId) -> None:
    if any(len(folder.path) > DEEPEST for folder in list_folders(of=of).rows):
        raise TooDeep("folders stand at most ten deep")


def _save(row: models.TemplateFolder) -> None:
    try:
        with savepoints.atomic():
            row.save()
    except IntegrityError as clash:
        raise FolderNameTaken(f"there is a folder named {row.name!r} here already") from clash


def _audit(action: str, row: models.TemplateFolder, *, actor: PersonId, now: datetime) -> None:
    record_audit(action, Subject("folder", row.id, row.name, row.notify_service_id), actor=actor, now=now)
