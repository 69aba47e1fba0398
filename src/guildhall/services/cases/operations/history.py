"""Writing the next event of a case. Whoever writes holds the case's row, so that the chain has no forks."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.rows import own_rows
from guildhall.services.cases import models
from guildhall.services.cases.domain.history import Happening, Kind, digest_of, forge
from guildhall.services.cases.domain.writing import content_of_writing
from guildhall.services.cases.queries import NoSuchCase
from guildhall.services.tracking.domain.timeline import NO_WORDS


class CaseChanged(Conflict):
    """Somebody else changed the case after the officer opened the page."""


@dataclass(frozen=True)
class Deed:
    """What an officer does to a case, before it has a place in the history.

    ``once`` becomes the event's id: a deed that carries one it carried before is the same deed, sent again.
    """

    kind: Kind
    actor_id: PersonId
    action: str = ""
    from_state: str = ""
    to_state: str = ""
    subject_id: PersonId | None = None
    note: str = ""
    message: Text = NO_WORDS
    once: UUID = field(default_factory=new_id)


def is_done(deed: Deed) -> bool:
    """Whether this very deed was done before; asked while the case is held, so that the answer stays true."""
    return own_rows(models.CaseEvent).filter(id=deed.once).exists()


def claim(case_id: UUID, *, seen_version: int) -> models.Case:
    """Take the case for a change if it still is as the officer saw it: one conditional update decides who is first.

    :raises CaseChanged: somebody else was first.
    :raises NoSuchCase: the council has none with this id.
    """
    is_first = own_rows(models.Case).filter(id=case_id, version=seen_version).update(version=F("version") + 1)
    case = hold(case_id)
    if not is_first:
        raise CaseChanged("somebody else changed this case after you opened it")
    return case


def hold(case_id: UUID) -> models.Case:
    """Return the case with its row held until the transaction ends.

    :raises NoSuchCase: the council has none with this id.
    """
    case = own_rows(models.Case).select_for_update(of=("self",)).select_related("workflow").filter(id=case_id).first()
    if case is None:
        raise NoSuchCase("there is no such case")
    return case


def write(case: models.Case, deed: Deed, *, now: datetime, **changes: object) -> models.CaseEvent:
    """Add an event to the chain of a case that is held, with the words that belong to it, and make its ``changes``."""
    happening = Happening(
        case_id=case.id,
        position=case.last_position + 1,
        kind=deed.kind,
        happened_at=now,
        actor_id=deed.actor_id,
        action=deed.action,
        from_state=deed.from_state,
        to_state=deed.to_state,
        subject_id=deed.subject_id,
        content_digest=digest_of(content_of_writing(deed.note, deed.message)),
    )
    event = write_link(happening, after=case.chain_head, event_id=deed.once)
    if deed.note:
        models.CaseNote.objects.create(event=event, text=deed.note)
    if deed.message != NO_WORDS:
        models.CaseMessage.objects.create(event=event, text_en=deed.message.en, text_cy=deed.message.cy)
    head = {"last_position": event.position, "chain_head": event.hash, "updated_at": now}
    own_rows(models.Case).filter(id=case.id).update(**head, **changes)
    return event


def write_link(happening: Happening, *, after: str, event_id: UUID) -> models.CaseEvent:
    """Write a happening as the link that follows ``after``."""
    link = forge(happening, after=after)
    return models.CaseEvent.objects.create(
        id=event_id, **vars(happening), previous_hash=link.previous_hash, hash=link.hash
    )
