"""What is said: templates and their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import FolderId, NotifyServiceId, TemplateId
from guildhall.notify.domain.template import NO_CHOICES, Choices, LetterLanguage, Pair, Postage, Words


class TemplateNotFound(NotFound):
    """The service has no such template, or no such version of it."""


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template as one of its versions says it. ``updated_at`` is None while it has only its first version."""

    id: TemplateId
    notify_service_id: NotifyServiceId
    channel: Channel
    key: str | None
    name: str
    version: int
    pair: Pair
    created_at: datetime
    updated_at: datetime | None
    saved_by: str
    is_archived: bool
    folder_id: FolderId | None = None
    is_emergency: bool = False
    choices: Choices = NO_CHOICES

    @property
    def saved_at(self) -> datetime:
        """When this version was saved."""
        return self.updated_at or self.created_at


@reading
def get_template(
    template_id: TemplateId, *, of: NotifyServiceId | None = None, version: int | None = None
) -> TemplateView:
    """Return a template of the current council (of one notify service, if told), in a version or the last one.

    :raises TemplateNotFound: there is none, or it has no such version.
    """
    rows = models.Template.objects.filter(id=template_id)
    template = (rows if of is None else rows.filter(notify_service_id=of)).first()
    if template is None:
        raise TemplateNotFound("there is no such template")
    return _get_version(template, version or template.version)


@reading
def get_template_by_key(key: str, *, of: NotifyServiceId) -> TemplateView:
    """Return the template that our own code calls ``key``.

    :raises TemplateNotFound: the service has none of that key.
    """
    template = models.Template.objects.filter(notify_service_id=of, key=key).first()
    if template is None:
        raise TemplateNotFound(f"there is no template {key!r}")
    return _get_version(template, template.version)


@reading
def list_templates(*, of: NotifyServiceId, channel: str | None = None) -> Sequence[TemplateView]:
    """Return the last versions of a service's templates in use, by name."""
    templates = own_rows(models.Template).filter(notify_service_id=of, is_archived=False)
    if channel is not None:
        templates = templates.filter(channel=channel)
    by_id = {template.id: template for template in templates}
    last = templates.filter(id=OuterRef("template_id")).values("version")
    versions = own_rows(models.TemplateVersion).filter(template_id__in=by_id, version=Subquery(last))
    views = [_view_of(by_id[version.template_id], version) for version in versions]
    return sorted(views, key=lambda view: (view.name.lower(), view.id))


@reading
def list_versions(template_id: TemplateId, *, of: NotifyServiceId) -> Sequence[TemplateView]:
    """Return every version of a template, the newest first.

    :raises TemplateNotFound: the service has no such template.
    """
    template = models.Template.objects.filter(id=template_id, notify_service_id=of).first()
    if template is None:
        raise TemplateNotFound("there is no such template")
    versions = models.TemplateVersion.objects.filter(template_id=template.id).order_by("-version")
    return [_view_of(template, version) for version in versions]


def _get_version(template: models.Template, version: int) -> TemplateView:
    row = models.TemplateVersion.objects.filter(template_id=template.id, version=version).first()
    if row is None:
        raise TemplateNotFound("the template has no such version")
    return _view_of(template, row)


def _view_of(template: models.Template, version: models.TemplateVersion) -> TemplateView:
    return TemplateView(
        id=TemplateId(template.id),
        notify_service_id=NotifyServiceId(template.notify_service_id),
        channel=Channel(template.channel),
        key=template.key,
        name=version.name,
        version=version.version,
        pair=Pair(Words(version.subject, version.body), Words(version.subject_cy, version.body_cy)),
        created_at=template.created_at,
        updated_at=version.saved_at if version.version > 1 else None,
        saved_by=version.saved_by,
        is_archived=template.is_archived,
        folder_id=FolderId(template.folder_id) if template.folder_id else None,
        is_emergency=template.is_emergency,
        choices=_choices_of(version),
    )


def _choices_of(version: models.TemplateVersion) -> Choices:
    return Choices(
        sender_id=version.sender_id,
        has_unsubscribe_link=version.has_unsubscribe_link,
        postage=Postage(version.postage) if version.postage else None,
        contact_block_id=version.contact_block_id,
        letter_language=LetterLanguage(version.letter_language) if version.letter_language else None,
    )
