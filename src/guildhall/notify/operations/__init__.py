"""What can be done in notify: one transaction each, refused by name."""

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId, NotifyServiceId, SenderAddressId, TemplateId
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations.accepting import (
    FileByText,
    FilesNotSetUp,
    InTrial,
    JobRow,
    MessageEmpty,
    MessageTooLong,
    NewMessage,
    NotOfTheTeam,
    Prepared,
    SenderUnknown,
    TemplateDeleted,
    WrongChannel,
    accept,
    admit,
    count_all_today,
    count_today,
    prepare,
    write_prepared,
)
from guildhall.notify.operations.delivery import deliver_waiting
from guildhall.notify.operations.inbox import put_into_inbox
from guildhall.notify.operations.keys import note_use
from guildhall.notify.operations.limits import DayIsUsedUp, TooManyRequests, forget_limits
from guildhall.notify.operations.months import make_months
from guildhall.notify.operations.own_messages import OwnMessage, PlaceholdersMissing, send
from guildhall.notify.operations.services import (
    ensure_default_notify_service,
    ensure_notify_service,
    ensure_sender,
    let_service_send,
)
from guildhall.notify.operations.templates import (
    ChannelChanged,
    NothingWritten,
    SavedMeanwhile,
    add_template,
    archive_template,
    ensure_template,
    save_template,
)

__all__ = [
    "Channel",
    "ChannelChanged",
    "DayIsUsedUp",
    "FileByText",
    "FilesNotSetUp",
    "InTrial",
    "JobRow",
    "MessageEmpty",
    "MessageId",
    "MessageTooLong",
    "NewMessage",
    "NotOfTheTeam",
    "NothingWritten",
    "NotifyServiceId",
    "OwnMessage",
    "Pair",
    "PlaceholdersMissing",
    "Prepared",
    "SavedMeanwhile",
    "SenderAddressId",
    "SenderUnknown",
    "TemplateDeleted",
    "TemplateId",
    "TooManyRequests",
    "Words",
    "WrongChannel",
    "accept",
    "add_template",
    "admit",
    "archive_template",
    "count_all_today",
    "count_today",
    "deliver_waiting",
    "ensure_default_notify_service",
    "ensure_notify_service",
    "ensure_sender",
    "ensure_template",
    "forget_limits",
    "let_service_send",
    "make_months",
    "note_use",
    "prepare",
    "put_into_inbox",
    "save_template",
    "send",
    "write_prepared",
]
