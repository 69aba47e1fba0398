"""What residents text to a service, for officers: conversations, what each says, and answering."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guildhall.contact.phone_number import NotAPhoneNumber, parse_phone_number
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import officers
from guildhall.kernel.paging import Page, page_number
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.pages.messages import COLOURS, STATUSES
from guildhall.notify.pages.section import MAY_LOOK, MAY_SEND, service_at, show
from guildhall.notify.queries import SendingService
from guildhall.notify.queries.received import (
    ReceivedTextView,
    get_received_text,
    list_conversations,
    list_inbound_numbers,
    list_texts_from,
)
from guildhall.notify.queries.sent import Sought, list_sent

LONGEST_CONVERSATION = 100


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said in a conversation: by us, with what became of it, or by somebody else."""

    body: str
    at: datetime
    status: Status | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever wrote, as officers see them. ``may_be_answered``: they wrote from a number and not under a name."""

    number: str
    may_be_answered: bool


@officers(*MAY_LOOK)
def received(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List the people who wrote to the service, by the last text of each."""
    here = service_at(service)
    listed = list_conversations(of=here.id, page=page_number(in_address(request, "page")))
    rows = [(text, person_of(text)) for text in listed.rows]
    shown = Page(rows, listed.number, listed.size, listed.total)
    facts = {"listed": shown, "numbers": list_inbound_numbers(of=here.id)}
    return show(request, here, "notify/received.html", facts)


@officers(*MAY_LOOK)
def conversation(request: HttpRequest, council: str, service: str, text_id: UUID) -> HttpResponse:
    """Show what somebody and the service wrote to each other, the newest last."""
    here = service_at(service)
    text = get_received_text(text_id, of=here.id)
    facts = {
        "text": text,
        "person": person_of(text),
        "said": _conversation(text, here),
        "statuses": STATUSES,
        "colours": COLOURS,
    }
    return show(request, here, "notify/conversation.html", facts)


@officers(*MAY_SEND)
def answer(request: HttpRequest, council: str, service: str, text_id: UUID) -> HttpResponse:
    """Ask with which template somebody is to be answered."""
    here = service_at(service)
    text = get_received_text(text_id, of=here.id)
    listed = [each for each in queries.list_templates(of=here.id, channel="sms") if not each.is_archived]
    facts = {"text": text, "person": person_of(text), "templates": listed}
    return show(request, here, "notify/answer.html", facts)


def person_of(text: ReceivedTextView) -> Person:
    """Return who wrote a text, with their number as people write it."""
    try:
        return Person(parse_phone_number(f"+{text.user_number}").for_people, may_be_answered=True)
    except NotAPhoneNumber:
        return Person(text.user_number, may_be_answered=False)


def _conversation(text: ReceivedTextView, here: SendingService) -> list[Said]:
    theirs = list_texts_from(text.user_number, of=here.id, size=LONGEST_CONVERSATION)
    to_them = Sought(here.id, channels=(Channel.SMS,), recipient=text.user_number)
    ours = list_sent(to_them, size=LONGEST_CONVERSATION)
    said = [Said(each.content, each.received_at) for each in theirs]
    said += [Said(each.body, each.accepted_at, each.status, each.sent_by) for each in ours]
    return sorted(said, key=lambda each: each.at)[-LONGEST_CONVERSATION:]
