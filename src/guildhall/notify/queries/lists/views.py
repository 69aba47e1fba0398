"""Lists as officers see them: where each is, what is wrong with it, and what sending it would take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import ListId, NotifyServiceId, TemplateId
from guildhall.notify.domain.lists.columns import Columns, read_columns
from guildhall.notify.domain.lists.life import WAS_SENT, FileFault, State
from guildhall.notify.domain.lists.problems import Kind
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.template import Shown
from guildhall.notify.queries.letters import language_of, letter_names
from guildhall.notify.queries.messages import shown_language
from guildhall.notify.queries.remembered import KnownService
from guildhall.notify.queries.templates import TemplateView, get_template
from guildhall.spreadsheets.noticed import Notices, notices_from

PAGE = 50


class ListNotFound(NotFound):
    """The service has no such list."""


@dataclass(frozen=True, slots=True)
class ListView:
    """An uploaded list: its file, its template, where it is, and how far it has come."""

    id: ListId
    notify_service_id: NotifyServiceId
    template: TemplateView
    channel: Channel
    language: Shown
    file_name: str
    sha256: bytes
    file_size: int
    uploaded_by: str
    uploaded_at: datetime
    state: State
    changed_at: datetime
    is_forgotten: bool
    tries: int
    kind: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    heading_row: int
    fault: FileFault | None
    fault_about: tuple[str, ...]
    rows: int
    rows_wrong: int
    rows_abroad: int
    problems: Mapping[Kind, int]
    noticed: Notices
    units: Mapping[int, int]
    confirmed_by: str
    cancelled_by: str
    scheduled_for: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    next_block: int
    rows_sent: int
    rows_unsent: int

    @property
    def columns(self) -> Columns:
        return read_columns(self.headings, self.channel, asked_for=(), delimiter=self.delimiter)

    @property
    def rows_done(self) -> int:
        return self.rows_sent + self.rows_unsent


@reading
def get_list(list_id: ListId, *, of: NotifyServiceId | None = None) -> ListView:
    """Return one of the current council's lists (of one notify service, if told).

    :raises ListNotFound: there is none with this id.
    """
    rows = own_rows(models.UploadedList).filter(id=list_id)
    row = (rows if of is None else rows.filter(notify_service_id=of)).first()
    if row is None:
        raise ListNotFound("there is no such list")
    return view_of(row)


@reading
def list_lists(*, of: NotifyServiceId, page: int = 1, size: int = PAGE) -> Page[ListView]:
    """Return a page of a service's lists, the newest first."""
    rows = own_rows(models.UploadedList).filter(notify_service_id=of).order_by("-uploaded_at", "-id")
    start = (page - 1) * size
    return Page([view_of(row) for row in rows[start : start + size]], page, size, rows.count())


@reading
def find_list_sent_before(view: ListView) -> ListView | None:
    """Return the last list that sent, or is going to send, the very same file with the same template."""
    same = own_rows(models.UploadedList).filter(
        notify_service_id=view.notify_service_id,
        template_id=view.template.id,
        sha256=view.sha256,
        state__in=[str(state) for state in WAS_SENT],
    )
    row = same.exclude(id=view.id).order_by("-uploaded_at").first()
    return view_of(row) if row else None


@reading
def left_on(day: date, *, of: NotifyServiceId, counted: str, limit: int) -> int:
    """Return how many messages that are counted under a name are left of a day's limit."""
    rows = own_rows(models.DayCount).filter(notify_service_id=of, counted=counted, day=day)
    return max(0, limit - sum(row.taken for row in rows))


def get_rules(view: ListView, sender: KnownService) -> Rules:
    """Return what decides whether the list's rows can be sent: the words they were uploaded for, and the service."""
    service, template = sender.view, view.template
    is_letter = view.channel is Channel.LETTER
    return Rules(
        channel=view.channel,
        pair=template.pair,
        prefix=service.prefix,
        default=view.language,
        may_text_abroad=service.may_text_abroad,
        may_text_landlines=service.may_text_landlines,
        may_post_abroad=service.may_send_letters_abroad,
        letter_names=tuple(letter_names(template, language_of(template, view.language))) if is_letter else (),
        allowed=None if service.is_live else sender.team | service.guests,
    )


def view_of(row: models.UploadedList) -> ListView:
    return ListView(
        id=ListId(row.id),
        notify_service_id=NotifyServiceId(row.notify_service_id),
        template=get_template(TemplateId(row.template_id), version=row.template_version),
        channel=Channel(row.channel),
        language=shown_language(row.language),
        file_name=row.file_name,
        sha256=bytes(row.sha256),
        file_size=row.file_size,
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        state=State(row.state),
        changed_at=row.changed_at,
        is_forgotten=row.forgotten_at is not None,
        tries=row.tries,
        kind=row.kind,
        encoding=row.encoding,
        delimiter=row.delimiter,
        headings=tuple(row.headings),
        heading_row=row.heading_row,
        fault=FileFault(row.fault) if row.fault else None,
        fault_about=tuple(row.fault_about),
        rows=row.rows_checked,
        rows_wrong=row.rows_wrong,
        rows_abroad=row.rows_abroad,
        noticed=notices_from(row.noticed),
        problems={Kind(kind): count for kind, count in row.problems.items()},
        units={int(multiplier): count for multiplier, count in row.units.items()},
        confirmed_by=row.confirmed_by,
        cancelled_by=row.cancelled_by,
        scheduled_for=row.scheduled_for,
        started_at=row.started_at,
        finished_at=row.finished_at,
        next_block=row.next_block,
        rows_sent=row.rows_sent,
        rows_unsent=row.rows_unsent,
    )
