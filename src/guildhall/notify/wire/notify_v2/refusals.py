"""What the API says when the answer is no: statuses, classes and messages, exactly (contract: notify 1.1 to 1.5).

Source of the texts: alphagov/notifications-api:app/v2/errors.py, app/authentication/auth.py, app/notifications/.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from guildhall.contact.phone_number import AbroadNotAllowed, NotAMobile
from guildhall.contact.postal_address import NotAnAddress
from guildhall.kernel.fast_path import BodyTooLarge
from guildhall.kernel.refusals import Invalid, Refused, Unavailable
from guildhall.kernel.wire_json import NotJson
from guildhall.metering.operations import CapReached
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.document import (
    FilenameTooLong,
    FileTooLarge,
    NotBase64,
    UnsupportedFile,
)
from guildhall.notify.domain.email_message import LARGEST_EMAIL
from guildhall.notify.domain.file_kinds import MEDIA_TYPES
from guildhall.notify.domain.paper.printing import (
    MOST_PAGES,
    CharactersMissing,
    CornerTooSmall,
    LetterTooLong,
    WindowTooSmall,
)
from guildhall.notify.domain.qr_code import QrCodeTooLong
from guildhall.notify.domain.text_message import LONGEST_MESSAGE
from guildhall.notify.operations import (
    ChannelNotAllowed,
    DayIsUsedUp,
    FileByText,
    FilesNotSetUp,
    InTrial,
    KeyUsedDifferently,
    MessageEmpty,
    MessageTooLong,
    NotOfTheTeam,
    PlaceholdersMissing,
    SenderUnknown,
    TemplateDeleted,
    TooManyRequests,
    VirusFound,
    WrongChannel,
)
from guildhall.notify.operations.cancelling import TooLateToCancel
from guildhall.notify.operations.letters.checking import LettersByTeamKey, LettersInTrial
from guildhall.notify.operations.letters.precompiled import NotDecodable
from guildhall.notify.queries import MessageNotFound, TemplateNotFound
from guildhall.notify.queries.letters import LetterInfected, LetterNotPrintable, LetterNotReady, NotALetter
from guildhall.notify.wire.notify_v2.recipients import words_of

TRIAL_MODE = "https://www.notifications.service.gov.uk/trial-mode"
"""The page that the reference's message names."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An error as the API tells it: a status, and one or more of class and message, with ``details`` in each."""

    status: int
    errors: Sequence[tuple[str, str]]
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, object]:
        errors = [{"error": kind, "message": message, **self.details} for kind, message in self.errors]
        return {"status_code": self.status, "errors": errors}


class Unauthorised(Refused):
    """The request does not show whose it is."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Malformed(Refused):
    """The request breaks the schema. ``messages`` says how, in the schema's order."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = tuple(dict.fromkeys(messages))


class TooLarge(Refused):
    """The body is larger than anything that could be accepted."""


NO_RESULT = Answer(404, [("NoResultFound", "No result found")])
BROKEN = Answer(500, [("Exception", "Internal server error")])

NO_SUCH_ADDRESS = {
    "result": "error",
    "message": "The requested URL was not found on the server. "
    "If you entered the URL manually please check your spelling and try again.",
}
NO_SUCH_METHOD = {"result": "error", "message": "The method is not allowed for the requested URL."}


def answer_to(refusal: Refused) -> Answer:
    """Return the error that a refusal is told as; the most particular line of the table counts."""
    for kind in type(refusal).__mro__:
        if kind in _TABLE:
            return _TABLE[kind](refusal)
    return BROKEN


def _as(status: int, kind: str, message: str = "") -> "Callable[[Refused], Answer]":
    """Tell a refusal with a fixed message, or with its own."""
    return lambda refusal: Answer(status, [(kind, message or str(refusal))])


def _about_recipient(kind: str) -> "Callable[[Refused], Answer]":
    def answer(refusal: Refused) -> Answer:
        assert isinstance(refusal, Invalid)
        return Answer(400, [(kind, words_of(refusal))])

    return answer


def _too_long(refusal: Refused) -> Answer:
    assert isinstance(refusal, MessageTooLong)
    limits = {
        Channel.EMAIL: f"Emails cannot be longer than {LARGEST_EMAIL} bytes. Your message is {refusal.length} bytes.",
        Channel.SMS: f"Text messages cannot be longer than {LONGEST_MESSAGE} characters. "
        f"Your message is {refusal.length} characters long.",
    }
    return Answer(400, [("BadRequestError", f"Your message is too long. {limits[refusal.channel]}")])


def _unknown_sender(refusal: Refused) -> Answer:
    assert isinstance(refusal, SenderUnknown)
    field = "email_reply_to_id" if refusal.channel is Channel.EMAIL else "sms_sender_id"
    message = f"{field} {refusal.sender_id} does not exist in database for service id {refusal.service_id}"
    return Answer(400, [("BadRequestError", message)])


def _files_not_set_up(refusal: Refused) -> Answer:
    assert isinstance(refusal, FilesNotSetUp)
    message = (
        "Send files by email has not been set up - add contact details for your service at "
        f"{settings.BASE_URL}/services/{refusal.service_id}/service-settings/send-files-by-email"
    )
    return Answer(400, [("BadRequestError", message)])


