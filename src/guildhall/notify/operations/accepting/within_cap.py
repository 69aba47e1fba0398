"""Keeping what is accepted within the caps that the council agreed for its service."""

from collections.abc import Sequence
from datetime import datetime

from guildhall.metering.operations import take_within_cap
from guildhall.notify.operations.accepting.preparing import Prepared
from guildhall.organisations.domain.keys import KeyKind


def stay_within_cap(prepared: Prepared, *, now: datetime) -> None:
    """Take what a message uses from what its service's caps leave. What nobody gets uses nothing.

    :raises CapReached: they leave too little, and the template is none for emergencies.
    """
    stay_all_within_cap((prepared,), now=now)


def stay_all_within_cap(messages: Sequence[Prepared], *, now: datetime) -> None:
    """Take what many messages of one service and template use from what its caps leave: all of it or nothing.

    :raises CapReached: they leave too little, and the template is none for emergencies.
    """
    used = [each for each in messages if each.kind is not KeyKind.TEST and not each.is_simulated]
    if used:
        first = used[0]
        take_within_cap(
            first.service.id,
            meter=first.meter,
            units=sum(map(_units, used)),
            is_emergency=first.template.is_emergency,
            now=now,
        )


def _units(prepared: Prepared) -> int:
    number = prepared.wanted.number
    return prepared.quantity * (number.rate_multiplier if number else 1)
