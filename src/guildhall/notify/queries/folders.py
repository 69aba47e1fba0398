"""Folders of a service's templates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import FolderId, NotifyServiceId


class FolderNotFound(NotFound):
    """The service has no such folder."""


@dataclass(frozen=True, slots=True)
class FolderView:
    """A folder, with the names of the folders around it from the top down to its own."""

    id: FolderId
    name: str
    parent_id: FolderId | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folders:
    """All folders of a service, in the order of their paths."""

    rows: Sequence[FolderView]

    def get(self, folder_id: FolderId) -> FolderView:
        """Return one of them.

        :raises FolderNotFound: the service has none of this id.
        """
        found = next((folder for folder in self.rows if folder.id == folder_id), None)
        if found is None:
            raise FolderNotFound("there is no such folder")
        return found

    def inside(self, folder_id: FolderId | None) -> list[FolderView]:
        """Return the folders that stand directly in a folder, or at the top."""
        return [folder for folder in self.rows if folder.parent_id == folder_id]

    def around(self, folder: FolderView) -> list[FolderView]:
        """Return the folders that a folder stands in, from the top down."""
        if folder.parent_id is None:
            return []
        parent = self.get(folder.parent_id)
        return [*self.around(parent), parent]

    def outside_of(self, folders: Iterable[FolderId]) -> list[FolderView]:
        """Return the folders that may take these: neither one of them nor anything within."""
        shut = set(folders)
        return [each for each in self.rows if shut.isdisjoint((each.id, *(one.id for one in self.around(each))))]


@reading
def list_folders(*, of: NotifyServiceId) -> Folders:
    """Return a service's folders."""
    rows = {row.id: row for row in own_rows(models.TemplateFolder).filter(notify_service_id=of)}
    views = [
        FolderView(FolderId(row.id), row.name, FolderId(row.parent_id) if row.parent_id else None, _path_of(row, rows))
        for row in rows.values()
    ]
    return Folders(sorted(views, key=lambda view: [name.casefold() for name in view.path]))


def _path_of(row: models.TemplateFolder, rows: Mapping[UUID, models.TemplateFolder]) -> tuple[str, ...]:
    parent = rows.get(row.parent_id) if row.parent_id else None
    return (row.name,) if parent is None else (*_path_of(parent, rows), row.name)
