"""What a message centre's receipts say (specification, appendix B, and the parameters of section 5.3)."""

import re
from datetime import UTC, datetime

from guildhall.kernel.clock import LONDON
from guildhall.notify.domain.provider_codes import meaning_of_smpp
from guildhall.notify.domain.receipts import Receipt
from guildhall.notify.providers.smpp.pdu import MESSAGE_STATE, RECEIPTED_MESSAGE_ID, Delivered

_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
_FIELD = re.compile(r"\b(id|stat|err|done date):\s*(\S+)", re.IGNORECASE)


def read_receipt(delivered: Delivered, *, centre: str, now: datetime) -> Receipt:
    """Return what a receipt says: by its parameters, or by its words where it has none."""
    words = delivered.content.decode("ascii", "replace")
    said = {name.lower(): value for name, value in _FIELD.findall(words)}
    named = delivered.options.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("ascii", "replace")
    state = delivered.options.get(MESSAGE_STATE)
    stat = _STATES.get(state[0], str(state[0])) if state else said.get("stat", "").upper()
    meaning = meaning_of_smpp(stat, said.get("err", ""))
    name = reference(centre, named or said.get("id", ""))
    return Receipt("smpp", name, meaning.status, meaning.detail, _moment(said.get("done date", ""), now))


def reference(centre: str, name: str) -> str:
    """Return a centre's name for a text as nobody else's: centres count from one."""
    return f"{centre}/{name}" if name else ""


def _moment(text: str, now: datetime) -> datetime:
    """Read ``YYMMDDhhmm``, with seconds or without: London's time. What cannot be read is now."""
    for form in ("%y%m%d%H%M", "%y%m%d%H%M%S"):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=LONDON).astimezone(UTC)
        except ValueError:
            continue
        return min(moment, now)
    return now
