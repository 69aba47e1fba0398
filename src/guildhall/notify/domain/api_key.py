"""A key of GOV.UK Notify, or of an installation that speaks its API, as people copy it (contract: notify 1.1)."""

from dataclasses import dataclass
from uuid import UUID

from guildhall.kernel.refusals import Invalid

_UUID = 36


class NotAnApiKey(Invalid):
    """It does not end with a service's id and a secret."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """``{name}-{service}-{secret}``, cut from the end because the name may hold anything."""

    service_id: str
    secret: str


def read_api_key(text: str) -> ApiKey:
    """Return the key that somebody typed.

    :raises NotAnApiKey: it is none.
    """
    key = text.strip()
    service_id, secret = key[-2 * _UUID - 1 : -_UUID - 1], key[-_UUID:]
    try:
        UUID(service_id), UUID(secret)
    except ValueError as fault:
        raise NotAnApiKey("this is not a key of GOV.UK Notify") from fault
    return ApiKey(service_id, secret)
