"""Telling a council's owners and finance viewers by email how much of an allowance or cap is used."""

from datetime import datetime

from babel.dates import format_date

from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.thresholds import WHOLE
from guildhall.metering.events import AllowanceThresholdReached
from guildhall.metering.queries import ALLOWANCE
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.template import Words
from guildhall.notify.operations.own_messages import OwnMessage, send
from guildhall.notify.operations.services import ensure_default_notify_service
from guildhall.notify.operations.templates import ensure_template
from guildhall.organisations import queries as organisations
from guildhall.organisations.queries import Membership

TOLD = frozenset({Role.OWNER, Role.FINANCE_VIEWER})
_LARGEST_TEAM = 10_000

_ENGLISH = Words(
    "((percent))% of ((limit)) is used: ((service))",
    "((service)) has used ((percent))% of ((limit)) since ((begins_on)).\n\n((what_then))\n\n"
    "See what is used, and what it costs, under Usage in ((council)) on Guildhall.",
)
_WELSH = Words(
    "Mae ((percent))% o ((limit_cy)) wedi’i ddefnyddio: ((service_cy))",
    "Mae ((service_cy)) wedi defnyddio ((percent))% o ((limit_cy)) ers ((begins_on_cy)).\n\n((what_then_cy))\n\n"
    "Gweler beth a ddefnyddiwyd, a beth mae’n ei gostio, dan Defnydd ar dudalennau ((council_cy)) ar Guildhall.",
)
_LIMITS = {
    ALLOWANCE: ("its free text messages of the year", "ei negeseuon testun am ddim am y flwyddyn"),
    "month": ("its cap for the month", "ei gap am y mis"),
    "year": ("its cap for the financial year", "ei gap am y flwyddyn ariannol"),
}


def tell_of_threshold(event: AllowanceThresholdReached, *, now: datetime) -> None:
    """Write to everybody who owns or looks after the money of the current council, once."""
    council = organisations.get_service_by_id(ServiceId(event.service_id)).organisation_id
    name = organisations.get_council_by_id(council)
    notify_service_id = ensure_default_notify_service(name.named("en"), now=now)
    words = _words(event) | {"council": name.named("en"), "council_cy": name.named("cy")}
    told = [each for each in organisations.list_members(size=_LARGEST_TEAM).rows if not TOLD.isdisjoint(each.roles)]
    with transaction():
        _ensure_template(notify_service_id)
        for member in told:
            send(_letter(event, member, notify_service_id, words), now=now)


def _letter(
    event: AllowanceThresholdReached, member: Membership, sender: NotifyServiceId, words: dict[str, str]
) -> OwnMessage:
    occasion = f"{event.service_id}:{event.limited_by}:{event.begins_on}:{event.percent}:{member.person_id}"
    return OwnMessage(
        notify_service_id=sender,
        template_key="notify.threshold",
        channel="email",
        to=member.email,
        language=None,
        personalisation=words,
        reference="",
        once_key=f"notify:threshold:{occasion}",
    )


def _words(event: AllowanceThresholdReached) -> dict[str, str]:
    service = organisations.get_service_by_id(ServiceId(event.service_id)).name
    limit, limit_cy = _LIMITS[event.limited_by]
    then, then_cy = _what_then(event)
    return {
        "service": service.en,
        "service_cy": service.cy or service.en,
        "percent": str(event.percent),
        "limit": limit,
        "limit_cy": limit_cy,
        "begins_on": format_date(event.begins_on, "d MMMM y", locale="en_GB"),
        "begins_on_cy": format_date(event.begins_on, "d MMMM y", locale="cy"),
        "what_then": then,
        "what_then_cy": then_cy,
    }


def _what_then(event: AllowanceThresholdReached) -> tuple[str, str]:
    if event.limited_by == ALLOWANCE:
        return (
            "Text messages beyond the free ones are charged.",
            "Codir tâl am negeseuon testun y tu hwnt i’r rhai am ddim.",
        )
    if event.percent < WHOLE:
        return (
            "When the cap is reached, only emergency messages are sent until the period ends or the cap is raised.",
            "Pan gyrhaeddir y cap, dim ond negeseuon brys a anfonir nes i’r cyfnod ddod i ben neu nes codir y cap.",
        )
    return (
        "Only emergency messages are sent until the period ends or an owner or finance viewer raises the cap.",
        "Dim ond negeseuon brys a anfonir nes i’r cyfnod ddod i ben neu i berchennog neu wyliwr cyllid godi’r cap.",
    )


def _ensure_template(notify_service_id: NotifyServiceId) -> None:
    ensure_template(
        "notify.threshold",
        notify_service_id=notify_service_id,
        channel=Channel.EMAIL,
        name="Allowance or cap nearly used",
        english=_ENGLISH,
        welsh=_WELSH,
    )
