"""Writing templates: every save is a new version."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.transaction import on_commit

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.text import is_blank
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models, queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import FolderId, NotifyServiceId, TemplateId
from guildhall.notify.domain.template import NO_CHOICES, NO_WORDS, Choices, Pair, Words
from guildhall.notify.domain.text_message import LONGEST_MESSAGE, write_text_message
from guildhall.notify.operations.folders import lock_folder
from guildhall.notify.queries.remembered import forget_templates
from guildhall.notify.queries.templates import TemplateNotFound, TemplateView
from guildhall.organisations.operations import Subject, record_audit


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes a template: the officer, and the name that its version shows. Nobody's is one of our own."""

    person_id: PersonId | None
    name: str


class ChannelChanged(Conflict):
    """A template of that key exists for another channel."""


class SavedMeanwhile(Conflict):
    """Somebody else saved the template after the writer opened it."""


class NothingWritten(Invalid):
    """A template needs a name and words, and an email a subject."""


class TextTooLong(Invalid):
    """No text message may have so many characters, whatever is filled in."""


@part_of_a_transaction
def ensure_template(
    key: str,
    *,
    notify_service_id: NotifyServiceId,
    channel: Channel | str,
    name: str,
    english: Words,
    welsh: Words = NO_WORDS,
) -> TemplateId:
    """Make sure that a service has the template that our own code calls ``key``, and return its id.

    New words of ours become a new version, unless an officer has written their own: theirs stay. Saying it again
    changes nothing.

    :raises ChannelChanged: the key is a template of the other channel.
    """
    wanted = Pair(english, welsh)
    fresh = models.Template(id=new_id(), notify_service_id=notify_service_id, key=key, channel=str(Channel(channel)))
    models.Template.objects.bulk_create([fresh], ignore_conflicts=True)
    template = models.Template.objects.select_for_update().get(notify_service_id=notify_service_id, key=key)
    if template.id == fresh.id:
        add_version(template.id, 1, name, wanted, NO_CHOICES, saved_by="")
        return TemplateId(template.id)
    if template.channel != str(Channel(channel)):
        raise ChannelChanged(f"{key} is a template for {template.channel}")
    current = queries.get_template(TemplateId(template.id))
    if (current.name, current.pair) != (name, wanted) and not _was_written_by_officers(template):
        add_version(template.id, template.version + 1, name, wanted, current.choices, saved_by="")
        models.Template.objects.filter(id=template.id).update(version=template.version + 1)
    return TemplateId(template.id)


@transaction
def add_template(  # noqa: PLR0913 - where it belongs, what it says, who says so
    *,
    notify_service_id: NotifyServiceId,
    channel: Channel,
    name: str,
    pair: Pair,
    by: Author,
    now: datetime,
    choices: Choices = NO_CHOICES,
    folder_id: FolderId | None = None,
) -> TemplateView:
    """Add a template that an officer wrote.

    :raises NothingWritten: the name, the words or an email's subject are missing.
    :raises TextTooLong: the words of a text message are more than it may have.
    :raises NotifyServiceNotFound: the council has no such notify service.
    :raises FolderNotFound: the service has no such folder.
    """
    queries.get_notify_service(notify_service_id)
    if folder_id is not None:
        lock_folder(folder_id, of=notify_service_id)
    _check_written(channel, name, pair)
    template = models.Template(notify_service_id=notify_service_id, channel=str(channel), folder_id=folder_id)
    template.save(force_insert=True)
    add_version(template.id, 1, name, pair, choices, saved_by=by.name)
    return _recorded("template.added", TemplateId(template.id), by, now)


@transaction
def save_template(  # noqa: PLR0913 - which, what it says, who says so
    template_id: TemplateId,
    *,
    opened: int,
    name: str,
    pair: Pair,
    by: Author,
    now: datetime,
    choices: Choices | None = None,
) -> TemplateView:
    """Save new words of a template as its next version.

    :param opened: the version that the writer saw.
    :param choices: None keeps those of the version before.
    :raises TemplateNotFound: the council has no such template.
    :raises SavedMeanwhile: there is a newer version than ``opened``.
    :raises NothingWritten: the name, the words or an email's subject are missing.
    :raises TextTooLong: the words of a text message are more than it may have.
    """
    template = _lock(template_id, opened)
    _check_written(Channel(template.channel), name, pair)
    kept = queries.get_template(template_id).choices if choices is None else choices
    add_version(template.id, opened + 1, name, pair, kept, saved_by=by.name)
    own_rows(models.Template).filter(id=template.id).update(version=opened + 1)
    return _recorded("template.changed", template_id, by, now)


@transaction
def restore_version(template_id: TemplateId, version: int, *, opened: int, by: Author, now: datetime) -> TemplateView:
    """Save what an old version says as the next version. Nothing between them is lost.

    :param opened: the last version when the officer looked.
    :raises TemplateNotFound: the council has no such template, or it has no such version.
    :raises SavedMeanwhile: there is a newer version than ``opened``.
    """
    template = _lock(template_id, opened)
    old = queries.get_template(template_id, version=version)
    add_version(template.id, opened + 1, old.name, old.pair, old.choices, saved_by=by.name)
    own_rows(models.Template).filter(id=template.id).update(version=opened + 1)
    return _recorded("template.restored", template_id, by, now, restored=str(version))


