"""How pay says no on this wire: one table from our refusals to its codes (pay contract 4, ``error_codes.csv``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guildhall.kernel.refusals import Refused
from guildhall.pay.operations import (
    NotCancellable,
    NotCapturable,
    PaymentMoved,
    RepeatKeyTaken,
    StillAsking,
    TooManyRequests,
)
from guildhall.pay.queries import PaymentNotFound

Endpoint = Literal["create", "get", "cancel", "capture"]


@dataclass(frozen=True)
class WireError:
    """An error as this wire writes it: a status, and a body whose empty members are left out."""

    status: int
    code: str
    description: str
    field: str | None = None
    header: str | None = None

    def body(self) -> dict[str, str]:
        members = {"field": self.field, "header": self.header, "code": self.code, "description": self.description}
        return {name: value for name, value in members.items() if value is not None}


class RequestRefused(Exception):
    """A request is answered with an error of this wire."""

    def __init__(self, error: WireError) -> None:
        super().__init__(error.description)
        self.error = error


UNAUTHORISED = WireError(401, "401", "Credentials are required to access this resource.")
BLOCKED = WireError(
    400, "P0920", "Request blocked by security rules. Please consult API documentation for more information."
)
UNPARSABLE = WireError(400, "P0197", "Unable to parse JSON")
WRONG_METHOD = WireError(405, "405", "HTTP 405 Method Not Allowed")
KEY_STORE_DOWN = WireError(503, "P0999", "The service is temporarily unavailable. Try again in a minute.")

DOWNSTREAM: Mapping[Endpoint, WireError] = {
    "create": WireError(500, "P0198", "Downstream system error"),
    "get": WireError(500, "P0298", "Downstream system error"),
    "cancel": WireError(500, "P0598", "Downstream system error"),
    "capture": WireError(500, "P1098", "Downstream system error"),
}

_TOO_MANY = WireError(429, "P0900", "Too many requests")
_CANCEL_LOST = WireError(409, "P0502", "Cancellation of payment failed")
_CAPTURE_LOST = WireError(409, "P1003", "Payment cannot be captured")

_ERRORS: Mapping[tuple[Endpoint, type[Refused]], WireError] = {
    ("create", RepeatKeyTaken): WireError(
        409,
        "P0191",
        "The `Idempotency-Key` you sent in the request header has already been used to create a payment.",
    ),
    ("get", PaymentNotFound): WireError(404, "P0200", "Not found"),
    ("cancel", PaymentNotFound): WireError(404, "P0500", "Not found"),
    ("cancel", NotCancellable): WireError(400, "P0501", "Cancellation of payment failed"),
    ("cancel", StillAsking): _CANCEL_LOST,
    ("cancel", PaymentMoved): _CANCEL_LOST,
    ("capture", PaymentNotFound): WireError(404, "P1000", "Not found"),
    ("capture", NotCapturable): _CAPTURE_LOST,
    ("capture", PaymentMoved): _CAPTURE_LOST,
}


def find_error(endpoint: Endpoint, refusal: Refused) -> WireError | None:
    """Return how this wire writes a refusal at one of its endpoints, or None for one that should not happen there."""
    return _TOO_MANY if isinstance(refusal, TooManyRequests) else _ERRORS.get((endpoint, type(refusal)))


def missing(field: str) -> WireError:
    """Return the error for an attribute that must be there."""
    return WireError(400, "P0101", f"Missing mandatory attribute: {field}", field)


def missing_for_the_account(field: str) -> WireError:
    """Return the error for an attribute that only the account's rules ask for: the same words, but no ``field``."""
    return WireError(400, "P0101", f"Missing mandatory attribute: {field}")


def wrong(field: str, why: str, *, status: int) -> WireError:
    """Return the error for an attribute of the wrong type (400) or beyond a limit (422)."""
    return WireError(status, "P0102", f"Invalid attribute value: {field}. {why}", field)


def unexpected(field: str) -> WireError:
    """Return the error for an attribute that does not go with the others."""
    return WireError(400, "P0104", f"Unexpected attribute: {field}")


def wrong_header(header: str, why: str) -> WireError:
    """Return the error for a header of the wrong shape."""
    return WireError(422, "P0102", f"Header [{header}] {why}", header=header)
