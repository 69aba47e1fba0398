"""Keeping a service within its caps, in every process at once, without asking the database for each message.

Which services have a cap is remembered for a few seconds; the others pay nothing for it. A service that has one is
given units in blocks, which its purse counts under a row lock; a process counts down its own block. A block that a
process does not use goes back at its next visit, or when nobody has taken anything for so long that it cannot be in
use.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.transaction import on_commit

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.money import in_pounds
from guildhall.kernel.refusals import Invalid, Unavailable
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.metering.domain.cap import Cap, Period, Room, block_of
from guildhall.metering.domain.meters import LETTERS, Meter
from guildhall.metering.models import AgreedCap, Purse
from guildhall.metering.queries.caps import (
    find_cap_against,
    find_tightest,
    get_used,
    list_capped_services,
    list_caps,
)
from guildhall.organisations.operations import Subject, record_audit

KNOWN_FOR = 10.0
"""Seconds until every process knows of a new cap."""

SECONDS_A_BLOCK_LASTS = 5.0
FORGOTTEN_AFTER = timedelta(seconds=120)
"""What was given to a process and is not used by then never will be: no request takes so long."""

_PERIODS = {Period.MONTH: "this month", Period.YEAR: "this financial year"}


class CapReached(Unavailable):
    """The service may not use more before the period ends, or somebody raises its cap."""

    def __init__(self, cap: Cap) -> None:
        limits = [] if cap.pence is None else [in_pounds(cap.pence)]
        limits += [] if cap.units is None else [f"{cap.units:,} text message fragments"]
        super().__init__(
            f"Exceeded spending cap ({' or '.join(limits)}) for {_PERIODS[cap.period]}. "
            "An owner or finance viewer of the council can raise it on the usage page"
        )
        self.cap = cap


class CapsNothing(Invalid):
    """A cap needs an amount, or a number of fragments, that is not negative."""


@dataclass(slots=True)
class _Block:
    """What this process was given of a year ``at`` a moment, and how much of it is left."""

    year: int
    left: int
    size: int
    at: float

    def is_good(self, year: int) -> bool:
        return self.year == year and time.monotonic() <= self.at + SECONDS_A_BLOCK_LASTS

    def is_remembered(self, year: int) -> bool:
        """Whether the purse still counts as taken what is left of this block."""
        return self.year == year and time.monotonic() <= self.at + FORGOTTEN_AFTER.total_seconds() / 2

    @property
    def used_a_second(self) -> float:
        return (self.size - self.left) / max(time.monotonic() - self.at, 0.001)


_capped: Mapping[UUID, OrganisationId] = {}
_known_until = 0.0
_learning = threading.Lock()
_blocks: dict[UUID, _Block] = {}
_taking = threading.Lock()
_asking = tuple(threading.Lock() for _ in range(64))
"""One thread asks for a service's next block; the others wait for what it gets."""


def take_within_cap(service_id: UUID, *, meter: Meter, units: int, is_emergency: bool, now: datetime) -> None:
    """Take the units that a message is about to use, if the service's caps leave room for all of them.

    An emergency message always passes; what it uses is counted, and what of it is past a cap is reported. Inside an
    open transaction the units are taken with it; else at once, and a message that is not sent after all has used them
    until the purse is next added up.

    A letter takes nothing yet: it is charged when it is printed. It is refused when what has been charged by now
    leaves too little for it.

    :param units: fragments of texts times their country's multiplier; sheets of a letter, as far as they are known.
        Emails and payments cost nothing and pass.
    :raises CapReached: the cap named in it leaves no room.
    """
    if meter is not Meter.SMS_FRAGMENTS and meter not in LETTERS:
        return
    organisation_id = _organisation_if_capped(service_id)
    if organisation_id is None:
        return
    if meter in LETTERS:
        if not is_emergency:
            _check_letter(organisation_id, service_id, meter, units, now)
        return
    if connection.in_atomic_block:
        _Take(service_id, now, is_emergency).of_purse(units, spare=0, returned=0)
        return
    if _take_held(service_id, units, _year(now)):
        return
    with _asking[hash(service_id) % len(_asking)]:
        if not _take_held(service_id, units, _year(now)):
            _take_new_block(organisation_id, service_id, units, is_emergency, now)


@transaction
def agree_cap(service_id: UUID, cap: Cap, *, actor: PersonId, now: datetime) -> None:
    """Cap what a service of the current council may use, instead of what was agreed for that period before.

    It holds in every process within ten seconds.

    :raises CapsNothing: it names neither an amount nor a number, or a negative one.
    """
    if (cap.pence is None and cap.units is None) or (cap.pence or 0) < 0 or (cap.units or 0) < 0:
        raise CapsNothing("a cap needs an amount or a number of fragments")
    on_commit(forget_caps)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_agreedcap (id, service_id, period, pence, units, agreed_at) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (organisation_id, service_id, period) DO UPDATE SET "
            "pence = excluded.pence, units = excluded.units, agreed_at = excluded.agreed_at",
            [new_id(), service_id, str(cap.period), cap.pence, cap.units, now],
        )
    limits = {"pence": cap.pence, "units": cap.units}
    details = {"period": str(cap.period)} | {name: str(each) for name, each in limits.items() if each is not None}
    _audit("cap.agreed", service_id, details, actor=actor, now=now)


