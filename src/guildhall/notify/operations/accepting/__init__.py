"""Accepting messages: prepared (checked against what is remembered), counted, and written down with what they use.

One message of a program is written together with others in one commit; many messages of one request, list or officer
join their own transaction.
"""

from guildhall.notify.operations.accepting.counting import admit, count_all_today, count_today
from guildhall.notify.operations.accepting.for_programs import accept, accept_once
from guildhall.notify.operations.accepting.preparing import (
    ChannelNotAllowed,
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
from guildhall.notify.operations.accepting.repeats import KeyUsedDifferently, Repeat, find_answer, forget_repeats
from guildhall.notify.operations.accepting.words import MessageEmpty
from guildhall.notify.operations.accepting.writing import write_prepared

__all__ = [
    "ChannelNotAllowed",
    "FileByText",
    "InTrial",
    "JobRow",
    "KeyUsedDifferently",
    "MessageEmpty",
    "MessageTooLong",
    "NewMessage",
    "NotOfTheTeam",
    "Prepared",
    "Repeat",
    "SenderUnknown",
    "TemplateDeleted",
    "WrongChannel",
    "accept",
    "accept_once",
    "admit",
    "count_all_today",
    "count_today",
    "find_answer",
    "forget_repeats",
    "prepare",
    "write_prepared",
]