def _not_allowed(refusal: Refused) -> Answer:
    assert isinstance(refusal, ChannelNotAllowed)
    sent = {Channel.EMAIL: "emails", Channel.SMS: "text messages", Channel.LETTER: "letters"}[refusal.channel]
    return Answer(400, [("BadRequestError", f"Service is not allowed to send {sent}")])


def _unsupported_file(refusal: Refused) -> Answer:
    assert isinstance(refusal, UnsupportedFile)
    supported = ", ".join(sorted(MEDIA_TYPES))
    message = f"Unsupported file type '{refusal.kind}'. Supported types are: '{supported}'"
    return Answer(400, [("BadRequestError", message)])


def _code_too_long(refusal: Refused) -> Answer:
    assert isinstance(refusal, QrCodeTooLong)
    details = {"data": refusal.content, "num_bytes": refusal.size, "max_bytes": refusal.most}
    return Answer(400, [("ValidationError", str(refusal))], details)


def _malformed(refusal: Refused) -> Answer:
    assert isinstance(refusal, Malformed)
    return Answer(400, [("ValidationError", message) for message in refusal.messages])


def _unauthorised(refusal: Refused) -> Answer:
    assert isinstance(refusal, Unauthorised)
    return Answer(refusal.status, [("AuthError", str(refusal))])


_TABLE: dict[type, Callable[[Refused], Answer]] = {
    Unauthorised: _unauthorised,
    TooManyRequests: _as(429, "RateLimitError"),
    DayIsUsedUp: _as(429, "TooManyRequestsError"),
    CapReached: _as(429, "TooManyRequestsError"),  # ours: the reference has no caps
    KeyUsedDifferently: _as(409, "ConflictError", "Idempotency-Key has been used for another request"),
    TooLateToCancel: _as(
        409, "ConflictError", "Only a scheduled notification whose time has not come can be cancelled"
    ),
    NotJson: _as(400, "BadRequestError", "Invalid JSON supplied in POST data"),
    TooLarge: _as(413, "BadRequestError", "Request entity too large"),
    BodyTooLarge: _as(413, "BadRequestError", "Request entity too large"),
    Malformed: _malformed,
    ChannelNotAllowed: _not_allowed,
    TemplateNotFound: _as(400, "BadRequestError", "Template not found"),
    TemplateDeleted: _as(400, "BadRequestError", "Template has been deleted"),
    WrongChannel: _as(400, "BadRequestError"),
    PlaceholdersMissing: _as(400, "BadRequestError"),
    MessageEmpty: _as(400, "BadRequestError", "Your message is empty."),
    FileByText: _as(400, "BadRequestError", "Can only send a file by email"),
    SenderUnknown: _unknown_sender,
    NotOfTheTeam: _as(400, "BadRequestError", "Can’t send to this recipient using a team-only API key"),
    InTrial: _as(
        400,
        "BadRequestError",
        f"Can’t send to this recipient when service is in trial mode – see {TRIAL_MODE}",
    ),
    AbroadNotAllowed: _about_recipient("BadRequestError"),
    NotAMobile: _about_recipient("InvalidPhoneError"),
    FilesNotSetUp: _files_not_set_up,
    UnsupportedFile: _unsupported_file,
    FilenameTooLong: _as(400, "BadRequestError", "filename cannot be longer than 100 characters"),
    FileTooLarge: _as(400, "BadRequestError", "Uploaded file is larger than 2MB"),
    NotBase64: _as(400, "BadRequestError", "Uploaded file is not base64 encoded"),
    VirusFound: _as(400, "BadRequestError", "File did not pass the virus scan"),
    MessageTooLong: _too_long,
    LettersByTeamKey: _as(403, "BadRequestError", "Cannot send letters with a team api key"),
    LettersInTrial: _as(403, "BadRequestError", "Cannot send letters when service is in trial mode"),
    NotDecodable: _as(400, "BadRequestError", "Cannot decode letter content (invalid base64 encoding)"),
    NotAnAddress: _about_recipient("ValidationError"),
    QrCodeTooLong: _code_too_long,
    LetterTooLong: _as(
        400, "BadRequestError", f"Your message is too long. Letters cannot be longer than {MOST_PAGES} pages."
    ),
    CharactersMissing: lambda refusal: Answer(400, [("BadRequestError", f"Your message cannot be printed: {refusal}")]),
    WindowTooSmall: _as(400, "BadRequestError", "Address lines are too long to fit into the window of the envelope"),
    CornerTooSmall: _as(400, "BadRequestError", "The contact block is too long to fit into the corner of the letter"),
    NotALetter: _as(400, "BadRequestError", "Notification is not a letter"),
    LetterInfected: _as(400, "BadRequestError", "File did not pass the virus scan"),
    LetterNotPrintable: lambda refusal: Answer(
        400, [("BadRequestError", f"PDF not available for letters in status {refusal}")]
    ),
    LetterNotReady: _as(400, "PDFNotReadyError", "PDF not available yet, try again later"),
    MessageNotFound: lambda refusal: NO_RESULT,
    Unavailable: _as(503, "ServiceUnavailable"),
}
