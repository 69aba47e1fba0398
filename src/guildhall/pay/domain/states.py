"""The life of a payment: 39 states, the 102 steps between them that are legal, and what of it services are told.

The steps are data (``data/transitions.csv``, from alphagov/pay-connector); no other step is legal. Services see the
status, which is coarser: pay contract 4.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from guildhall.kernel.refusals import Conflict


class State(StrEnum):
    """Where a payment is, for us."""

    UNDEFINED = "UNDEFINED"
    CREATED = "CREATED"
    PAYMENT_NOTIFICATION_CREATED = "PAYMENT_NOTIFICATION_CREATED"
    ENTERING_CARD_DETAILS = "ENTERING_CARD_DETAILS"
    AUTHORISATION_READY = "AUTHORISATION_READY"
    AUTHORISATION_USER_NOT_PRESENT_QUEUED = "AUTHORISATION_USER_NOT_PRESENT_QUEUED"
    AUTHORISATION_3DS_REQUIRED = "AUTHORISATION_3DS_REQUIRED"
    AUTHORISATION_3DS_READY = "AUTHORISATION_3DS_READY"
    AUTHORISATION_SUBMITTED = "AUTHORISATION_SUBMITTED"
    AUTHORISATION_SUCCESS = "AUTHORISATION_SUCCESS"
    AUTHORISATION_REJECTED = "AUTHORISATION_REJECTED"
    AUTHORISATION_ABORTED = "AUTHORISATION_ABORTED"
    AUTHORISATION_CANCELLED = "AUTHORISATION_CANCELLED"
    AUTHORISATION_ERROR = "AUTHORISATION_ERROR"
    AUTHORISATION_TIMEOUT = "AUTHORISATION_TIMEOUT"
    AUTHORISATION_UNEXPECTED_ERROR = "AUTHORISATION_UNEXPECTED_ERROR"
    AUTHORISATION_ERROR_CANCELLED = "AUTHORISATION_ERROR_CANCELLED"
    AUTHORISATION_ERROR_REJECTED = "AUTHORISATION_ERROR_REJECTED"
    AUTHORISATION_ERROR_CHARGE_MISSING = "AUTHORISATION_ERROR_CHARGE_MISSING"
    AWAITING_CAPTURE_REQUEST = "AWAITING_CAPTURE_REQUEST"
    CAPTURE_QUEUED = "CAPTURE_QUEUED"
    CAPTURE_APPROVED = "CAPTURE_APPROVED"
    CAPTURE_APPROVED_RETRY = "CAPTURE_APPROVED_RETRY"
    CAPTURE_READY = "CAPTURE_READY"
    CAPTURE_SUBMITTED = "CAPTURE_SUBMITTED"
    CAPTURED = "CAPTURED"
    CAPTURE_ERROR = "CAPTURE_ERROR"
    EXPIRED = "EXPIRED"
    EXPIRE_CANCEL_READY = "EXPIRE_CANCEL_READY"
    EXPIRE_CANCEL_SUBMITTED = "EXPIRE_CANCEL_SUBMITTED"
    EXPIRE_CANCEL_FAILED = "EXPIRE_CANCEL_FAILED"
    USER_CANCELLED = "USER_CANCELLED"
    USER_CANCEL_READY = "USER_CANCEL_READY"
    USER_CANCEL_SUBMITTED = "USER_CANCEL_SUBMITTED"
    USER_CANCEL_ERROR = "USER_CANCEL_ERROR"
    SYSTEM_CANCELLED = "SYSTEM_CANCELLED"
    SYSTEM_CANCEL_READY = "SYSTEM_CANCEL_READY"
    SYSTEM_CANCEL_SUBMITTED = "SYSTEM_CANCEL_SUBMITTED"
    SYSTEM_CANCEL_ERROR = "SYSTEM_CANCEL_ERROR"


class Status(StrEnum):
    """Where a payment is, for the service that asked for it."""

    CREATED = "created"
    STARTED = "started"
    SUBMITTED = "submitted"
    CAPTURABLE = "capturable"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ERROR = "error"


class IllegalStep(Conflict):
    """A payment in this state cannot go there."""


@dataclass(frozen=True)
class Standing:
    """A payment's status as a service is told it; ``code`` and ``message`` say why it did not succeed."""

    status: Status
    is_finished: bool = False
    code: str | None = None
    message: str | None = None

    @property
    def has_failed(self) -> bool:
        """It is over, and no money will come."""
        return self.is_finished and self.status is not Status.SUCCESS


