"""Accepting messages: prepared (checked against what is remembered), counted, and written down with what they use.

One message of a program is written together with others in one commit; many messages of one request, list or officer
join their own transaction.
"""

from guildhall.notify.operations.accepting.counting import admit, count_all_today, count_today
from guildhall.notify.operations.accepting.for_programs import accept
from guildhall.notify.operations.accepting.preparing import (
    FileByText,
    InTrial,
    JobRow,
    MessageTooLong,
    NewMessage,
    NotOfTheTeam,
    Prepared,
    SenderUnknown,
    TemplateDeleted,
    WrongChannel,
    prepare,
)
from guildhall.notify.operations.accepting.words import MessageEmpty
from guildhall.notify.operations.accepting.writing import write_prepared

__all__ = [
    "FileByText",
    "InTrial",
    "JobRow",
    "MessageEmpty",
    "MessageTooLong",
    "NewMessage",
    "NotOfTheTeam",
    "Prepared",
    "SenderUnknown",
    "TemplateDeleted",
    "WrongChannel",
    "accept",
    "admit",
    "count_all_today",
    "count_today",
    "prepare",
    "write_prepared",
]
