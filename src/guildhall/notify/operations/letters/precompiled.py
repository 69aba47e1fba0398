"""Letters that come ready to print: kept as they came, and looked through by the worker before anybody prints them."""

import binascii
from dataclasses import dataclass
from datetime import datetime

from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId, TemplateId
from guildhall.notify.domain.template import Postage, Words
from guildhall.notify.operations.accepting import ChannelNotAllowed
from guildhall.notify.operations.accepting.counting import limit_of_day
from guildhall.notify.operations.letters.checking import check_may_write
from guildhall.notify.operations.limits import take_of_day
from guildhall.notify.operations.templates import ensure_template
from guildhall.notify.queries.messages import hide_personalisation
from guildhall.notify.queries.remembered import Caller
from guildhall.organisations.domain.keys import KeyKind

TEMPLATE_KEY = "precompiled-letter"
_WORDS = Words("Pre-compiled PDF", "")


class NotDecodable(Invalid):
    """The letter's content is not base64, however leniently it is read."""


@dataclass(frozen=True, slots=True)
class PrecompiledLetter:
    """A letter that somebody's program has set, in base64."""

    content: str
    reference: str
    postage: Postage


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    id: MessageId
    reference: str
    postage: Postage


def accept_precompiled(wanted: PrecompiledLetter, *, caller: Caller, now: datetime) -> AcceptedFile:
    """Accept a letter that is ready to print, durably. Whether it can be printed is found out later.

    :raises ChannelNotAllowed: the service sends no letters.
    :raises LettersByTeamKey: or ``LettersInTrial``: nobody may write letters this way.
    :raises NotDecodable: the content is not base64.
    :raises DayIsUsedUp: the service has sent today's letters.
    """
    service, kind = caller.service.view, caller.key.kind
    if Channel.LETTER not in service.may_send:
        raise ChannelNotAllowed(Channel.LETTER)
    check_may_write(service, kind)
    content = _decoded(wanted.content)
    if kind is not KeyKind.TEST:
        take_of_day(service, str(Channel.LETTER), limit_of_day(service, kind, Channel.LETTER), now=now)
    with acting_for(service.organisation_id):
        return _keep(wanted, content, caller=caller, now=now)


@transaction
def _keep(wanted: PrecompiledLetter, content: bytes, *, caller: Caller, now: datetime) -> AcceptedFile:
    service, message_id = caller.service.view, MessageId(new_id())
    models.Message.objects.create(
        id=message_id,
        accepted_at=now,
        notify_service_id=service.id,
        template_id=_template_of(service.id),
        template_version=1,
        channel=str(Channel.LETTER),
        key_id=caller.key.id,
        key_kind=str(caller.key.kind),
        recipient="",
        recipient_as_given="",
        personalisation=hide_personalisation({}),
        reference=wanted.reference,
        postage=str(wanted.postage),
        status=str(Status.PENDING_VIRUS_CHECK),
    )
    models.LetterFile.objects.create(
        message_id=message_id, accepted_at=now, content=content, may_go_abroad=service.may_send_letters_abroad
    )
    return AcceptedFile(message_id, wanted.reference, wanted.postage)


@part_of_a_transaction
def _template_of(service_id: NotifyServiceId) -> TemplateId:
    """Return the template that stands for every letter without words of ours; nobody can choose it."""
    own = models.Template.objects.filter(notify_service_id=service_id, key=TEMPLATE_KEY, is_archived=True)
    if found := own.values_list("id", flat=True).first():
        return TemplateId(found)
    made = ensure_template(
        TEMPLATE_KEY, notify_service_id=service_id, channel=Channel.LETTER, name="Pre-compiled PDF", english=_WORDS
    )
    models.Template.objects.filter(id=made).update(is_archived=True)
    return made


def _decoded(content: str) -> bytes:
    """Read base64 as leniently as the reference does: what cannot be part of it is passed over."""
    try:
        return binascii.a2b_base64(content.encode("ascii", "ignore"))
    except binascii.Error as fault:
        raise NotDecodable("the content is not base64") from fault
