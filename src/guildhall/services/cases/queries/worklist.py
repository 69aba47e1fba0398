"""The officers' list: searched, filtered, sorted, a page at a time, with counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.paging import Page
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.services.cases import models
from guildhall.services.cases.domain.opening import words_sought
from guildhall.services.tracking.domain.statuses import PublicStatus

PAGE = 50
OPEN = tuple(status for status in PublicStatus if not status.is_final)

Assignee = PersonId | Literal["nobody", "anybody"]


class Order(StrEnum):
    """What the list can be sorted by. The value is an order of the columns."""

    OLDEST = "opened_at"
    NEWEST = "-opened_at"
    LONGEST_UNTOUCHED = "updated_at"
    LAST_TOUCHED = "-updated_at"
    NAME = "applicant_name"
    NAME_BACKWARDS = "-applicant_name"
    REFERENCE = "reference"
    REFERENCE_BACKWARDS = "-reference"


@dataclass(frozen=True)
class Wanted:
    """Which cases, in which order. ``words`` are looked for in reference, name, email address and answers."""

    words: str = ""
    statuses: tuple[PublicStatus, ...] = OPEN
    service_id: ServiceId | None = None
    assignee: Assignee = "anybody"
    order: Order = Order.OLDEST
    page: int = 1


@dataclass(frozen=True)
class CaseLine:
    """One line of the list."""

    reference: str
    title: Text
    status: PublicStatus
    service_id: ServiceId
    applicant_name: str
    applicant_email: str
    assignee_id: PersonId | None
    opened_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class Counts:
    """How many cases there are: of those that match, by status; of all open ones, whose."""

    by_status: dict[PublicStatus, int]
    mine: int
    nobodys: int
    open_in_all: int

    @property
    def open(self) -> int:
        return sum(self.by_status.get(status, 0) for status in OPEN)

    @property
    def all(self) -> int:
        return sum(self.by_status.values())


@reading
def list_cases(wanted: Wanted) -> Page[CaseLine]:
    """Return a page of the cases that are wanted; a page past the end is the last one."""
    rows = _assigned(_found(wanted), wanted).filter(public_status__in=wanted.statuses)
    total = rows.count()
    number = min(wanted.page, max(1, -(-total // PAGE)))
    start = (number - 1) * PAGE
    shown = rows.order_by(wanted.order.value, "id").defer("answers", "search_words")[start : start + PAGE]
    return Page([_line(row) for row in shown], number, PAGE, total)


@reading
def count_cases(wanted: Wanted, *, me: PersonId) -> Counts:
    """Count the cases that match ``wanted`` by status, and the officer's own, nobody's and all open ones."""
    matching = _assigned(_found(wanted), wanted).values_list("public_status").annotate(Count("id")).order_by()
    still_open = (
        own_rows(models.Case)
        .filter(public_status__in=OPEN)
        .aggregate(
            mine=Count("id", filter=Q(assignee_id=me)),
            nobodys=Count("id", filter=Q(assignee_id=None)),
            open_in_all=Count("id"),
        )
    )
    return Counts({PublicStatus(status): count for status, count in matching}, **still_open)


def _found(wanted: Wanted) -> QuerySet[models.Case]:
    rows = own_rows(models.Case).all()
    if wanted.service_id is not None:
        rows = rows.filter(service_id=wanted.service_id)
    for word in words_sought(wanted.words):
        rows = rows.filter(search_words__contains=word)
    return rows


def _assigned(rows: QuerySet[models.Case], wanted: Wanted) -> QuerySet[models.Case]:
    match wanted.assignee:
        case "anybody":
            return rows
        case "nobody":
            return rows.filter(assignee_id=None)
        case UUID() as person_id:
            return rows.filter(assignee_id=person_id)


def _line(row: models.Case) -> CaseLine:
    return CaseLine(
        reference=row.reference,
        title=Text(row.title_en, row.title_cy),
        status=PublicStatus(row.public_status),
        service_id=ServiceId(row.service_id),
        applicant_name=row.applicant_name,
        applicant_email=row.applicant_email,
        assignee_id=PersonId(row.assignee_id) if row.assignee_id else None,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        version=row.version,
    )
