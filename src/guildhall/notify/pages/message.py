"""One message that was sent: what it said, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.languages import Text
from guildhall.design.pages.speaking import current_language
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import officers
from guildhall.notify import queries
from guildhall.notify.domain.delivery import FINISHED, Channel, Status
from guildhall.notify.domain.email_message import write_html
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.pages.messages import COLOURS, STATUSES
from guildhall.notify.pages.previews import cost_of, in_our_looks
from guildhall.notify.pages.section import MAY_LOOK, service_at, show
from guildhall.notify.pages.wording import CHANNELS
from guildhall.notify.queries import MessageView

WHAT_NEXT = {
    Status.TEMPORARY_FAILURE: Text("You can send it again later.", "Gallwch ei hanfon eto yn nes ymlaen."),
    Status.PERMANENT_FAILURE: Text(
        "Ask the person for the right address or number, and send it again.",
        "Gofynnwch i’r person am y cyfeiriad neu’r rhif cywir, ac anfonwch hi eto.",
    ),
    Status.TECHNICAL_FAILURE: Text(
        "Send it again. If it fails again, give the message’s ID, below, to whoever runs this installation.",
        "Anfonwch hi eto. Os bydd yn methu eto, rhowch ID y neges, isod, i bwy bynnag sy’n rhedeg y gosodiad hwn.",
    ),
}
"""What an officer can do about a message that did not arrive."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a message."""

    words: str
    at: datetime
    note: str = ""


@officers(*MAY_LOOK)
def message(request: HttpRequest, council: str, service: str, message_id: UUID) -> HttpResponse:
    """Show a message as it was sent, and what has become of it so far."""
    here = service_at(service)
    shown = queries.get_message(MessageId(message_id), of=here.id)
    is_text = shown.channel is Channel.SMS
    facts = {
        "message": shown,
        "steps": _steps(shown),
        "is_over": shown.status in FINISHED,
        "body": shown.body if is_text else in_our_looks(write_html(shown.body)),
        "cost": cost_of(shown.fragments * shown.rate_multiplier) if is_text else "",
        "status": STATUSES.get(shown.status, Text(str(shown.status))),
        "colour": COLOURS.get(shown.status, "govuk-tag--blue"),
        "channels": CHANNELS,
        "what_next": WHAT_NEXT.get(shown.status),
        "done": in_address(request, "done"),
    }
    return show(request, here, "notify/message.html", facts)


def _steps(shown: MessageView) -> list[Step]:
    """Return what happened, the latest first."""
    steps = [Step(_("Accepted"), shown.accepted_at, shown.sent_by)]
    if shown.scheduled_for is not None and shown.sent_at is None:
        steps.append(Step(_("To be sent"), shown.scheduled_for))
    if shown.sent_at is not None:
        steps.append(Step(_("Handed to the provider"), shown.sent_at))
    if shown.completed_at is not None and shown.status is not Status.SENT:
        steps.append(Step(_outcome(shown.status), shown.completed_at, shown.problem))
    return steps[::-1]


def _outcome(status: Status) -> str:
    words = STATUSES.get(status, Text(str(status)))
    return words.in_(current_language())
