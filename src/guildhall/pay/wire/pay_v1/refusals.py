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

Endpoint = Literal[
    "create",
    "get",
    "cancel",
    "capture",
    "search",
    "events",
    "refund",
    "get_refund",
    "list_refunds",
    "search_refunds",
    "search_disputes",
    "create_agreement",
    "get_agreement",
    "search_agreements",
    "cancel_agreement",
    "notify_payment",
]


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
NOWHERE = WireError(404, "404", "HTTP 404 Not Found")
KEY_STORE_DOWN = WireError(503, "P0999", "The service is temporarily unavailable. Try again in a minute.")

_DOWNSTREAM_CODES: Mapping[Endpoint, str] = {
    "create": "P0198",
    "get": "P0298",
    "events": "P0398",
    "search": "P0498",
    "search_disputes": "P0498",
    "cancel": "P0598",
    "refund": "P0698",
    "get_refund": "P0798",
    "list_refunds": "P0898",
    "capture": "P1098",
    "search_refunds": "P1898",
    "create_agreement": "P2198",
    "get_agreement": "P2298",
    "search_agreements": "P2498",
    "cancel_agreement": "P2598",
    "notify_payment": "P0198",
}
DOWNSTREAM: Mapping[Endpoint, WireError] = {
    name: WireError(500, code, "Downstream system error") for name, code in _DOWNSTREAM_CODES.items()
}

_NOT_FOUND_CODES: Mapping[Endpoint, str] = {
    "get": "P0200",
    "events": "P0300",
    "cancel": "P0500",
    "refund": "P0600",
    "get_refund": "P0700",
    "list_refunds": "P0800",
    "capture": "P1000",
    "get_agreement": "P2200",
    "cancel_agreement": "P2500",
}
_NO_SUCH_PAGE_CODES: Mapping[Endpoint, str] = {
    "search": "P0402",
    "search_disputes": "P0402",
    "search_refunds": "P1100",
    "search_agreements": "P2402",
}
NOT_FOUND: Mapping[Endpoint, WireError] = {
    **{name: WireError(404, code, "Not found") for name, code in _NOT_FOUND_CODES.items()},
    **{name: WireError(404, code, "Page not found") for name, code in _NO_SUCH_PAGE_CODES.items()},
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
    ("get", PaymentNotFound): NOT_FOUND["get"],
    ("cancel", PaymentNotFound): NOT_FOUND["cancel"],
    ("cancel", NotCancellable): WireError(400, "P0501", "Cancellation of payment failed"),
    ("cancel", StillAsking): _CANCEL_LOST,
    ("cancel", PaymentMoved): _CANCEL_LOST,
    ("capture", PaymentNotFound): NOT_FOUND["capture"],
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