@transaction
def copy_template(
    template_id: TemplateId,
    *,
    to: NotifyServiceId,
    folder_id: FolderId | None,
    name: str,
    by: Author,
    now: datetime,
) -> TemplateView:
    """Copy the last version of a template within its service or into another of the council's services.

    What belongs to the other service (its senders and contact blocks) is not taken along.

    :raises TemplateNotFound: the council has no such template.
    :raises NotifyServiceNotFound: the council has no such notify service.
    :raises FolderNotFound: the service has no such folder.
    """
    original = queries.get_template(template_id)
    queries.get_notify_service(to)
    if folder_id is not None:
        lock_folder(folder_id, of=to)
    choices = original.choices
    if original.notify_service_id != to:
        choices = replace(choices, sender_id=None, contact_block_id=None)
    copy = models.Template(notify_service_id=to, channel=str(original.channel), folder_id=folder_id)
    copy.save(force_insert=True)
    add_version(copy.id, 1, name, original.pair, choices, saved_by=by.name)
    return _recorded("template.copied", TemplateId(copy.id), by, now)


@transaction
def mark_emergency(template_id: TemplateId, is_emergency: bool, *, actor: PersonId, now: datetime) -> None:
    """Let a template's messages go out when the spending cap is reached, or no more.

    :raises TemplateNotFound: the council has no such template in use.
    """
    rows = own_rows(models.Template).filter(id=template_id, is_archived=False)
    if not rows.update(is_emergency=is_emergency):
        raise TemplateNotFound("there is no such template")
    on_commit(forget_templates)
    action = "template.emergency_on" if is_emergency else "template.emergency_off"
    _record(action, queries.get_template(template_id), actor=actor, now=now)


@transaction
def archive_template(template_id: TemplateId, *, actor: PersonId, now: datetime) -> None:
    """Put a template away: nothing can be sent with it any more, and old messages still show what it said.

    :raises TemplateNotFound: the council has no such template.
    """
    on_commit(forget_templates)
    if not own_rows(models.Template).filter(id=template_id).update(is_archived=True):
        raise TemplateNotFound("there is no such template")
    _record("template.archived", queries.get_template(template_id), actor=actor, now=now)


def _recorded(action: str, template_id: TemplateId, by: Author, now: datetime, **details: str) -> TemplateView:
    """Write down what an author did, and return the template as it is now."""
    saved = queries.get_template(template_id)
    _record(action, saved, actor=by.person_id, now=now, **details)
    return saved


def _record(action: str, saved: TemplateView, *, actor: PersonId | None, now: datetime, **details: str) -> None:
    subject = Subject("template", saved.id, saved.name, saved.notify_service_id)
    record_audit(action, subject, actor=actor, now=now, details={"version": str(saved.version), **details})


def _lock(template_id: TemplateId, opened: int) -> models.Template:
    template = (
        own_rows(models.Template).select_for_update(of=("self",)).filter(id=template_id, is_archived=False).first()
    )
    if template is None:
        raise TemplateNotFound("there is no such template")
    if template.version != opened:
        raise SavedMeanwhile("somebody else has changed this template since you opened it")
    return template


def _check_written(channel: Channel, name: str, pair: Pair) -> None:
    """Refuse words that cannot be sent. Names of gaps count, as nobody knows yet what fills them.

    Source of the length: alphagov/notifications-api:app/template/rest.py, _content_count_greater_than_limit.
    """
    lacks_subject = channel is Channel.EMAIL and is_blank(pair.english.subject)
    if is_blank(name) or is_blank(pair.english.body) or lacks_subject:
        raise NothingWritten("a template needs a name and words, and an email needs a subject")
    bodies = (pair.english.body, pair.welsh.body) if channel is Channel.SMS else ()
    if any(write_text_message(body).is_too_long for body in bodies):
        raise TextTooLong(f"a text message has at most {LONGEST_MESSAGE} characters")


def _was_written_by_officers(template: models.Template) -> bool:
    versions = models.TemplateVersion.objects.filter(template_id=template.id)
    return versions.exclude(saved_by="").exists()


def add_version(template_id: UUID, version: int, name: str, pair: Pair, choices: Choices, *, saved_by: str) -> None:
    """Write down what a template says from now on; the caller has made sure that this version is its next one."""
    on_commit(forget_templates)
    models.TemplateVersion.objects.create(
        template_id=template_id,
        version=version,
        name=name,
        subject=pair.english.subject,
        body=pair.english.body,
        subject_cy=pair.welsh.subject,
        body_cy=pair.welsh.body,
        sender_id=choices.sender_id,
        has_unsubscribe_link=choices.has_unsubscribe_link,
        postage=str(choices.postage or ""),
        contact_block_id=choices.contact_block_id,
        letter_language=str(choices.letter_language or ""),
        saved_by=saved_by,
    )
