"""What the address of the list asks for, and addresses that ask for something slightly different."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from guildhall.design.forms import taking
from guildhall.kernel.ids import PersonId
from guildhall.kernel.outside import read_id
from guildhall.kernel.paging import page_number
from guildhall.organisations.queries import Service
from guildhall.services.cases.queries import OPEN, Assignee, Order, Wanted
from guildhall.services.tracking.domain.statuses import PublicStatus

ANYBODY, NOBODY, ME = "", "nobody", "me"
ALL = "all"


@dataclass(frozen=True)
class Filters:
    """The list's address, word by word; every word may be empty. ``assigned`` is me, nobody or an officer's id."""

    q: str = ""
    status: str = ""
    service: str = ""
    assigned: str = ""
    order: str = ""
    page: str = ""

    def but(self, **changes: str) -> str:
        """Return the query of an address that differs in ``changes``; from its first page unless a page is named."""
        changed = replace(self, **{"page": "", **changes})
        words = {field.name: getattr(changed, field.name) for field in fields(changed)}
        return "?" + urlencode({name: word for name, word in words.items() if word})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.status or self.service or self.assigned)


def read(word: Callable[[str], str]) -> Filters:
    """Read the filters off an address, word by word; words that mean nothing ask for nothing."""
    return Filters(**{field.name: taking.words(word(field.name)) for field in fields(Filters)})


def wanted(filters: Filters, *, services: Sequence[Service], me: PersonId) -> Wanted:
    """Return the cases that the filters ask for."""
    service = next((each.id for each in services if each.slug == filters.service), None)
    return Wanted(
        words=filters.q,
        statuses=_statuses(filters.status),
        service_id=service,
        assignee=_assignee(filters.assigned, me),
        order=Order(filters.order) if filters.order in list(Order) else Order.OLDEST,
        page=page_number(filters.page),
    )


def _statuses(word: str) -> tuple[PublicStatus, ...]:
    if word == ALL:
        return tuple(PublicStatus)
    return (PublicStatus(word),) if word in list(PublicStatus) else OPEN


def _assignee(word: str, me: PersonId) -> Assignee:
    if word == ME:
        return me
    person_id = read_id(word)
    if person_id is not None:
        return PersonId(person_id)
    return "nobody" if word == NOBODY else "anybody"
