"""Start tracking, add to a timeline, and look one up by reference and email address."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F

from guildhall.contact.email_address import normalise_email_address
from guildhall.kernel.refusals import NotFound, Unavailable
from guildhall.kernel.rows import own_rows
from guildhall.kernel.secrets import derive
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.services.tracking import models
from guildhall.services.tracking.domain import lookups
from guildhall.services.tracking.domain.timeline import NewEntry, NewTracker


class NothingThere(NotFound):
    """No such reference, or not that email address: which of the two is not told."""


class TooManyTries(Unavailable):
    """This reference, or this email address, has been tried too often within the hour."""


@part_of_a_transaction
def start(new: NewTracker, first: NewEntry, *, now: datetime) -> None:
    """Begin the timeline of a case with its first line."""
    tracker = models.Tracker.objects.create(
        case_id=new.case_id,
        service_id=new.service_id,
        reference=new.reference,
        email_digest=_email_digest(new.email),
        language=new.language or "",
        resident_id=new.resident_id,
        title_en=new.title.en,
        title_cy=new.title.cy,
        public_status=first.status,
        next_en=first.what_happens_next.en,
        next_cy=first.what_happens_next.cy,
        started_at=now,
        updated_at=now,
        entries_count=1,
    )
    _write_line(tracker.id, 1, first, now=now)


@part_of_a_transaction
def add_entry(case_id: UUID, entry: NewEntry, *, now: datetime) -> None:
    """Add a line to a case's timeline and move what it says happens next."""
    tracker = own_rows(models.Tracker).select_for_update().get(case_id=case_id)
    own_rows(models.Tracker).filter(id=tracker.id).update(
        public_status=entry.status,
        next_en=entry.what_happens_next.en,
        next_cy=entry.what_happens_next.cy,
        updated_at=now,
        entries_count=F("entries_count") + 1,
    )
    _write_line(tracker.id, tracker.entries_count + 1, entry, now=now)


def look_up(reference: str, email: str, *, now: datetime) -> str:
    """Return the reference, as we write it, if there is one such and it was given to this email address.

    Each wrong pair counts against the reference and against the address, whether or not either exists; a right
    pair counts against neither.

    :raises TooManyTries: one of the two has been tried too often within the hour; even a right pair is refused then.
    :raises NothingThere: no such pair.
    """
    wanted, given_to = lookups.normalised_reference(reference), _email_digest(email)
    keys = (derive("tracking tries", "reference", wanted), derive("tracking tries", "email", given_to.hex()))
    with transaction():
        for key in keys:
            _use_up_a_try(key, now=now)
        is_right = own_rows(models.Tracker).filter(reference=wanted, email_digest=given_to).exists()
        if is_right:
            own_rows(models.LookupTries).filter(key__in=keys).update(tries=F("tries") - 1)
    if not is_right:
        raise NothingThere("there is nothing with that reference and email address")
    return wanted


def forget_old_tries(*, now: datetime) -> int:
    """Delete the counts of tries that no longer matter, for every council, and return how many."""
    with transaction():
        forgotten, _ = models.LookupTries.objects.filter(window_started_at__lte=lookups.window_begins(now)).delete()
    return forgotten


def _write_line(tracker_id: UUID, position: int, entry: NewEntry, *, now: datetime) -> None:
    models.TimelineEntry.objects.create(
        tracker_id=tracker_id,
        position=position,
        happened_at=now,
        public_status=entry.status,
        words_en=entry.words.en,
        words_cy=entry.words.cy,
        note_en=entry.note.en,
        note_cy=entry.note.cy,
    )


# One conditional write: of thirty that come at once, only as many pass as are left.
_ONE_TRY = """
    INSERT INTO services_tracking_lookuptries AS so_far (id, key, window_started_at, tries)
    VALUES (gen_random_uuid(), %(key)s, %(now)s, 1)
    ON CONFLICT (organisation_id, key) DO UPDATE SET
        tries = CASE WHEN so_far.window_started_at <= %(begins)s THEN 1 ELSE so_far.tries + 1 END,
        window_started_at =
            CASE WHEN so_far.window_started_at <= %(begins)s THEN %(now)s ELSE so_far.window_started_at END
    WHERE so_far.window_started_at <= %(begins)s OR so_far.tries < %(allowed)s
"""


def _use_up_a_try(key: bytes, *, now: datetime) -> None:
    begins = lookups.window_begins(now)
    with connection.cursor() as cursor:
        cursor.execute(_ONE_TRY, {"key": key, "now": now, "begins": begins, "allowed": lookups.TRIES})
        if cursor.rowcount == 0:
            raise TooManyTries("this reference or email address has been tried too often; try again in an hour")


def _email_digest(email: str) -> bytes:
    return derive("tracking email", str(current_organisation()), normalise_email_address(email))
