"""What an XGov page is for, which its controller says by name or by the path of a file."""

import re
from typing import Literal

from guildhall.services.forms.domain.xgov.pairing import Object

Role = Literal["page", "start", "end", "sent", "exit"]

_ROLES: dict[str, Role] = {
    **dict.fromkeys(("", "base", "question", "continue", "default", "multistart"), "page"),
    **dict.fromkeys(("minisummary", "checkpointsummary", "nonsubmittingsummary", "summarywithnext"), "page"),
    **dict.fromkeys(("start", "home"), "start"),
    **dict.fromkeys(("summary", "customsummary", "adaptersummary", "confirm"), "end"),
    **dict.fromkeys(("confirmation", "status", "applicationcomplete"), "sent"),
    **dict.fromkeys(("terminal", "exit"), "exit"),
}
"""``end`` is where answers are checked and sent, ``sent`` what is shown then, ``exit`` where nobody gets further."""

_SHOWS_ANSWERS = frozenset({"minisummary", "checkpointsummary", "nonsubmittingsummary", "summarywithnext"})
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]")
_ENDINGS = ("controller", "page")


def role_of(page: Object) -> Role | None:
    """Return what a page is for; None where its controller does something of its own."""
    return _ROLES.get(_name(page))


def shows_answers(page: Object) -> bool:
    """Tell whether the page repeats what was answered so far."""
    return _name(page) in _SHOWS_ANSWERS


def _name(page: Object) -> str:
    """Return the name of a controller without what all of them have: ``./pages/start.js`` is ``start``."""
    written = str(page.get("controller") or "").rsplit("/", 1)[-1].lower()
    name = _NOT_IN_NAMES.sub("", written.removesuffix(".js").removesuffix(".ts"))
    name = name.removesuffix("base") or name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name
