"""One list: what was found in it, how it will read, and how far it has come."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import officers
from guildhall.metering import queries as metering
from guildhall.metering.queries import CostPreview
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.checking import CheckedRow, check_row
from guildhall.notify.domain.lists.life import State
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.pages.lists.letters import ShownLetter, show_letter
from guildhall.notify.pages.lists.listing import needed_columns, upload_form
from guildhall.notify.pages.lists.noticing import REMARKED, notices_of, remark_about, remark_words
from guildhall.notify.pages.lists.showing import shown_rows
from guildhall.notify.pages.lists.wording import (
    PROBLEMS,
    STATE_COLOURS,
    STATES,
    fault_words,
    messages_in,
    name_of_place,
    status_words,
    words_of,
)
from guildhall.notify.pages.previews import Preview, previews_of
from guildhall.notify.pages.section import MAY_SEND, service_at, show
from guildhall.notify.queries import SendingService
from guildhall.notify.queries.lists import (
    ListedRow,
    ListView,
    count_statuses,
    find_list_sent_before,
    find_row,
    get_list,
    get_rules,
    list_first_rows,
    list_wrong_rows,
)
from guildhall.notify.queries.lists.outcomes import FAILED
from guildhall.notify.queries.remembered import known_service

FIRST_ROWS, WRONG_ROWS = 10, 20
UNDER_WAY = (State.CHECKING, State.SCHEDULED, State.SENDING)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a list's rows are where, in the words and the order of the page."""

    delivered: int
    sending: int
    failed: int
    waiting: int


@officers(*MAY_SEND)
def shown_list(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Show a list: what is wrong with it, or how it will read and what it costs, or what became of it."""
    here = service_at(service)
    view = get_list(ListId(list_id), of=here.id)
    facts = {
        "list": view,
        "states": STATES,
        "colours": STATE_COLOURS,
        "fault": fault_words(view.fault, view.fault_about) if view.fault else None,
        "problem_words": PROBLEMS,
        "messages": messages_in(view),
        "notices": notices_of(view),
        "done": in_address(request, "done"),
        **_FACTS[view.state](view, here),
    }
    return show(request, here, "notify/lists/list.html", facts)


@officers(*MAY_SEND)
def row(request: HttpRequest, council: str, service: str, list_id: UUID, number: int) -> HttpResponse:
    """Show what one row's message will say, in each language of the template."""
    here = service_at(service)
    view = get_list(ListId(list_id), of=here.id)
    place = find_row(view.id, number)
    if place is None:
        raise Http404("the list has no such row")
    checked = checked_row(view, place.listed)
    facts = {
        "list": view,
        "place": place,
        "checked": checked,
        "letter": letter_of_row(view, checked),
        "previews": previews_of_row(view, checked, here),
        "words_of": words_of,
        "remark_words": remark_words,
        "remark_about": remark_about,
        "name_of_place": name_of_place,
    }
    return show(request, here, "notify/lists/row.html", facts)


@officers(*MAY_SEND)
def progress(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Tell the page's script how far a list has come."""
    view = get_list(ListId(list_id), of=service_at(service).id)
    return JsonResponse({"state": view.state, "done": view.rows_done, "words": progress_words(view)})


def progress_words(view: ListView) -> str:
    """Return how far a list has come, in a sentence."""
    if view.state is State.CHECKING:
        said = ngettext("%(rows)s row checked so far", "%(rows)s rows checked so far", view.rows)
        return said % {"rows": f"{view.rows:,}"}
    facts = {"done": f"{view.rows_done:,}", "rows": f"{view.rows:,}"}
    return _("%(done)s of %(rows)s rows are done") % facts


def cost_of_list(view: ListView, here: SendingService, *, on: date) -> CostPreview | None:
    """Return what a list of texts costs when it goes out on a day; None where messages cost nothing."""
    if view.channel is not Channel.SMS:
        return None
    units = sum(multiplier * count for multiplier, count in view.units.items())
    return metering.cost_preview(here.id, units={on: units}, now=clock.now())


def checked_row(view: ListView, listed: ListedRow) -> CheckedRow:
    """Return a row as it is now, with whom it is for."""
    return check_row(listed.row, view.columns, get_rules(view, known_service(view.notify_service_id)))


def letter_of_row(view: ListView, checked: CheckedRow) -> ShownLetter | None:
    """Return a row's letter as it will be printed; None for other channels."""
    return show_letter(view, checked) if view.channel is Channel.LETTER else None


def letter_of_list(view: ListView) -> ShownLetter | None:
    """Return the letter of a list's first row; None for other channels."""
    rows = list_first_rows(view.id, most=1)
    return letter_of_row(view, checked_row(view, rows[0])) if rows else None


def previews_of_row(view: ListView, checked: CheckedRow, here: SendingService) -> list[Preview]:
    """Return what a row's message says in each language. A letter is shown as its pages."""
    if view.channel is Channel.LETTER:
        return []
    asked = (*view.template.pair.english.names, *view.template.pair.welsh.names)
    given = {name: view.columns.value(name, checked.row.cells) or None for name in asked}
    return previews_of(view.template.pair, view.channel, prefix=here.sender.prefix, given=Personalisation(given))


def _facts_of_wrong(view: ListView, here: SendingService) -> dict[str, object]:
    template = queries.get_template(view.template.id, of=here.id)
    return {
        "rows": shown_rows(list_wrong_rows(view.id, most=WRONG_ROWS), view.headings),
        "form": upload_form(template, language=view.language),
        "columns": needed_columns(template),
    }


def _facts_of_ready(view: ListView, here: SendingService) -> dict[str, object]:
    rows = list_first_rows(view.id, most=FIRST_ROWS)
    return {
        "rows": shown_rows(rows, view.headings),
        "first": rows[0].row.number if rows else None,
        "previews": previews_of_row(view, checked_row(view, rows[0]), here) if rows else [],
        "cost": cost_of_list(view, here, on=clock.london_day(clock.now())),
        "letter": letter_of_list(view),
        "sent_before": find_list_sent_before(view),
        "noticed_in_rows": any(noticed in REMARKED for noticed in view.noticed),
    }


def _facts_under_way(view: ListView, here: SendingService) -> dict[str, object]:
    return {"counts": _counts(view), "progress_words": progress_words(view)}


def _facts_of_finished(view: ListView, here: SendingService) -> dict[str, object]:
    found = count_statuses(view)
    return {
        "counts": _counts(view),
        "progress_words": progress_words(view),
        "statuses": [(status_words(status), found[status]) for status in Status if found.get(status)],
    }


def _facts_of_nothing(view: ListView, here: SendingService) -> dict[str, object]:
    return {}


def _counts(view: ListView) -> Counts:
    found = count_statuses(view)
    failed = sum(count for status, count in found.items() if status in FAILED) + view.rows_unsent
    delivered = found.get(Status.DELIVERED, 0) + found.get(Status.SENT, 0)
    sending = found.get(Status.SENDING, 0) + found.get(Status.PENDING, 0) + found.get(Status.CREATED, 0)
    return Counts(delivered, sending, failed, view.rows - view.rows_done)


_FACTS = {
    State.CHECKING: _facts_under_way,
    State.UNREADABLE: _facts_of_wrong,
    State.WRONG: _facts_of_wrong,
    State.READY: _facts_of_ready,
    State.SCHEDULED: _facts_under_way,
    State.SENDING: _facts_under_way,
    State.FINISHED: _facts_of_finished,
    State.CANCELLED: _facts_of_nothing,
}
