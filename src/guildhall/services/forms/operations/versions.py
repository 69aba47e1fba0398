"""Putting forms online and taking them off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, reading, transaction
from guildhall.organisations import operations as team
from guildhall.organisations import queries as organisations
from guildhall.services.cases import operations as cases
from guildhall.services.forms import models
from guildhall.services.forms.domain.definition import fingerprint
from guildhall.services.forms.domain.linter import Opinion, lint
from guildhall.services.forms.domain.messages import problem_words
from guildhall.services.forms.domain.parsing import parse, required_by_law
from guildhall.services.forms.domain.reading import Problem
from guildhall.services.forms.operations.accounts import find_account
from guildhall.services.forms.operations.drafts import ensure_come_back_letter
from guildhall.services.forms.queries.versions import FormNotFound

Actor = PersonId | str | None


class NotFitToPublish(Invalid):
    """Something stands in the way of publishing; ``problems`` says what."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class NotADraft(Conflict):
    """The version has been published or thrown away already."""


class NotPublished(Conflict):
    """The version is not online."""


@dataclass(frozen=True)
class NewVersion:
    """A definition for a service, as JSON; where it came from ("guildhall" or "xgov"), and what was left out there."""

    service_id: ServiceId
    document: Mapping[str, Any]
    source: str = "guildhall"
    notes: tuple[Problem, ...] = ()


@transaction
def add_version(new: NewVersion, *, actor: Actor, now: datetime) -> UUID:
    """Keep a definition as the next version of a service's form; nobody sees it until it is published.

    :raises DefinitionInvalid: it is no form.
    :raises ServiceNotFound: the council has no such service.
    """
    return add_version_within(new, actor=actor, now=now)


@part_of_a_transaction
def add_version_within(new: NewVersion, *, actor: Actor, now: datetime) -> UUID:
    """Keep a definition as a step of a larger piece of work; refusals as ``add_version``."""
    parse(new.document)
    organisations.get_service_by_id(new.service_id)
    row = models.FormVersion(
        service_id=new.service_id,
        document=new.document,
        sha256=fingerprint(new.document),
        source=new.source,
        notes=[{"path": note.path, "en": note.words.en, "cy": note.words.cy} for note in new.notes],
        uploaded_by=str(actor or ""),
        uploaded_at=now,
    )
    _number(row)
    _audit("form.uploaded", row, actor, now)
    return row.id


@transaction
def publish(version_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Put a version online in place of the one before; who has begun with that one finishes with it.

    :raises FormNotFound: the council has no such version.
    :raises NotADraft: it is or was online already.
    :raises NotFitToPublish: the linter found errors, Welsh is missing in Wales, or fees cannot be paid.
    """
    publish_within(version_id, actor=actor, now=now)


@part_of_a_transaction
def publish_within(version_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Put a version online as a step of a larger piece of work; refusals as ``publish``."""
    row = _locked(version_id)
    if row.state != "draft":
        raise NotADraft("this version has been published already, or thrown away")
    errors = opinion_of(row).errors
    if errors:
        raise NotFitToPublish(errors)
    service_id = ServiceId(row.service_id)
    published = own_rows(models.FormVersion).filter(service_id=service_id, state="published")
    published.update(state="archived", archived_at=now)
    own_rows(models.FormVersion).filter(id=row.id).update(state="published", published_at=now)
    cases.ensure_letters(service_id)
    ensure_come_back_letter(service_id)
    team.put_service_online(service_id, actor=actor, now=now)
    _audit("form.published", row, actor, now)


@transaction
def archive(version_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a version offline, or throw a draft away. Who has begun with it can finish.

    :raises FormNotFound: the council has no such version.
    :raises NotPublished: it is offline already.
    """
    row = _locked(version_id)
    if row.state == "archived":
        raise NotPublished("this version is offline already")
    own_rows(models.FormVersion).filter(id=row.id).update(state="archived", archived_at=now)
    if row.state == "published":
        team.take_service_off(ServiceId(row.service_id), actor=actor, now=now)
    _audit("form.archived", row, actor, now)


@reading
def review(version_id: UUID) -> Opinion:
    """Return what stands in the way of publishing a version, and what its author should think about.

    :raises FormNotFound: the council has no such version.
    """
    row = own_rows(models.FormVersion).filter(id=version_id).first()
    if row is None:
        raise FormNotFound("there is no such form")
    return opinion_of(row)


def opinion_of(row: models.FormVersion) -> Opinion:
    """Look over a version with the eyes of the law of its nation and of the accounts of its service."""
    council = organisations.get_council_by_id(current_organisation())
    by_law = ("en", "cy") if council.nation == "Wales" else ()
    form = parse(required_by_law(row.document, by_law))
    opinion = lint(form)
    if form.fees and find_account(ServiceId(row.service_id)) is None:
        unpayable = Problem("fees", problem_words("no_account"))
        return Opinion((*opinion.errors, unpayable), opinion.warnings)
    return opinion


def _number(row: models.FormVersion) -> None:
    """Store a version under the next number. Two uploads at once want the same one: the second takes the next."""
    versions = own_rows(models.FormVersion).filter(service_id=row.service_id)
    while not versions.filter(id=row.id).exists():
        row.number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        models.FormVersion.objects.bulk_create([row], ignore_conflicts=True)


def _locked(version_id: UUID) -> models.FormVersion:
    row = own_rows(models.FormVersion).select_for_update().filter(id=version_id).first()
    if row is None:
        raise FormNotFound("there is no such form")
    return row


def _audit(action: str, row: models.FormVersion, actor: Actor, now: datetime) -> None:
    subject = team.Subject("form_version", row.id, service_id=row.service_id)
    team.record_audit(action, subject, actor=actor, now=now, details={"version": str(row.number)})
