"""Moving a council on: one lock, one decision (``domain/stages.py``), one entry in the audit trail."""

from datetime import datetime

from django.db.models import QuerySet

from guildhall.kernel.audiences import Role
from guildhall.kernel.clock import london_day
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict, Forbidden
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.organisations import models
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.domain.stages import Stage, after_opening
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.operations.councils import searchable_words
from guildhall.organisations.queries import Council
from guildhall.organisations.queries.councils import council_of


class CouncilAbolished(Conflict):
    """The council no longer exists, so nobody can own or open it: its successors can be invited instead."""


class NotAnOwner(Forbidden):
    """Only an owner of the council may do this."""


@part_of_a_transaction
def hold_council() -> models.Organisation:
    """Lock the current council's row: whoever else moves it on, invites or accepts waits until we are done."""
    return models.Organisation.objects.select_for_update(no_key=True).get(id=current_organisation())


@part_of_a_transaction
def move_to(row: models.Organisation, stage: Stage, *, now: datetime) -> bool:
    """Write down where a council stands that was locked before. Return whether that is a change.

    It is found by words of its own while it is open, and by those of the list of councils otherwise.
    """
    if row.stage == stage:
        return False
    row.stage = str(stage)
    row.taken_off_at = now if stage is Stage.TAKEN_OFF else None
    row.opened_at = _opened_at(row, stage, now)
    row.searchable = searchable_words(row)
    row.save(update_fields=["stage", "opened_at", "taken_off_at", "searchable"])
    return True


@transaction
def open_council(*, actor: PersonId, now: datetime) -> Council:
    """Open the current council to residents: its pages, and every service that it has put online, are public from now.

    Opening an open one changes nothing.

    :raises NotAnOwner: the actor owns the council no more.
    :raises NotBeingSetUp: it was taken off.
    :raises CouncilAbolished: it no longer exists.
    """
    row = hold_council()
    if not _owners().filter(person_id=actor).exists():
        raise NotAnOwner("only an owner opens a council")
    check_exists(row, now)
    if move_to(row, after_opening(Stage(row.stage)), now=now):
        record_audit("council.opened", Subject("council", current_organisation()), actor=actor, now=now)
    return council_of(row)


@part_of_a_transaction
def has_owner_since(moment: datetime) -> bool:
    """Return whether somebody owns the current council who was on its team at that moment."""
    return _owners().filter(joined_at__lte=moment).exists()


def check_exists(row: models.Organisation, now: datetime) -> None:
    """Check that a council has not ended.

    :raises CouncilAbolished: it has.
    """
    if council_of(row).has_ended(london_day(now)):
        raise CouncilAbolished("this council no longer exists")


def _owners() -> QuerySet[models.Membership]:
    return own_rows(models.Membership).filter(roles__contains=[str(Role.OWNER)])


def _opened_at(row: models.Organisation, stage: Stage, now: datetime) -> datetime | None:
    """A council that is taken off keeps when it was opened; one that has to be opened again does not."""
    match stage:
        case Stage.OPEN:
            return row.opened_at or now
        case Stage.TAKEN_OFF:
            return row.opened_at
        case _:
            return None
