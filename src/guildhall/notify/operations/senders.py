"""What a service's messages may say they are from: text senders, reply-to addresses, contact blocks of letters."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db import transaction as savepoints
from django.db.transaction import on_commit
from django.urls import reverse

from guildhall.contact.email_address import parse_email_address
from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import ContactBlockId, NotifyServiceId, SenderAddressId
from guildhall.notify.domain.paper.printing import check_corner
from guildhall.notify.domain.settings import read_contact_lines, read_text_sender
from guildhall.notify.domain.template import Words
from guildhall.notify.operations.own_messages import OwnMessage, send
from guildhall.notify.operations.templates import ensure_template
from guildhall.notify.queries.contact_blocks import ContactBlockNotFound
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.queries.services import NotifyServiceNotFound
from guildhall.notify.queries.settings import ReplyToCheckNotFound, get_reply_to_check
from guildhall.organisations import queries as organisations
from guildhall.organisations.operations import Subject, record_audit

CONFIRMING = "guildhall.notify.reply-to"
CONFIRMED_WITHIN = timedelta(days=7)
TEMPLATE = "confirm-reply-to"

_ENGLISH = Words(
    "Confirm that you read this mail",
    "((asker)) wants people to answer the emails of “((service))” to this address.\n\n"
    "If you read its mail, open this link and confirm it:\n\n((link))\n\n"
    "The link works for 7 days. If you do not know what this is about, you need do nothing.",
)
_WELSH = Words(
    "Cadarnhewch eich bod yn darllen y post hwn",
    "Mae ((asker)) am i bobl ateb negeseuon e-bost “((service))” i’r cyfeiriad hwn.\n\n"
    "Os ydych yn darllen ei bost, agorwch y ddolen hon a’i gadarnhau:\n\n((link))\n\n"
    "Mae’r ddolen yn gweithio am 7 diwrnod. Os na wyddoch beth yw hyn, nid oes angen i chi wneud dim.",
)


class SenderKnown(Conflict):
    """The service has this sender already."""


class SenderNotFound(NotifyServiceNotFound):
    """The service has no such sender."""


class DefaultStays(Conflict):
    """The default can only be removed when nothing else could take its place: make another one the default first."""


class BlockEmpty(Invalid):
    """A contact block has at least one line."""


@transaction
def add_text_sender(
    typed: str, *, of: NotifyServiceId, is_default: bool, actor: PersonId, now: datetime
) -> SenderAddressId:
    """Add a name or number that a service's texts may show; its first one is the default.

    :raises SenderTooLong: or another refusal of ``read_text_sender``.
    :raises SenderKnown: the service has it already.
    """
    return _add(of, Channel.SMS, read_text_sender(typed), is_default, actor=actor, now=now)


@transaction
def ask_reply_to(typed: str, *, of: NotifyServiceId, asker: str, actor: PersonId, now: datetime) -> None:
    """Send a link to an address, with which whoever reads its mail can let the service name it for replies.

    Asking again sends another link.

    :raises NotAnEmailAddress: nobody can be written to there.
    :raises SenderKnown: the service has it already.
    """
    address, service = parse_email_address(typed), _lock(of)
    if own_rows(models.SenderAddress).filter(notify_service_id=of, channel="email", address=address).exists():
        raise SenderKnown("the service has this address already")
    check, _is_new = own_rows(models.ReplyToCheck).update_or_create(
        notify_service_id=of,
        address=address,
        defaults={"asked_by": asker, "asked_at": now, "confirmed_at": None},
    )
    ensure_template(
        TEMPLATE,
        notify_service_id=of,
        channel=Channel.EMAIL,
        name="Confirm a reply-to address",
        english=_ENGLISH,
        welsh=_WELSH,
    )
    # It is ours and not among those that officers write, so it stands with what has been put away.
    own_rows(models.Template).filter(notify_service_id=of, key=TEMPLATE).update(is_archived=True)
    wanted = OwnMessage(
        notify_service_id=of,
        template_key=TEMPLATE,
        channel="email",
        to=address,
        language=None,
        personalisation={"asker": asker, "service": service.name, "link": link_to_confirm(check.id, of)},
        reference=TEMPLATE,
        once_key=f"reply-to:{new_id()}",
    )
    send(wanted, now=now)
    _record("reply_to_asked", "reply_to_check", check.id, of, actor=actor, now=now)


@transaction
def confirm_reply_to(token: str, *, of: NotifyServiceId, now: datetime) -> str:
    """Let a service name an address for replies, because somebody who reads its mail says so; return it.

    :raises ReplyToCheckNotFound: the link was changed, used, or is too old.
    """
    _lock(of)
    check = get_reply_to_check(read_confirmation(token), of=of)
    if not own_rows(models.ReplyToCheck).filter(id=check.id, confirmed_at=None).update(confirmed_at=now):
        raise ReplyToCheckNotFound("this link has been used")
    _add(of, Channel.EMAIL, check.address, False, actor=None, now=now)
    return check.address


def link_to_confirm(check_id: UUID, service_id: NotifyServiceId) -> str:
    """Return the link that is sent to a reply-to address."""
    service = organisations.get_service_by_id(service_id)  # type: ignore[arg-type]
    council = organisations.get_council_by_id(service.organisation_id)
    names = {"council": council.slug, "service": service.slug, "token": secrets.seal(str(check_id), CONFIRMING)}
    return settings.BASE_URL + reverse("notify:confirm-reply-to", kwargs=names)


def read_confirmation(token: str) -> UUID:
    """Return which check a link is about.

    :raises ReplyToCheckNotFound: the link was changed or is too old.
    """
    try:
        return UUID(secrets.unseal(token, CONFIRMING, kept_for=CONFIRMED_WITHIN))
    except secrets.BrokenSeal as fault:
        raise ReplyToCheckNotFound("this link is not valid, or not any more") from fault


@transaction
def make_default_sender(sender_id: SenderAddressId, *, of: NotifyServiceId, actor: PersonId, now: datetime) -> None:
    """Let a service's messages name this sender unless a template or program names another.

    :raises SenderNotFound: the service has no such sender.
    """
    _lock(of)
    row = _get(sender_id, of)
    _make_default(row)
    _record_sender("sender_default", row, actor=actor, now=now)


@transaction
def remove_sender(sender_id: SenderAddressId, *, of: NotifyServiceId, actor: PersonId, now: datetime) -> None:
    """Take a sender from a service. Templates that named it go back to the default.

    :raises SenderNotFound: the service has no such sender.
    :raises DefaultStays: it is the default, and there are others.
    """
    _lock(of)
    row = _get(sender_id, of)
    others = own_rows(models.SenderAddress).filter(notify_service_id=of, channel=row.channel).exclude(id=row.id)
    if row.is_default and others.exists():
        raise DefaultStays("make another one the default first")
    _record_sender("sender_removed", row, actor=actor, now=now)
    row.delete()
    on_commit(forget_services)


@transaction
def save_contact_block(
    block_id: ContactBlockId | None,
    typed: str,
    *,
    of: NotifyServiceId,
    is_default: bool,
    actor: PersonId,
    now: datetime,
) -> ContactBlockId:
    """Add a contact block (no ``block_id``) or change one; the first one is the default.

    :raises ContactBlockNotFound: the service has no such block.
    :raises BlockEmpty: it has no line.
    :raises TooManyLines: it has more than ten.
    :raises CharactersMissing: or ``CornerTooSmall``: no letter can show it.
    """
    lines = read_contact_lines(typed)
    if not lines:
        raise BlockEmpty("a contact block has at least one line")
    check_corner(lines)
    _lock(of)
    blocks = own_rows(models.ContactBlock).filter(notify_service_id=of)
    row = blocks.filter(id=block_id).first() if block_id else models.ContactBlock(notify_service_id=of)
    if row is None:
        raise ContactBlockNotFound("there is no such contact block")
    if is_default or not blocks.filter(is_default=True).exists():
        blocks.exclude(id=row.id).update(is_default=False)
        row.is_default = True
    row.lines = lines
    row.save()
    _record("contact_block_saved", "contact_block", row.id, of, actor=actor, now=now)
    return ContactBlockId(row.id)


@transaction
def remove_contact_block(block_id: ContactBlockId, *, of: NotifyServiceId, actor: PersonId, now: datetime) -> None:
    """Take a contact block from a service. Letters that showed it show the default.

    :raises ContactBlockNotFound: the service has no such block.
    """
    removed, _rows = own_rows(models.ContactBlock).filter(id=block_id, notify_service_id=of).delete()
    if not removed:
        raise ContactBlockNotFound("there is no such contact block")
    _record("contact_block_removed", "contact_block", block_id, of, actor=actor, now=now)


@part_of_a_transaction
def _add(
    of: NotifyServiceId, channel: Channel, address: str, is_default: bool, *, actor: PersonId | None, now: datetime
) -> SenderAddressId:
    _lock(of)
    row = models.SenderAddress(notify_service_id=of, channel=str(channel), address=address)
    try:
        with savepoints.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise SenderKnown("the service has this sender already") from clash
    others = own_rows(models.SenderAddress).filter(notify_service_id=of, channel=str(channel), is_default=True)
    if is_default or not others.exists():
        _make_default(row)
    on_commit(forget_services)
    _record_sender("sender_added", row, actor=actor, now=now)
    return SenderAddressId(row.id)


def _make_default(row: models.SenderAddress) -> None:
    alike = own_rows(models.SenderAddress).filter(notify_service_id=row.notify_service_id, channel=row.channel)
    alike.exclude(id=row.id).update(is_default=False)
    alike.filter(id=row.id).update(is_default=True)
    on_commit(forget_services)


def _get(sender_id: SenderAddressId, of: NotifyServiceId) -> models.SenderAddress:
    row = own_rows(models.SenderAddress).filter(id=sender_id, notify_service_id=of).first()
    if row is None:
        raise SenderNotFound("the service has no such sender")
    return row


def _lock(of: NotifyServiceId) -> models.NotifyService:
    """Let changes to one service's senders wait for each other: there is one default."""
    row = own_rows(models.NotifyService).select_for_update(no_key=True).filter(id=of).first()
    if row is None:
        raise NotifyServiceNotFound("there is no such notify service")
    return row


def _record_sender(what: str, row: models.SenderAddress, *, actor: PersonId | None, now: datetime) -> None:
    """A name on texts is the council's own word; an address for replies may be somebody's own."""
    name = row.address if row.channel == str(Channel.SMS) else ""
    subject = Subject("sender", row.id, name, row.notify_service_id)
    record_audit(f"notify_service.{what}", subject, actor=actor, now=now, details={"channel": row.channel})


def _record(
    what: str, kind: str, object_id: object, of: NotifyServiceId, *, actor: PersonId | None, now: datetime
) -> None:
    record_audit(f"notify_service.{what}", Subject(kind, object_id, service_id=of), actor=actor, now=now)
