"""What residents can see: by a link that was signed for them, or signed in."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from guildhall.design.languages import Text
from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.secrets import BrokenSeal as BrokenSeal
from guildhall.kernel.tenancy import acting_as_resident, current_organisation
from guildhall.kernel.transactions import reading
from guildhall.organisations import queries as organisations
from guildhall.services.tracking import models
from guildhall.services.tracking.domain.statuses import PublicStatus
from guildhall.services.tracking.domain.timeline import Line, Timeline, Tracked

LINKS_KEPT_FOR = timedelta(days=365)
_PURPOSE = "tracking link"


class NotTracked(NotFound):
    """There is nothing to see here for this visitor."""


@reading
def link_to(reference: str) -> str:
    """Return the whole address of a page that shows a timeline to whoever holds the address, for a year."""
    council = organisations.get_council_by_id(current_organisation())
    return f"{settings.BASE_URL}{reverse('tracking:by-link', args=[council.slug, sealed(reference)])}"


def sealed(reference: str) -> str:
    """Return the part of a tracking address that proves it was given out by us, for this council and reference."""
    return secrets.seal(f"{current_organisation()}.{reference}", _PURPOSE)


@reading
def get_timeline_by_link(token: str) -> Timeline:
    """Return the timeline a signed link leads to.

    :raises BrokenSeal: the link was changed, or is more than a year old.
    :raises NotTracked: it is another council's.
    """
    organisation_id, _, reference = secrets.unseal(token, _PURPOSE, kept_for=LINKS_KEPT_FOR).partition(".")
    if organisation_id != str(current_organisation()):
        raise NotTracked("that link belongs to another council")
    return _timeline(own_rows(models.Tracker).filter(reference=reference))


@reading
def get_timeline_of_resident(reference: str, resident_id: PersonId) -> Timeline:
    """Return the timeline of something a signed-in resident asked for.

    :raises NotTracked: there is none, or it is somebody else's.
    """
    return _timeline(own_rows(models.Tracker).filter(reference=reference, resident_id=resident_id))


def list_cases_of_resident(person_id: PersonId) -> list[Tracked]:
    """List everything a resident asked for while signed in, in every council, the newest first."""
    with acting_as_resident(person_id), reading():
        return [_tracked(row) for row in models.Tracker.objects.filter(resident_id=person_id).order_by("-started_at")]


def _timeline(trackers: QuerySet[models.Tracker]) -> Timeline:
    tracker = trackers.first()
    if tracker is None:
        raise NotTracked("there is nothing to see here")
    return Timeline(
        reference=tracker.reference,
        service_id=tracker.service_id,
        title=Text(tracker.title_en, tracker.title_cy),
        status=PublicStatus(tracker.public_status),
        what_happens_next=Text(tracker.next_en, tracker.next_cy),
        started_at=tracker.started_at,
        updated_at=tracker.updated_at,
        lines=tuple(_line(row) for row in tracker.entries.order_by("-position")),
    )


def _line(row: models.TimelineEntry) -> Line:
    return Line(
        row.happened_at,
        PublicStatus(row.public_status),
        Text(row.words_en, row.words_cy),
        Text(row.note_en, row.note_cy),
    )


def _tracked(row: models.Tracker) -> Tracked:
    return Tracked(
        row.organisation_id,
        row.service_id,
        row.reference,
        Text(row.title_en, row.title_cy),
        PublicStatus(row.public_status),
        row.started_at,
        row.updated_at,
    )
