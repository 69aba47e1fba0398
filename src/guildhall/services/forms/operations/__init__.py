"""What can be done with forms: refused by name, and never half done."""

from guildhall.services.forms.operations.attempts import CannotBePaid
from guildhall.services.forms.operations.drafts import (
    AlreadySubmitted,
    NewDraft,
    TooManyLinks,
    forget_old_drafts,
    keep_answers,
    send_link,
    start_draft,
)
from guildhall.services.forms.operations.paying import (
    NothingToPay,
    PaymentLooked,
    PaymentUnderWay,
    look_at_payment,
    note_failed_payment,
    open_paid_case,
    pay_again,
)
from guildhall.services.forms.operations.sandbox import SERVICES as SANDBOX_FORMS
from guildhall.services.forms.operations.sandbox import ensure_form
from guildhall.services.forms.operations.submitting import Incomplete, OnlyAPreview, Sender, Submitted, submit
from guildhall.services.forms.operations.uploading import Upload, upload
from guildhall.services.forms.operations.versions import (
    NewVersion,
    NotADraft,
    NotFitToPublish,
    NotPublished,
    add_version,
    archive,
    publish,
    review,
)

__all__ = [
    "SANDBOX_FORMS",
    "AlreadySubmitted",
    "CannotBePaid",
    "Incomplete",
    "NewDraft",
    "NewVersion",
    "NotADraft",
    "NotFitToPublish",
    "NotPublished",
    "NothingToPay",
    "OnlyAPreview",
    "PaymentLooked",
    "PaymentUnderWay",
    "Sender",
    "Submitted",
    "TooManyLinks",
    "Upload",
    "add_version",
    "archive",
    "ensure_form",
    "forget_old_drafts",
    "keep_answers",
    "look_at_payment",
    "note_failed_payment",
    "open_paid_case",
    "pay_again",
    "publish",
    "review",
    "send_link",
    "start_draft",
    "submit",
    "upload",
]
