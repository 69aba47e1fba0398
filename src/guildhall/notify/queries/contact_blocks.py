"""The senders' addresses in the corner of letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import ContactBlockId, NotifyServiceId


class ContactBlockNotFound(NotFound):
    """The service has no such contact block."""


@dataclass(frozen=True, slots=True)
class ContactBlockView:
    """A contact block. ``lines`` are separated by newlines."""

    id: ContactBlockId
    lines: str
    is_default: bool

    @property
    def first_line(self) -> str:
        return self.lines.split("\n", 1)[0]


@reading
def list_contact_blocks(*, of: NotifyServiceId) -> Sequence[ContactBlockView]:
    """Return a service's contact blocks, the default one first."""
    rows = own_rows(models.ContactBlock).filter(notify_service_id=of).order_by("-is_default", "lines", "id")
    return [_view_of(row) for row in rows]


@reading
def get_contact_block(block_id: ContactBlockId, *, of: NotifyServiceId) -> ContactBlockView:
    """Return one of a service's contact blocks.

    :raises ContactBlockNotFound: it has none of this id.
    """
    row = own_rows(models.ContactBlock).filter(id=block_id, notify_service_id=of).first()
    if row is None:
        raise ContactBlockNotFound("there is no such contact block")
    return _view_of(row)


@reading
def find_contact_block_for(template_block: UUID | None, *, of: NotifyServiceId) -> ContactBlockView | None:
    """Return the block that a letter shows: its template's, else the service's default, else none."""
    blocks = list_contact_blocks(of=of)
    chosen = next((block for block in blocks if block.id == template_block), None)
    return chosen or next((block for block in blocks if block.is_default), None)


def _view_of(row: models.ContactBlock) -> ContactBlockView:
    return ContactBlockView(ContactBlockId(row.id), row.lines, row.is_default)
