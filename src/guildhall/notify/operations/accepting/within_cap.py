"""Keeping what is accepted within the caps that the council agreed for its service."""

from datetime import datetime

from guildhall.metering.operations import take_within_cap
from guildhall.notify.operations.accepting.preparing import Prepared
from guildhall.organisations.domain.keys import KeyKind


def stay_within_cap(prepared: Prepared, *, now: datetime) -> None:
    """Take what a message uses from what its service's caps leave. What nobody gets uses nothing.

    :raises CapReached: they leave too little, and the template is none for emergencies.
    """
    if prepared.kind is KeyKind.TEST or prepared.is_simulated:
        return
    number = prepared.wanted.number
    take_within_cap(
        prepared.service.id,
        meter=prepared.meter,
        units=prepared.quantity * (number.rate_multiplier if number else 1),
        is_emergency=prepared.template.is_emergency,
        now=now,
    )
