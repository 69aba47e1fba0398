"""What programs asked lately, and how they were answered."""

from dataclasses import dataclass
from datetime import datetime

from guildhall.kernel.ids import ServiceId
from guildhall.kernel.paging import Page
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.organisations import queries as organisations
from guildhall.organisations.domain.keys import Platform

PAGE = 50


@dataclass(frozen=True, slots=True)
class AskedView:
    """A request of a program. ``key_name`` is empty when it showed no key of the service."""

    at: datetime
    method: str
    path: str
    key_name: str
    status: int
    error: str
    message: str

    @property
    def is_refused(self) -> bool:
        return self.status >= 400


@reading
def list_requests(of: NotifyServiceId, *, page: int = 1, only_refused: bool = False) -> Page[AskedView]:
    """Return a page of what the programs of one of the current council's services asked lately, the last first."""
    rows = own_rows(models.ProgramRequest).filter(notify_service_id=of).order_by("-id")
    if only_refused:
        rows = rows.filter(status__gte=400)
    keys = organisations.list_keys_ever_of_service(ServiceId(of), Platform.NOTIFY)
    names = {key.id: key.name for key in keys}
    total, start = rows.count(), (page - 1) * PAGE
    shown = [
        AskedView(
            row.at,
            row.method,
            row.path,
            names.get(row.key_id, "") if row.key_id else "",
            row.status,
            row.error,
            row.message,
        )
        for row in rows[start : start + PAGE]
    ]
    return Page(shown, page, PAGE, total)
