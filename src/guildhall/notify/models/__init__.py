"""Rows of notify, a file for each thing they are about. Private to notify."""

from guildhall.notify.models.account_messages import AccountMessage
from guildhall.notify.models.callbacks import Callback, CallbackAttempt, CallbackEndpoint, ProgramRequest
from guildhall.notify.models.documents import Document
from guildhall.notify.models.facts import StatusCount
from guildhall.notify.models.inbox import InboxEntry
from guildhall.notify.models.letters import LetterFile
from guildhall.notify.models.limits import DayCount, RequestBucket
from guildhall.notify.models.lists import ListBlock, ListPart, UnsentRow, UploadedList
from guildhall.notify.models.messages import Message, QuarantinedMessage, SentOnce
from guildhall.notify.models.provider_accounts import ProviderAccount
from guildhall.notify.models.receipts import Receipt
from guildhall.notify.models.received import InboundNumber, ReceivedText
from guildhall.notify.models.repeats import RepeatKey
from guildhall.notify.models.services import ContactBlock, NotifyService, ReplyToCheck, SenderAddress
from guildhall.notify.models.templates import Template, TemplateFolder, TemplateVersion
from guildhall.notify.models.unsubscribed import Unsubscribed

__all__ = [
    "AccountMessage",
    "Callback",
    "CallbackAttempt",
    "CallbackEndpoint",
    "ContactBlock",
    "DayCount",
    "Document",
    "InboundNumber",
    "InboxEntry",
    "LetterFile",
    "ListBlock",
    "ListPart",
    "Message",
    "NotifyService",
    "ProgramRequest",
    "ProviderAccount",
    "QuarantinedMessage",
    "Receipt",
    "ReceivedText",
    "RepeatKey",
    "ReplyToCheck",
    "RequestBucket",
    "SenderAddress",
    "SentOnce",
    "StatusCount",
    "Template",
    "TemplateFolder",
    "TemplateVersion",
    "UnsentRow",
    "Unsubscribed",
    "UploadedList",
]
