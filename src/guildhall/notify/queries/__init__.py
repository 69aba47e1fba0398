"""What others may ask of notify. Everything returned is a plain value, good after the transaction."""

from guildhall.notify.queries.contact_blocks import (
    ContactBlockNotFound,
    ContactBlockView,
    find_contact_block_for,
    get_contact_block,
    list_contact_blocks,
)
from guildhall.notify.queries.folders import FolderNotFound, Folders, FolderView, list_folders
from guildhall.notify.queries.inbox import Delivered, inbox_address, inbox_token, list_inbox
from guildhall.notify.queries.messages import MessageNotFound, MessageView, get_message, list_messages
from guildhall.notify.queries.sending_services import (
    SendingService,
    SilentService,
    get_sending_service,
    list_sending_services,
    list_silent_services,
)
from guildhall.notify.queries.sent import Sought, list_sent
from guildhall.notify.queries.services import (
    NotifyServiceNotFound,
    NotifyServiceView,
    Sender,
    get_default_notify_service,
    get_notify_service,
    list_notify_services,
)
from guildhall.notify.queries.templates import (
    TemplateNotFound,
    TemplateView,
    get_template,
    get_template_by_key,
    list_templates,
    list_versions,
)

__all__ = [
    "ContactBlockNotFound",
    "ContactBlockView",
    "Delivered",
    "FolderNotFound",
    "FolderView",
    "Folders",
    "MessageNotFound",
    "MessageView",
    "NotifyServiceNotFound",
    "NotifyServiceView",
    "Sender",
    "SendingService",
    "SilentService",
    "Sought",
    "TemplateNotFound",
    "TemplateView",
    "find_contact_block_for",
    "get_contact_block",
    "get_default_notify_service",
    "get_message",
    "get_notify_service",
    "get_sending_service",
    "get_template",
    "get_template_by_key",
    "inbox_address",
    "inbox_token",
    "list_contact_blocks",
    "list_folders",
    "list_inbox",
    "list_messages",
    "list_notify_services",
    "list_sending_services",
    "list_sent",
    "list_silent_services",
    "list_templates",
    "list_versions",
]
