"""Events: stored with the act, delivered under the council they were announced for, refused when nobody listens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from guildhall.config import wiring
from guildhall.kernel import events
from guildhall.kernel.events import Event, UnwiredEvent, announce
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for, find_current_organisation
from guildhall.kernel.transactions import NotInATransaction, transaction


@dataclass(frozen=True)
class ParcelArrived(Event):
    parcel_id: UUID
    arrived_at: datetime


@dataclass(frozen=True)
class NobodyCares(Event):
    parcel_id: UUID


heard: list[tuple[ParcelArrived, UUID | None]] = []


def note_it(event: ParcelArrived, *, now: datetime) -> None:
    heard.append((event, find_current_organisation()))


@pytest.fixture(autouse=True)
def wired(database) -> Iterator[None]:
    heard.clear()
    events.pin_up({ParcelArrived: (note_it,)})
    yield
    wiring.connect()


def arrived() -> ParcelArrived:
    return ParcelArrived(new_id(), datetime.fromisoformat("2026-04-01T09:30:00+00:00"))


def test_a_reaction_hears_the_event_under_the_council_that_announced_it(a, settle):
    event = arrived()
    with acting_for(a), transaction():
        announce(event)
    settle()
    assert heard == [(event, a)]


def test_an_event_of_a_transaction_that_fails_is_never_heard(a, settle):
    with acting_for(a), pytest.raises(ValueError, match="half way"), transaction():
        announce(arrived())
        raise ValueError("half way")
    settle()
    assert heard == []


def test_an_event_that_is_not_wired_is_refused(a):
    with acting_for(a), transaction(), pytest.raises(UnwiredEvent, match="wiring"):
        announce(NobodyCares(new_id()))


def test_announcing_outside_a_transaction_is_refused(a):
    with acting_for(a), pytest.raises(NotInATransaction):
        announce(arrived())
