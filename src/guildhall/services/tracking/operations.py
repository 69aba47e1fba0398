"""Start tracking, add to a timeline, and look one up by reference and email address."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from guildhall.contact.email_address import normalise_email_address
from guildhall.kernel.limits import Against, Counted
from guildhall.kernel.networks import Network
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.secrets import derive
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.kernel.tries import LockedOut as LockedOut
from guildhall.kernel.tries import count_tries, give_back
from guildhall.services.tracking import models
from guildhall.services.tracking.domain import lookups
from guildhall.services.tracking.domain.timeline import NewEntry, NewTracker


class NothingThere(NotFound):
    """No such reference, or not that email address: which of the two is not told."""


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


def look_up(reference: str, email: str, *, network: Network, now: datetime) -> str:
    """Return the reference, as we write it, if there is one such and it was given to this email address.

    Each wrong pair counts against the reference, the address and the network, whether or not any of it exists; a right
    pair counts against none.

    :raises LockedOut: one of them has been tried too often within the hour; even a right pair is refused then.
    :raises NothingThere: no such pair.
    """
    wanted, given_to = lookups.normalised_reference(reference), _email_digest(email)
    counts = _counts(wanted, given_to, network)
    with transaction():
        count_tries(*counts, now=now)
        is_right = own_rows(models.Tracker).filter(reference=wanted, email_digest=given_to).exists()
        if is_right:
            give_back(*counts, now=now)
    if not is_right:
        raise NothingThere("there is nothing with that reference and email address")
    return wanted


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


def _counts(reference: str, given_to: bytes, network: Network) -> tuple[Counted, ...]:
    council = current_organisation()
    return (
        Counted("tracking: a reference", Against.THING, f"{council} {reference}", lookups.ON_A_THING),
        Counted("tracking: an email address", Against.THING, given_to.hex(), lookups.ON_A_THING),
        Counted("tracking: wrong look-ups", Against.NETWORK, network, lookups.ON_A_NETWORK),
    )


def _email_digest(email: str) -> bytes:
    return derive("tracking email", str(current_organisation()), normalise_email_address(email))