def event_of(before: State, after: State) -> str:
    """Return the name of the event that this step is, empty for an internal one.

    :raises IllegalStep: there is no such step.
    """
    try:
        return STEPS[before, after]
    except KeyError:
        raise IllegalStep(f"a payment cannot go from {before} to {after}") from None


def standing(state: State) -> Standing:
    """Return what a service is told about a payment in ``state``."""
    return _STANDINGS[state]


def _read_steps() -> dict[tuple[State, State], str]:
    text = files("guildhall.pay").joinpath("data/transitions.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {(State(row["from"]), State(row["to"])): row["event"].replace("-", "") for row in rows}


STEPS = _read_steps()
"""The legal steps, each with its event."""

_REJECTED = Standing(Status.FAILED, True, "P0010", "Payment method rejected")
_EXPIRED = Standing(Status.FAILED, True, "P0020", "Payment expired")
_BY_USER = Standing(Status.FAILED, True, "P0030", "Payment was cancelled by the user")
_BY_SERVICE = Standing(Status.CANCELLED, True, "P0040", "Payment was cancelled by the service")
_ERROR = Standing(Status.ERROR, True, "P0050", "Payment provider returned an error")

_STANDINGS = {
    State.UNDEFINED: Standing(Status.CREATED),
    State.CREATED: Standing(Status.CREATED),
    State.PAYMENT_NOTIFICATION_CREATED: Standing(Status.CREATED),
    State.ENTERING_CARD_DETAILS: Standing(Status.STARTED),
    State.AUTHORISATION_READY: Standing(Status.STARTED),
    State.AUTHORISATION_3DS_REQUIRED: Standing(Status.STARTED),
    State.AUTHORISATION_3DS_READY: Standing(Status.STARTED),
    State.AUTHORISATION_USER_NOT_PRESENT_QUEUED: Standing(Status.STARTED),
    State.AUTHORISATION_SUCCESS: Standing(Status.SUBMITTED),
    State.AWAITING_CAPTURE_REQUEST: Standing(Status.CAPTURABLE),
    State.CAPTURE_QUEUED: Standing(Status.SUCCESS, True),
    State.CAPTURE_APPROVED: Standing(Status.SUCCESS, True),
    State.CAPTURE_APPROVED_RETRY: Standing(Status.SUCCESS, True),
    State.CAPTURE_READY: Standing(Status.SUCCESS, True),
    State.CAPTURE_SUBMITTED: Standing(Status.SUCCESS, True),
    State.CAPTURED: Standing(Status.SUCCESS, True),
    State.AUTHORISATION_REJECTED: _REJECTED,
    State.AUTHORISATION_ABORTED: _REJECTED,
    State.AUTHORISATION_CANCELLED: _REJECTED,
    State.EXPIRED: _EXPIRED,
    State.EXPIRE_CANCEL_READY: _EXPIRED,
    State.EXPIRE_CANCEL_SUBMITTED: _EXPIRED,
    State.EXPIRE_CANCEL_FAILED: _EXPIRED,
    State.USER_CANCELLED: _BY_USER,
    State.USER_CANCEL_READY: _BY_USER,
    State.USER_CANCEL_SUBMITTED: _BY_USER,
    State.USER_CANCEL_ERROR: _BY_USER,
    State.SYSTEM_CANCELLED: _BY_SERVICE,
    State.SYSTEM_CANCEL_READY: _BY_SERVICE,
    State.SYSTEM_CANCEL_SUBMITTED: _BY_SERVICE,
    State.SYSTEM_CANCEL_ERROR: _BY_SERVICE,
    State.AUTHORISATION_ERROR: _ERROR,
    State.AUTHORISATION_TIMEOUT: _ERROR,
    State.AUTHORISATION_UNEXPECTED_ERROR: _ERROR,
    State.AUTHORISATION_SUBMITTED: _ERROR,
    State.AUTHORISATION_ERROR_CANCELLED: _ERROR,
    State.AUTHORISATION_ERROR_REJECTED: _ERROR,
    State.AUTHORISATION_ERROR_CHARGE_MISSING: _ERROR,
    State.CAPTURE_ERROR: _ERROR,
}
