"""Finding out whether a message may be sent, and how it will read. Nothing is written here."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from guildhall.contact.phone_number import PhoneNumber, check_may_be_sent_to
from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from guildhall.metering.domain.meters import Meter
from guildhall.notify.domain.delivery import ALWAYS_SIMULATED, Channel, Status
from guildhall.notify.domain.document import is_file
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.domain.personalisation import Personalisation, missing_names
from guildhall.notify.domain.sanitising import Sanitised, sanitise_values
from guildhall.notify.domain.template import Shown
from guildhall.notify.operations.accepting.words import WRITE, Written
from guildhall.notify.operations.documents import Enclosed, enclose
from guildhall.notify.operations.letters.checking import Paper, check_letter
from guildhall.notify.operations.own_messages import PlaceholdersMissing
from guildhall.notify.queries.remembered import KnownService, current_template, template_version
from guildhall.notify.queries.services import NotifyServiceView
from guildhall.notify.queries.templates import TemplateView
from guildhall.organisations.domain.keys import KeyKind


class ChannelNotAllowed(Forbidden):
    """The service may not send messages of this channel."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(f"the service may not send messages by {channel}")
        self.channel = channel


class TemplateDeleted(Conflict):
    """The template was put away."""


class WrongChannel(Conflict):
    """The template is for another channel than the message."""

    def __init__(self, template: Channel, wanted: Channel) -> None:
        super().__init__(f"{template} template is not suitable for {wanted} notification")


class MessageTooLong(Invalid):
    """The message is longer than its channel carries. ``length`` is in characters of a text, bytes of an email."""

    def __init__(self, channel: Channel, length: int) -> None:
        super().__init__(f"the message is too long: {length}")
        self.channel, self.length = channel, length


class SenderUnknown(NotFound):
    """The service has no such reply-to address or sender name."""

    def __init__(self, channel: Channel, sender_id: UUID, service_id: UUID) -> None:
        super().__init__(f"there is no sender {sender_id} of service {service_id}")
        self.channel, self.sender_id, self.service_id = channel, sender_id, service_id


class NotOfTheTeam(Forbidden):
    """The key writes to the team and its guests only."""


class InTrial(Forbidden):
    """The service is in trial mode and writes to its team and guests only."""


