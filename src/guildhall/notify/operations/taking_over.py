"""Taking a service's templates over from GOV.UK Notify, with their ids, so that programs need not change."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.transaction import on_commit

from guildhall.kernel.ids import PersonId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.text import compose
from guildhall.kernel.transactions import transaction
from guildhall.notify import models, queries
from guildhall.notify.domain.api_key import read_api_key
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId
from guildhall.notify.domain.template import NO_CHOICES, Pair, Words
from guildhall.notify.operations.templates import add_version
from guildhall.notify.ports import ForeignTemplate, template_source
from guildhall.notify.queries.remembered import forget_templates
from guildhall.organisations.operations import Subject, record_audit


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of each template, by its name. ``refused``: another service has one with the same id."""

    added: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.added) + len(self.renewed) + len(self.unchanged) + len(self.refused)


def take_over_templates(
    notify_service_id: NotifyServiceId, api_key: str, *, saved_by: str, actor: PersonId, now: datetime
) -> TakenOver:
    """Copy every template of the service that ``api_key`` belongs to at GOV.UK Notify. The key is not kept.

    Each keeps its id. One that was taken over before gets a new version if its words have changed there; words that
    officers have written here since then are one version back.

    :raises NotAnApiKey: the key cannot be read.
    :raises SourceRefused: GOV.UK Notify does not accept the key.
    :raises SourceUnreachable: it does not answer.
    :raises NotifyServiceNotFound: the council has no such service.
    """
    found = [_in_our_words(each) for each in template_source().list_templates(read_api_key(api_key), now=now)]
    return _write(notify_service_id, found, saved_by=saved_by, actor=actor, now=now)


@transaction
def _write(
    notify_service_id: NotifyServiceId,
    found: Sequence[ForeignTemplate],
    *,
    saved_by: str,
    actor: PersonId,
    now: datetime,
) -> TakenOver:
    queries.get_notify_service(notify_service_id)
    on_commit(forget_templates)
    taken = TakenOver()
    for each in found:
        getattr(taken, _take_over(each, notify_service_id, saved_by)).append(each.name)
    subject = Subject("notify_service", notify_service_id, service_id=notify_service_id)
    details = {"added": str(len(taken.added)), "renewed": str(len(taken.renewed))}
    record_audit("templates.taken_over", subject, actor=actor, now=now, details=details)
    return taken


def _in_our_words(found: ForeignTemplate) -> ForeignTemplate:
    """Return a template as if it had been written here: composed, and without what the database cannot hold."""
    name, subject, body = (
        compose(words.replace("\0", "")) for words in (found.name, found.words.subject, found.words.body)
    )
    return replace(found, name=name, words=Words(subject, body))


def _take_over(found: ForeignTemplate, notify_service_id: NotifyServiceId, saved_by: str) -> str:
    """Write one template down, and return which of ``TakenOver``'s lists it belongs to."""
    fresh = models.Template(id=found.id, notify_service_id=notify_service_id, channel=str(found.channel))
    models.Template.objects.bulk_create([fresh], ignore_conflicts=True)
    mine = own_rows(models.Template).filter(
        id=found.id, notify_service_id=notify_service_id, channel=str(found.channel)
    )
    template = mine.select_for_update().first()
    if template is None:
        return "refused"
    pair = Pair(found.words)
    if not models.TemplateVersion.objects.filter(template_id=template.id).exists():
        add_version(template.id, 1, found.name, pair, NO_CHOICES, saved_by=saved_by)
        return "added"
    current = queries.get_template(TemplateId(template.id))
    if (current.name, current.pair.english) == (found.name, found.words) and not current.is_archived:
        return "unchanged"
    renewed = Pair(found.words, current.pair.welsh)
    add_version(template.id, template.version + 1, found.name, renewed, current.choices, saved_by=saved_by)
    mine.update(version=template.version + 1, is_archived=False)
    return "renewed"
