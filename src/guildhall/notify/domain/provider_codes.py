"""What the codes in text providers' receipts mean.

Source of Firetext's and MMG's: alphagov/notifications-api:app/clients/sms/firetext.py and mmg.py, MIT, Crown copyright.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from guildhall.notify.domain.delivery import Status


@dataclass(frozen=True, slots=True)
class Meaning:
    """A status of ours, and why. ``is_known``: the provider's code is on our list.

    ``is_explained``: so is the reason that it gave.
    """

    status: Status
    detail: str
    is_known: bool = True
    is_explained: bool = True


def meaning_of_firetext(status: str, code: str) -> Meaning:
    """Read a receipt of Firetext. A decline is of the kind that its detail code says, where it gives one we know."""
    said = _FIRETEXT["receipt_status"].get(status)
    if said is None:
        return _unknown("Firetext", status)
    kind, reason = _FIRETEXT["detail_code"].get(code, (None, ""))
    is_declined = Status(said) is Status.PERMANENT_FAILURE
    if is_declined and kind is not None:
        return Meaning(Status(kind), _detail(code, reason))
    return Meaning(Status(said), _detail(code, reason), is_explained=not is_declined)


def meaning_of_mmg(status: str, substatus: str) -> Meaning:
    """Read a receipt of MMG, whose status decides; the substatus only says why."""
    said = _MMG.get(status)
    if said is None:
        return _unknown("MMG", status)
    return Meaning(Status(said["status"]), _detail(substatus, said["substatus"].get(substatus, "")))


_SMPP: Mapping[str, Status] = {
    "ENROUTE": Status.PENDING,
    "ACCEPTD": Status.PENDING,
    "DELIVRD": Status.DELIVERED,
    "EXPIRED": Status.TEMPORARY_FAILURE,
    "DELETED": Status.TEMPORARY_FAILURE,
    "UNDELIV": Status.PERMANENT_FAILURE,
    "REJECTD": Status.PERMANENT_FAILURE,
}
"""Final and other states of a message (SMPP 3.4, section 5.2.28). Nobody knows what became of UNKNOWN."""


def meaning_of_smpp(state: str, error: str) -> Meaning:
    """Read the state that a message centre's receipt gives; the network's error only says why."""
    said = _SMPP.get(state)
    if said is None:
        return _unknown("The message centre", state)
    return Meaning(said, f"{state} {error}".strip())


def _detail(code: str, reason: str) -> str:
    return f"{code}: {reason}" if code and reason else code


def _unknown(provider: str, status: str) -> Meaning:
    """Nobody can be blamed but us: we do not know what the provider says."""
    return Meaning(Status.TECHNICAL_FAILURE, f"{provider} said {status[:40]!r}, which we do not know", is_known=False)


def _read() -> Mapping[str, Any]:
    found = resources.files("guildhall.notify").joinpath("data/sms_provider_codes.json").read_bytes()
    codes: Mapping[str, Any] = json.loads(found)
    return codes


_CODES = _read()
_FIRETEXT: Mapping[str, Any] = _CODES["firetext"]
_MMG: Mapping[str, Any] = _CODES["mmg"]