class FileByText(Invalid):
    """A value is a file, and the message is a text or a letter."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that somebody wants sent. ``number`` is the recipient's, for a text.

    ``untrusted`` are the keys of the values to sanitise; ``scheduled_for`` is heeded for services that want it so.
    ``template_version`` holds it to words that somebody has looked at.
    """

    channel: Channel
    recipient: str
    recipient_as_given: str
    number: PhoneNumber | None
    template_id: UUID
    personalisation: Mapping[str, object]
    untrusted: Set[str]
    reference: str | None
    sender_id: UUID | None
    unsubscribe_url: str | None
    template_version: int | None = None
    scheduled_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobRow:
    """A row of an uploaded list, the first after the headings being 1."""

    job_id: UUID
    row: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message that was found in order, as it will be written down and as it will read.

    ``quantity`` is how many units of ``meter`` it uses. Who ``is_simulated`` is answered and forgotten.
    """

    id: MessageId
    accepted_at: datetime
    wanted: NewMessage
    service: NotifyServiceView
    template: TemplateView
    language: Shown
    kind: KeyKind
    key_id: UUID | None
    values: Mapping[str, object]
    sanitised: Mapping[str, Sanitised]
    subject: str | None
    body: str
    sender: str
    meter: Meter
    quantity: int
    is_simulated: bool
    scheduled_for: datetime | None = None
    job: JobRow | None = None
    sent_by: str = ""
    postage: str = ""
    sheets: int = 0
    picked_up_at: datetime | None = None
    enclosed: tuple[Enclosed, ...] = ()
    status: Status = Status.CREATED

    @property
    def next_try_at(self) -> datetime | None:
        """When the worker should look at it."""
        due_at = self.scheduled_for or self.picked_up_at or self.accepted_at
        return due_at if self.status is Status.CREATED else None


def prepare(  # noqa: PLR0913 - who sends it, with what, when, and on which occasion
    wanted: NewMessage,
    *,
    sender: KnownService,
    kind: KeyKind,
    key_id: UUID | None,
    now: datetime,
    job: JobRow | None = None,
    scheduled_for: datetime | None = None,
    language: Shown = "en",
    sent_by: str = "",
) -> Prepared:
    """Make a message ready to be written down, or say what is wrong with it first (contract: notify 1.3, POST order).

    It is not counted against the day's limit yet: ``count_today``.

    :param kind: of the key it is sent with; an officer's message is like a live key's, with no ``key_id``.
    :raises ChannelNotAllowed: the service may not send messages of this channel.
    :raises TemplateNotFound: the service has no such template; see the refusals above for what else can be wrong.
    """
    service = sender.view
    if wanted.channel not in service.may_send:
        raise ChannelNotAllowed(wanted.channel)
    values, sanitised = sanitise_values(wanted.personalisation, wanted.untrusted)
    template = _template(wanted, service)
    written = _write(wanted, template, values, language, service)
    reply_to = _sender(wanted, template, service)
    if wanted.channel is Channel.LETTER:
        paper = check_letter(template, values, language=language, service=service, kind=kind, now=now)
        wanted, language = _addressed(wanted, paper), paper.language
    else:
        paper = None
        _check_recipient(wanted, sender, kind)
    is_simulated = wanted.recipient in ALWAYS_SIMULATED
    enclosed = enclose(values, service, is_simulated=is_simulated)
    if enclosed:
        values = {**values, **{name: each.link for name, each in enclosed.items()}}
        written = _write(wanted, template, values, language, service)
    if written.too_long is not None and not is_simulated:
        raise MessageTooLong(wanted.channel, written.too_long)
    return Prepared(
        id=MessageId(new_id()),
        accepted_at=now,
        wanted=wanted,
        service=service,
        template=template,
        language=language,
        kind=kind,
        key_id=key_id,
        values=values,
        sanitised=sanitised,
        subject=written.subject,
        body=written.body,
        sender=reply_to,
        meter=written.meter,
        quantity=written.quantity,
        is_simulated=is_simulated,
        scheduled_for=scheduled_for,
        job=job,
        sent_by=sent_by,
        postage=str(paper.letter_class) if paper else "",
        sheets=paper.sheets if paper else 0,
        picked_up_at=paper.picked_up_at if paper else None,
        enclosed=tuple(enclosed.values()),
    )


def _template(wanted: NewMessage, service: NotifyServiceView) -> TemplateView:
    """Return the template as the message wants it; whether it was put away is always a question of now."""
    template = current_template(service.organisation_id, service.id, wanted.template_id)
    if wanted.template_version is None or wanted.template_version == template.version:
        return template
    wanted_words = template_version(service.organisation_id, template.id, wanted.template_version)
    return replace(wanted_words, is_archived=template.is_archived)


def when_to_go(wanted: NewMessage, service: NotifyServiceView) -> datetime | None:
    """Return when a message should go, if it should wait: only services that have switched it on may say so."""
    return wanted.scheduled_for if service.heeds_schedules else None


def _addressed(wanted: NewMessage, paper: Paper) -> NewMessage:
    """Return the letter with its address as it is printed, line by line."""
    address = paper.address
    return replace(wanted, recipient=address.one_line.lower(), recipient_as_given="\n".join(address.lines))


def _write(
    wanted: NewMessage,
    template: TemplateView,
    values: Mapping[str, object],
    language: Shown,
    service: NotifyServiceView,
) -> Written:
    if template.channel is not wanted.channel:
        raise WrongChannel(template.channel, wanted.channel)
    if template.is_archived:
        raise TemplateDeleted("the template has been deleted")
    given, words = Personalisation(values), template.pair.shown(language, wanted.channel)
    if missing := missing_names(words.names, given):
        raise PlaceholdersMissing(f"Missing personalisation: {', '.join(missing)}")
    if wanted.channel is not Channel.EMAIL and any(map(is_file, values.values())):
        raise FileByText("a file goes by email only")
    return WRITE[wanted.channel](words, given, service)


def _sender(wanted: NewMessage, template: TemplateView, service: NotifyServiceView) -> str:
    """Return the request's choice of a sender, or the template's, or the service's."""
    if wanted.sender_id is not None:
        chosen = service.find_sender(wanted.sender_id, wanted.channel)
        if chosen is None:
            raise SenderUnknown(wanted.channel, wanted.sender_id, service.id)
        return chosen.address
    own = template.choices.sender_id and service.find_sender(template.choices.sender_id, wanted.channel)
    sender = own or service.find_default_sender(wanted.channel)
    return sender.address if sender else ""


def _check_recipient(wanted: NewMessage, sender: KnownService, kind: KeyKind) -> None:
    service = sender.view
    is_known = wanted.recipient in sender.team or wanted.recipient in service.guests
    if kind is KeyKind.TEAM and not is_known:
        raise NotOfTheTeam("the key writes to the team only")
    if kind is KeyKind.LIVE and not service.is_live and not is_known:
        raise InTrial("the service is in trial mode")
    if wanted.number is not None:
        check_may_be_sent_to(wanted.number, abroad=service.may_text_abroad, landlines=service.may_text_landlines)
