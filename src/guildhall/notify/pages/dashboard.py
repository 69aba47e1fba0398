"""What became of a service's messages in the last days, in figures: by channel, by template, by day."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.audiences import officers
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.facts import Figures, figures_of
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.pages.messages import DAYS, STATUSES
from guildhall.notify.pages.section import MAY_SEE_FIGURES, service_at, show
from guildhall.notify.pages.wording import CHANNELS
from guildhall.notify.queries.facts import Counted, count_messages, name_templates

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class TemplateFigures:
    """A template with what became of its messages."""

    id: TemplateId
    name: str
    channel: Channel
    figures: Figures


@officers(*MAY_SEE_FIGURES)
def dashboard(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Show the last seven days, today included: each channel, and the templates that failed most."""
    here = service_at(service)
    days = _last_days()
    counted = count_messages(of=here.id, since=days[-1], until=days[0])
    by_channel = _figures(counted, lambda each: each.channel)
    facts = {
        "days": DAYS,
        "channels": [(channel, CHANNELS[channel], by_channel.get(channel, Figures())) for channel in Channel],
        "channel_names": CHANNELS,
        "templates": _templates(counted, name_templates({each.template_id for each in counted}, of=here.id)),
    }
    return show(request, here, "notify/dashboard.html", facts)


@officers(*MAY_SEE_FIGURES)
def template_figures(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Show what became of one template's messages, by day and by status."""
    here, days = service_at(service), _last_days()
    template = queries.get_template(TemplateId(template_id), of=here.id)
    counted = count_messages(of=here.id, since=days[-1], until=days[0], template_id=template.id)
    by_day = _figures(counted, lambda each: each.accepted_on)
    by_status: defaultdict[Status, int] = defaultdict(int)
    for each in counted:
        by_status[each.status] += each.messages
    facts = {
        "template": template,
        "days": [(day, by_day.get(day, Figures())) for day in days],
        "whole": figures_of((each.status, each.messages) for each in counted),
        "by_status": [(STATUSES[status], by_status[status]) for status in STATUSES if by_status.get(status)],
    }
    return show(request, here, "notify/template-figures.html", facts)


def _last_days() -> Sequence[date]:
    """Return the last days in London, today first."""
    today = clock.london_day(clock.now())
    return [today - timedelta(days=ago) for ago in range(DAYS)]


def _figures(counted: Iterable[Counted], key: Callable[[Counted], Key]) -> Mapping[Key, Figures]:
    found: dict[Key, list[Counted]] = defaultdict(list)
    for each in counted:
        found[key(each)].append(each)
    return {name: figures_of((each.status, each.messages) for each in parts) for name, parts in found.items()}


def _templates(counted: Sequence[Counted], names: Mapping[TemplateId, str]) -> list[TemplateFigures]:
    """Return the templates that were used, those that failed most often first."""
    channels = {each.template_id: each.channel for each in counted}
    by_template = _figures(counted, lambda each: each.template_id)
    used = [
        TemplateFigures(template, names[template], channels[template], figures)
        for template, figures in by_template.items()
        if template in names
    ]
    return sorted(used, key=lambda each: (-each.figures.failed, -each.figures.total, each.name.lower()))
