"""The noticeboard: news goes up, and nobody who announces knows who listens.

An event is a frozen dataclass of ids and short codes. Announcing it stores, in the announcer's own transaction,
one delivery for each reaction wired to it in ``config/wiring.py``; the worker runs them later, each under the
council that was acting. A delivery happens at least once, so a reaction must be idempotent by a constraint.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.tenancy import acting_for, find_current_organisation
from guildhall.kernel.transactions import part_of_a_transaction


class Event:
    """News about something that has happened. Subclasses are frozen dataclasses of ids, codes, numbers and instants."""


Reaction = Callable[..., None]
"""``(event, *, now)``: what a module does on hearing it, in the worker, at least once, under the event's council."""


class UnwiredEvent(Exception):
    """An event was announced that ``config/wiring.py`` does not list, so it would be lost."""


Wiring = Mapping[type[Event], tuple[Reaction, ...]]

_wiring: dict[type[Event], tuple[Reaction, ...]] = {}
_events_by_name: dict[str, type[Event]] = {}
_reactions_by_name: dict[str, Reaction] = {}


def pin_up(wiring: Wiring) -> None:
    """Install the wiring. Called once, by the composition root; calling it again replaces the wiring."""
    for registry in (_wiring, _events_by_name, _reactions_by_name):
        registry.clear()
    for event, reactions in wiring.items():
        _wiring[event] = reactions
        _events_by_name[_name(event)] = event
        _reactions_by_name.update({_name(reaction): reaction for reaction in reactions})


@part_of_a_transaction
def announce(event: Event) -> None:
    """Store one delivery of ``event`` for each of its reactions; they exist exactly if the transaction commits.

    :raises UnwiredEvent: nobody has said what should follow from this event.
    """
    if type(event) not in _wiring:
        raise UnwiredEvent(f"{_name(type(event))} is not wired: list it in config/wiring.py, if only with no reaction")
    organisation_id = find_current_organisation()
    for reaction in _wiring[type(event)]:
        _deliver_later.defer(
            reaction=_name(reaction),
            event=_name(type(event)),
            facts=msgspec.to_builtins(event),
            organisation=str(organisation_id) if organisation_id else None,
        )


def deliver(*, reaction: str, event: str, facts: dict[str, Any], organisation: str | None) -> None:
    """Run one stored delivery under the council it was announced for."""
    news = msgspec.convert(facts, _events_by_name[event])
    with acting_for(OrganisationId(UUID(organisation)) if organisation else None):
        _reactions_by_name[reaction](news, now=clock.now())


def _name(named: Callable[..., Any] | type[Event]) -> str:
    return f"{named.__module__}.{named.__qualname__}"


_deliver_later = app.task(
    name="guildhall.kernel.events.deliver",
    queue="reactions",
    retry=RetryStrategy(max_attempts=14, exponential_wait=2),
)(deliver)
