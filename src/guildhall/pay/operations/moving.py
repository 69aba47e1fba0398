"""One step of a payment: legal or refused, guarded by its version, written down, and followed by what it means.

Every change of state in this module goes through ``move``. Two movers at once cannot both win: the second finds
another version and its whole transaction is refused. A payment counts as used, and is announced as settled, in the
transaction that records that its money was taken: an attempt that fails costs the council nothing.
"""

from datetime import datetime
from typing import Any

from guildhall.kernel.events import announce
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import record_use
from guildhall.pay.domain.states import State, event_of, standing
from guildhall.pay.events import PaymentFailed, PaymentSettled
from guildhall.pay.models import Payment, PaymentEvent

METERING_SOURCE = "pay.payment"


class PaymentMoved(Conflict):
    """Somebody else moved the payment first; look again."""


@part_of_a_transaction
def move(payment: Payment, *path: State, now: datetime, **facts: Any) -> None:
    """Move a payment along ``path``, keeping ``facts`` about it, and see to what follows from each step.

    :raises IllegalStep: a payment in its state cannot go there.
    :raises PaymentMoved: it is not where ``payment`` was read any more.
    """
    for state in path:
        _step(payment, state, now, facts)


def _step(payment: Payment, after: State, now: datetime, facts: dict[str, Any]) -> None:
    before = State(payment.state)
    name = event_of(before, after)
    changes = {"state": after.value, "version": payment.version + 1, "moved_at": now, **facts}
    if not Payment.objects.filter(id=payment.id, version=payment.version).update(**changes):
        raise PaymentMoved("the payment has moved on")
    for column, value in changes.items():
        setattr(payment, column, value)
    PaymentEvent.objects.create(
        payment=payment, version=payment.version, from_state=before.value, to_state=after.value, name=name, at=now
    )
    _follow_up(payment, before, after, now)


def _follow_up(payment: Payment, before: State, after: State, now: datetime) -> None:
    if after is State.CAPTURED:
        _settle(payment, now)
    elif standing(after).has_failed and not standing(before).has_failed:
        announce(PaymentFailed(payment.id, payment.account_id, payment.reference, standing(after).code or ""))


def _settle(payment: Payment, now: datetime) -> None:
    record_use(
        source=METERING_SOURCE,
        event_id=str(payment.id),
        meter=Meter.PAYMENTS,
        quantity=1,
        service_id=payment.account.service_id,
        at=now,
    )
    announce(PaymentSettled(payment.id, payment.account_id, payment.reference))
