"""What can be done to a case. Each is one transaction, or a step of one."""

from guildhall.services.cases.operations.history import CaseChanged
from guildhall.services.cases.operations.letters import ensure_letters
from guildhall.services.cases.operations.opening import ReferenceTaken, open_case
from guildhall.services.cases.operations.work import (
    NoteMissing,
    NothingWritten,
    NotOnTheTeam,
    WantedAction,
    add_note,
    assign,
    take_action,
    write_to_resident,
)

__all__ = [
    "CaseChanged",
    "NotOnTheTeam",
    "NoteMissing",
    "NothingWritten",
    "ReferenceTaken",
    "WantedAction",
    "add_note",
    "assign",
    "ensure_letters",
    "open_case",
    "take_action",
    "write_to_resident",
]
