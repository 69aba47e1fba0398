"""The composition root: which reaction follows which event, which loops the worker turns, which providers deliver.

Nothing else in the house knows more than one module and those beneath it. An event that is not listed here is refused
when it is announced; an event that nobody needs yet is listed with no reaction.
"""

from guildhall.kernel import events
from guildhall.kernel.loops import Loop
from guildhall.organisations.events import OfficerInvited
from guildhall.pay import ports as pay_ports
from guildhall.pay.events import PaymentFailed, PaymentSettled
from guildhall.pay.providers.sandbox import SandboxProvider

REACTIONS: events.Wiring = {
    OfficerInvited: (),
    PaymentSettled: (),
    PaymentFailed: (),
}

LOOPS: tuple[Loop, ...] = ()


def connect() -> None:
    """Pin up the wiring. Called once, when all modules are loaded."""
    events.pin_up(REACTIONS)
    pay_ports.connect({"sandbox": SandboxProvider()})