@transaction
def lift_cap(service_id: UUID, period: Period, *, actor: PersonId, now: datetime) -> None:
    """Take a service's cap off. Saying it again changes nothing."""
    on_commit(forget_caps)
    lifted, _ = own_rows(AgreedCap).filter(service_id=service_id, period=str(period)).delete()
    if lifted:
        _audit("cap.lifted", service_id, {"period": str(period)}, actor=actor, now=now)


def forget_caps() -> None:
    """Notice a change to caps that this process has made."""
    global _known_until
    _known_until = 0.0


def _check_letter(organisation_id: OrganisationId, service_id: UUID, meter: Meter, sheets: int, now: datetime) -> None:
    with acting_for(organisation_id):
        cap = find_cap_against(service_id, meter, sheets=max(1, sheets), today=clock.london_day(now))
    if cap is not None:
        raise CapReached(cap)


def _organisation_if_capped(service_id: UUID) -> OrganisationId | None:
    if time.monotonic() > _known_until:
        _learn()
    return _capped.get(service_id)


def _learn() -> None:
    """Learn which services have a cap. One thread asks; whoever comes later waits for what it learns."""
    global _capped, _known_until
    with _learning:
        if time.monotonic() > _known_until:
            until = time.monotonic() + KNOWN_FOR
            _capped = list_capped_services()
            _known_until = until


def _take_held(service_id: UUID, units: int, year: int) -> bool:
    with _taking:
        block = _blocks.get(service_id)
        if block is None or not block.is_good(year) or block.left < units:
            return False
        block.left -= units
        return True


def _take_new_block(
    organisation_id: OrganisationId, service_id: UUID, units: int, is_emergency: bool, now: datetime
) -> None:
    """Give back what is left of the old block, take a new one, and the units from that."""
    year = _year(now)
    with _taking:
        old = _blocks.pop(service_id, None)
    returned = old.left if old is not None and old.is_remembered(year) else 0
    spare = round(old.used_a_second * SECONDS_A_BLOCK_LASTS) if old is not None else 0
    try:
        with acting_for(organisation_id), transaction():
            granted = _Take(service_id, now, is_emergency).of_purse(units, spare=spare, returned=returned)
    except BaseException:
        if old is not None:
            _blocks[service_id] = old  # the purse still counts it as taken
        raise
    _blocks[service_id] = _Block(year, granted - units, granted, time.monotonic())


@dataclass(frozen=True)
class _Take:
    """One visit to the purse of a service, as a step of a transaction of its council."""

    service_id: UUID
    now: datetime
    is_emergency: bool

    @part_of_a_transaction
    def of_purse(self, units: int, *, spare: int, returned: int) -> int:
        """Take ``units`` and, if there is room, some more; return how many. ``returned`` are given back first.

        :raises CapReached: there is no room for ``units``, and it is no emergency.
        """
        purse, today = self._opened(), clock.london_day(self.now)
        used = get_used(self.service_id, today)
        is_idle = purse.taken_at < self.now - FORGOTTEN_AFTER
        taken = used.units if is_idle else max(used.units, purse.taken - returned)
        with_others = used.and_more(taken - used.units, today)
        room = find_tightest(self.service_id, list_caps(self.service_id), with_others, today)
        if room is not None and room.units < units and not self.is_emergency:
            raise CapReached(room.cap)
        granted = _grant(room, units, spare)
        past_cap = max(0, units - room.units) if room is not None else 0
        own_rows(Purse).filter(id=purse.id).update(
            taken=taken + granted, taken_at=self.now, past_cap=purse.past_cap + past_cap
        )
        return granted

    def _opened(self) -> Purse:
        """Return the year's purse, held until the transaction ends; an empty one is made when there is none."""
        year = _year(self.now)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO metering_purse (id, service_id, year, taken, taken_at, past_cap) "
                "VALUES (%s, %s, %s, 0, %s, 0) ON CONFLICT DO NOTHING",
                [new_id(), self.service_id, year, self.now],
            )
        return own_rows(Purse).select_for_update().get(service_id=self.service_id, year=year)


def _grant(room: Room | None, units: int, spare: int) -> int:
    return units if room is None else block_of(room.units, wanted=units, expected=units + spare)


def _year(now: datetime) -> int:
    return clock.financial_year(clock.london_day(now))


def _audit(action: str, service_id: UUID, details: Mapping[str, str], *, actor: PersonId, now: datetime) -> None:
    subject = Subject("service", service_id, service_id=service_id)
    record_audit(action, subject, actor=actor, now=now, details=details)
