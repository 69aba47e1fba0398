"""What a service has sent, for officers: by recipient or reference, by channel and outcome, as a page or as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.contact.email_address import normalise_email_address
from guildhall.contact.phone_number import NotAPhoneNumber, parse_phone_number
from guildhall.design.forms import Form, Option, SelectField, TextField, taking
from guildhall.design.languages import Text
from guildhall.design.pages.downloads import as_csv
from guildhall.design.pages.speaking import current_language
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import officers
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.outside import read_id
from guildhall.kernel.tenancy import acting_for, current_organisation
from guildhall.kernel.text import clean_identifier
from guildhall.kernel.visitor import Language
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.facts import ARRIVED, FAILED, UNDER_WAY
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.pages.messages import COLOURS, STATUSES
from guildhall.notify.pages.section import MAY_LOOK, service_at, show
from guildhall.notify.pages.wording import CHANNELS
from guildhall.notify.queries import MessageView, Sought

PAGE = 50
LONGEST_SEARCH = 1_000
"""Characters: programs' references have as many."""

PIECE = 1000
"""Rows of the file that are fetched at a time."""

OUTCOMES: dict[str, tuple[Text, Sequence[Status]]] = {
    "under-way": (Text("On their way", "Ar eu ffordd"), sorted(UNDER_WAY)),
    "arrived": (Text("Arrived", "Wedi cyrraedd"), sorted(ARRIVED)),
    "failed": (Text("Failed", "Wedi methu"), sorted(FAILED)),
    "cancelled": (Text("Cancelled", "Canslwyd"), (Status.CANCELLED,)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the officer asked for, as it was typed and chosen; what there is not counts as everything."""

    search: str
    channel: str
    status: str

    @property
    def query(self) -> str:
        asked = {"search": self.search, "channel": self.channel, "status": self.status}
        return urlencode({name: value for name, value in asked.items() if value})


@officers(*MAY_LOOK)
def sent(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List what a service has sent, the newest first, a page at a time."""
    here, filters = service_at(service), _filters(request)
    older_than = _older_than(request)
    found = _find(filters, here.id, size=PAGE + 1, older_than=older_than)
    facts = {
        "form": _form(filters),
        "messages": found[:PAGE],
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "is_first": older_than is None,
        "filters": filters,
        "statuses": STATUSES,
        "colours": COLOURS,
        "channels": CHANNELS,
    }
    return show(request, here, "notify/sent.html", facts)


@officers(*MAY_LOOK)
def download(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Give what the page lists, all of it, as a spreadsheet file, written while it is being fetched."""
    here, filters = service_at(service), _filters(request)
    language, day = current_language(), clock.london_day(clock.now())
    rows = _rows(filters, here.id, current_organisation(), language)
    return as_csv(_HEADINGS[language], rows, f"{here.slug}-{day.isoformat()}.csv")


def _filters(request: HttpRequest) -> Filters:
    channel, status = in_address(request, "channel"), in_address(request, "status")
    return Filters(
        search=taking.as_it_is(in_address(request, "search", longest=LONGEST_SEARCH)),
        channel=channel if channel in set(Channel) else "",
        status=status if status in OUTCOMES else "",
    )


def _older_than(request: HttpRequest) -> MessageId | None:
    found = read_id(in_address(request, "older_than"))
    return MessageId(found) if found else None


def _find(
    filters: Filters, of: NotifyServiceId, *, size: int, older_than: MessageId | None = None
) -> Sequence[MessageView]:
    """Return the newest messages that were asked for. Words typed are a recipient, or else a reference."""
    everything = Sought(
        of=of,
        channels=(Channel(filters.channel),) if filters.channel else tuple(Channel),
        statuses=OUTCOMES[filters.status][1] if filters.status else tuple(Status),
    )
    if not filters.search:
        return queries.list_sent(everything, size=size, older_than=older_than)
    meant = [
        replace(everything, recipient=_recipient(filters.search)),
        *(replace(everything, reference=reference) for reference in _references(filters.search)),
    ]
    found = (queries.list_sent(sought, size=size, older_than=older_than) for sought in meant)
    return next(filter(None, found), [])


def _recipient(typed: str) -> str:
    """Return a recipient as messages keep it."""
    try:
        return parse_phone_number(typed).digits
    except NotAPhoneNumber:
        return normalise_email_address(typed)


def _references(typed: str) -> list[str]:
    """Return a reference to the letter, as programs give it, and as it was meant by somebody who typed it."""
    return list(dict.fromkeys((typed, clean_identifier(typed))))


def _form(filters: Filters) -> Form:
    language = current_language()
    channels = [Option(str(channel), name.in_(language)) for channel, name in CHANNELS.items()]
    outcomes = [Option(word, name.in_(language)) for word, (name, _statuses) in OUTCOMES.items()]
    return Form(
        TextField(
            "search",
            _("Recipient or reference"),
            _("A whole email address, phone number or reference"),
            takes=taking.as_it_is,
        ),
        SelectField("channel", _("Sent as"), options=[Option("", _("All")), *channels]),
        SelectField("status", _("What has become of it"), options=[Option("", _("All")), *outcomes]),
        values={"search": filters.search, "channel": filters.channel, "status": filters.status},
    )


def _rows(
    filters: Filters, of: NotifyServiceId, organisation_id: OrganisationId, language: Language
) -> Iterator[Sequence[str]]:
    """Yield the file's rows; each piece is fetched in a transaction of its own, for the council that asked."""
    older_than = None
    while True:
        with acting_for(organisation_id):
            found = _find(filters, of, size=PIECE, older_than=older_than)
        yield from (_cells(each, language) for each in found)
        if len(found) < PIECE:
            return
        older_than = found[-1].id


_HEADINGS: dict[Language, Sequence[str]] = {
    "en": (
        *("Recipient", "Template", "Sent as", "Reference", "Sent by", "Status", "Accepted", "Sent", "Finished"),
        "Problem",
    ),
    "cy": (
        *("Derbynnydd", "Templed", "Anfonwyd fel", "Cyfeirnod", "Anfonwyd gan", "Statws", "Derbyniwyd", "Anfonwyd"),
        *("Gorffennwyd", "Problem"),
    ),
}


def _cells(message: MessageView, language: Language) -> Sequence[str]:
    moments = (message.accepted_at, message.sent_at, message.completed_at)
    accepted, sent, completed = (
        at.astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M:%S") if at else "" for at in moments
    )
    return (
        message.recipient_as_given,
        message.template.name,
        CHANNELS[message.channel].in_(language),
        message.reference or "",
        message.sent_by,
        STATUSES[message.status].in_(language),
        accepted,
        sent,
        completed,
        message.problem,
    )
