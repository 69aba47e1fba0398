"""Uploaded lists: taken in, checked, confirmed, sent and forgotten."""

from guildhall.notify.operations.lists.checking import check_list, check_next
from guildhall.notify.operations.lists.forgetting import forget_old_lists
from guildhall.notify.operations.lists.resending import NothingFailed, upload_failed_rows
from guildhall.notify.operations.lists.sending import send_next
from guildhall.notify.operations.lists.starting import (
    AlreadyStarted,
    ListNotReady,
    NotThen,
    TemplateChanged,
    cancel_list,
    confirm_list,
)
from guildhall.notify.operations.lists.uploading import NewList, upload_list

__all__ = [
    "AlreadyStarted",
    "ListNotReady",
    "NewList",
    "NotThen",
    "NothingFailed",
    "TemplateChanged",
    "cancel_list",
    "check_list",
    "check_next",
    "confirm_list",
    "forget_old_lists",
    "send_next",
    "upload_failed_rows",
    "upload_list",
]
