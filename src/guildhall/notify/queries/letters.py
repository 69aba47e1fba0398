"""Letters: what stands on them, and the paper itself."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guildhall.kernel.clock import london_day
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import Conflict, Unavailable
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.paper.printing import Letter, LetterPart, Printed, print_letter
from guildhall.notify.domain.personalisation import NOTHING_GIVEN, Personalisation, key_of
from guildhall.notify.domain.template import LetterLanguage, Shown
from guildhall.notify.domain.wording import read_wording
from guildhall.notify.queries.messages import MessageNotFound, MessageView, get_message, show_personalisation
from guildhall.notify.queries.remembered import template_version
from guildhall.notify.queries.templates import TemplateView
from guildhall.organisations import queries as organisations


class NotALetter(Conflict):
    """The message is an email or a text."""


class LetterInfected(Conflict):
    """The letter did not pass the virus scan."""


class LetterNotPrintable(Conflict):
    """The letter failed before there was anything to print."""


class LetterNotReady(Unavailable):
    """The letter is still being looked through."""


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """A letter as the printer gets it: its pages, and where it goes.

    One that came ready to print and cannot be printed is shown as it came: nobody has looked what is in it.
    """

    message_id: MessageId
    pdf: bytes
    pages: int
    address: tuple[str, ...]
    is_as_it_came: bool = False

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides."""
        return (self.pages + 1) // 2


def shown_parts(template: TemplateView, language: Shown) -> list[LetterPart]:
    """Return the words of a letter in the order of its pages: Welsh before English."""
    english, welsh = template.pair.english, template.pair.welsh
    if language == "en" or welsh.is_empty:
        return [LetterPart("en", english)]
    return [LetterPart("cy", welsh), *([LetterPart("en", english)] if language == "both" else [])]


def language_of(template: TemplateView, language: Shown) -> Shown:
    """Return what a letter shows: a template that is printed in both languages is, whatever its sender asks for."""
    is_bilingual = template.choices.letter_language is LetterLanguage.WELSH_THEN_ENGLISH
    return "both" if is_bilingual and not template.pair.welsh.is_empty else language


@reading
def sender_block(template: TemplateView) -> str:
    """Return the lines in the corner of a letter of this template; empty for none."""
    chosen = template.choices.contact_block_id
    if chosen is None:
        return ""
    row = own_rows(models.ContactBlock).filter(id=chosen, notify_service_id=template.notify_service_id).first()
    return row.lines if row is not None else ""


@reading
def letter_on(
    template: TemplateView, given: Personalisation, *, language: Shown, address: tuple[str, ...], day: date
) -> Letter:
    """Return a letter of the current council with everything that stands on it."""
    council = organisations.get_council_by_id(OrganisationId(current_organisation()))
    return Letter(
        letterhead=council.name,
        sender_block=sender_block(template),
        address=address,
        parts=shown_parts(template, language),
        given=given,
        day=day,
    )


@reading
def letter_names(template: TemplateView, language: Shown) -> list[str]:
    """Return what a letter asks for: in its words, in the order of its pages, then in the sender's block."""
    first_spelling: dict[str, str] = {}
    words = [name for part in shown_parts(template, language) for name in part.words.names]
    for name in (*words, *read_wording(sender_block(template)).names):
        first_spelling.setdefault(key_of(name), name)
    return list(first_spelling.values())


def preview_letter(template: TemplateView, *, day: date) -> Printed:
    """Return a template's letter with its gaps marked.

    :raises LetterTooLong: it has more than ten pages.
    :raises QrCodeTooLong: a code in it would hold too much.
    """
    language = language_of(template, "en")
    return print_letter(letter_on(template, NOTHING_GIVEN, language=language, address=(), day=day))


def get_letter_paper(message_id: MessageId, *, of: NotifyServiceId) -> LetterPaper:
    """Return a letter of the current council as it is printed; one that may not be printed as it came.

    :raises MessageNotFound: the service has sent none with this id.
    :raises NotALetter: it is another kind of message.
    :raises LetterInfected: it did not pass the virus scan.
    :raises LetterNotPrintable: it failed before there was anything to print.
    :raises LetterNotReady: it is still being looked through.
    """
    return _paper_of(_checked(get_message(message_id, of=of)))


def print_for_carrier(organisation_id: OrganisationId, of: UUID, message_id: MessageId) -> LetterPaper:
    """Return a letter for whoever carries it. The current council must be the letter's.

    :raises LetterNotPrintable: it came ready to print, and nobody found it good.
    """
    assert current_organisation() == organisation_id, "a letter is printed for its own council"
    paper = _paper_of(get_message(message_id, of=NotifyServiceId(of)))
    if paper.is_as_it_came:
        raise LetterNotPrintable("it was not looked through")
    return paper


def _checked(message: MessageView) -> MessageView:
    if message.channel is not Channel.LETTER:
        raise NotALetter("the message is not a letter")
    if message.status is Status.VIRUS_SCAN_FAILED:
        raise LetterInfected("the letter did not pass the virus scan")
    if message.status is Status.TECHNICAL_FAILURE:
        raise LetterNotPrintable(str(message.status))
    if message.status is Status.PENDING_VIRUS_CHECK:
        raise LetterNotReady("the letter is still being looked through")
    return message


def _paper_of(message: MessageView) -> LetterPaper:
    address = tuple(message.recipient_as_given.splitlines())
    with reading():
        file = own_rows(models.LetterFile).filter(message_id=message.id).first()
        if file is not None:
            pdf, is_as_it_came = bytes(file.printable or file.content), not file.printable
            return LetterPaper(message.id, pdf, file.pages or 0, address, is_as_it_came)
        letter = _letter_of(message, address)
    printed = print_letter(letter)
    return LetterPaper(message.id, printed.pdf, printed.pages, address)


def _letter_of(message: MessageView, address: tuple[str, ...]) -> Letter:
    row = models.Message.objects.filter(
        organisation_id=current_organisation(), id=message.id, accepted_at=message.accepted_at
    ).first()
    if row is None:
        raise MessageNotFound("there is no such message")
    template = template_version(OrganisationId(row.organisation_id), row.template_id, row.template_version)
    language: Shown = "both" if row.language == "both" else "cy" if row.language == "cy" else "en"
    given = show_personalisation(row.personalisation)
    return letter_on(template, given, language=language, address=address, day=london_day(message.accepted_at))
