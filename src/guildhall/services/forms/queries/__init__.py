"""What others may ask of forms. Everything returned is a plain value, good after the transaction."""

from guildhall.services.forms.queries.drafts import DraftNotFound, DraftView, find_draft
from guildhall.services.forms.queries.submissions import (
    SubmissionNotFound,
    SubmissionView,
    count_submissions,
    get_submission_of_journey,
)
from guildhall.services.forms.queries.versions import (
    FormNotFound,
    LiveForm,
    NotOnline,
    VersionView,
    get_live_form,
    get_version,
    list_online_services,
    list_versions,
)

__all__ = [
    "DraftNotFound",
    "DraftView",
    "FormNotFound",
    "LiveForm",
    "NotOnline",
    "SubmissionNotFound",
    "SubmissionView",
    "VersionView",
    "count_submissions",
    "find_draft",
    "get_live_form",
    "get_submission_of_journey",
    "get_version",
    "list_online_services",
    "list_versions",
]
