"""Writing templates: every save is a new version."""

from uuid import UUID

from django.db.transaction import on_commit

from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models, queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId
from guildhall.notify.domain.template import NO_WORDS, Pair, Words
from guildhall.notify.queries.remembered import forget_templates
from guildhall.notify.queries.templates import TemplateNotFound, TemplateView


class ChannelChanged(Conflict):
    """A template of that key exists for another channel."""


class SavedMeanwhile(Conflict):
    """Somebody else saved the template after the writer opened it."""


class NothingWritten(Invalid):
    """A template needs a name and words, and an email a subject."""


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
        _add_version(template.id, 1, name, wanted, saved_by="")
        return TemplateId(template.id)
    if template.channel != str(Channel(channel)):
        raise ChannelChanged(f"{key} is a template for {template.channel}")
    current = queries.get_template(TemplateId(template.id))
    if (current.name, current.pair) != (name, wanted) and not _was_written_by_officers(template):
        _add_version(template.id, template.version + 1, name, wanted, saved_by="")
        models.Template.objects.filter(id=template.id).update(version=template.version + 1)
    return TemplateId(template.id)


@transaction
def add_template(
    *, notify_service_id: NotifyServiceId, channel: Channel, name: str, pair: Pair, saved_by: str
) -> TemplateView:
    """Add a template that an officer wrote.

    :raises NothingWritten: the name, the words or an email's subject are missing.
    :raises NotifyServiceNotFound: the council has no such notify service.
    """
    queries.get_notify_service(notify_service_id)
    _check_written(channel, name, pair)
    template = models.Template(notify_service_id=notify_service_id, channel=str(channel))
    template.save(force_insert=True)
    _add_version(template.id, 1, name, pair, saved_by=saved_by)
    return queries.get_template(TemplateId(template.id))


@transaction
def save_template(template_id: TemplateId, *, opened: int, name: str, pair: Pair, saved_by: str) -> TemplateView:
    """Save new words of a template as its next version.

    :param opened: the version that the writer saw.
    :raises TemplateNotFound: the council has no such template.
    :raises SavedMeanwhile: there is a newer version than ``opened``.
    :raises NothingWritten: the name, the words or an email's subject are missing.
    """
    template = models.Template.objects.select_for_update().filter(id=template_id, is_archived=False).first()
    if template is None:
        raise TemplateNotFound("there is no such template")
    if template.version != opened:
        raise SavedMeanwhile("somebody else has changed this template since you opened it")
    _check_written(Channel(template.channel), name, pair)
    _add_version(template.id, opened + 1, name, pair, saved_by=saved_by)
    models.Template.objects.filter(id=template.id).update(version=opened + 1)
    return queries.get_template(template_id)


@transaction
def archive_template(template_id: TemplateId) -> None:
    """Put a template away: nothing can be sent with it any more, and old messages still show what it said.

    :raises TemplateNotFound: the council has no such template.
    """
    on_commit(forget_templates)
    if not models.Template.objects.filter(id=template_id).update(is_archived=True):
        raise TemplateNotFound("there is no such template")


def _check_written(channel: Channel, name: str, pair: Pair) -> None:
    lacks_subject = channel is Channel.EMAIL and not pair.english.subject.strip()
    if not name.strip() or not pair.english.body.strip() or lacks_subject:
        raise NothingWritten("a template needs a name and words, and an email needs a subject")


def _was_written_by_officers(template: models.Template) -> bool:
    versions = models.TemplateVersion.objects.filter(template_id=template.id)
    return versions.exclude(saved_by="").exists()


def _add_version(template_id: UUID, version: int, name: str, pair: Pair, *, saved_by: str) -> None:
    on_commit(forget_templates)
    models.TemplateVersion.objects.create(
        template_id=template_id,
        version=version,
        name=name,
        subject=pair.english.subject,
        body=pair.english.body,
        subject_cy=pair.welsh.subject,
        body_cy=pair.welsh.body,
        saved_by=saved_by,
    )
