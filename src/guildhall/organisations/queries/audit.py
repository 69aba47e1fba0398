"""The audit trail of the current council, and whether it is whole."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from guildhall.design.languages import Text
from guildhall.kernel.clock import in_london
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.outside import read_id
from guildhall.kernel.paging import Page
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.organisations import models, ports
from guildhall.organisations.domain.audit import START, SYSTEM, AuditFacts, AuditFault, Link, first_fault
from guildhall.organisations.domain.audit_trail import (
    EVERYTHING,
    HOLDS_A_PERSON,
    NAME,
    SERVICE,
    Actor,
    ActorKind,
    AuditLine,
    Sought,
)
from guildhall.organisations.models import AuditEvent, AuditHead, AuditLink, Membership, PlatformOperator

PAGE = 50
PIECE = 500
NO_SERVICE = Text("")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@reading
def list_audit(sought: Sought = EVERYTHING, *, page: int = 1, size: int = PAGE) -> Page[AuditLine]:
    """Return a page of the current council's audit trail, the newest first."""
    rows = _sought(sought)
    total, start = rows.count(), (page - 1) * size
    return Page(_lines_of(list(rows[start : start + size])), page, size, total)


def read_audit(sought: Sought, organisation_id: OrganisationId) -> Iterator[AuditLine]:
    """Yield all that is asked for of a council's trail, the newest first; each piece in a transaction of its own."""
    before: int | None = None
    while True:
        with acting_for(organisation_id):
            piece = _piece(sought, before)
        yield from piece
        if len(piece) < PIECE:
            return
        before = piece[-1].seq


@reading
def list_actors() -> Sequence[Actor]:
    """Return everybody who did something in the current council, by name, and then those who have none."""
    ids = own_rows(AuditEvent).order_by("actor").values_list("actor", flat=True).distinct()
    return sorted(_actors(ids).values(), key=lambda actor: (not actor.name, actor.name.casefold(), actor.id))


@reading
def list_audited_councils() -> Sequence[OrganisationId]:
    """Return every council that has an audit trail; for ``doctor``, which then acts for each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_audited_councils()")
        return [OrganisationId(row[0]) for row in cursor.fetchall()]


@reading
def verify_audit() -> AuditFault | None:
    """Check the current council's whole audit trail; return the first row that was changed, moved or lost, or None."""
    head = own_rows(AuditHead).first()
    head_seq, head_hash = (head.seq, head.hash) if head else (0, START)
    # Events that others commit while we walk come after the head that we saw.
    fault = first_fault(_links(head_seq), head_seq=head_seq, head_hash=head_hash)
    if fault is None and own_rows(AuditEvent).filter(link=None).exists():
        return AuditFault(head_seq + 1, "an event stands outside the chain")
    return fault


def _links(up_to: int) -> Iterator[Link]:
    rows = own_rows(AuditLink).filter(seq__lte=up_to).select_related("event").order_by("seq")
    for row in rows.iterator(chunk_size=2000):
        yield Link(row.seq, row.previous_hash, row.hash, facts_of(row.event))


def facts_of(event: AuditEvent) -> AuditFacts:
    """Read a row as the facts that the chain commits to."""
    return AuditFacts(
        id=event.id,
        organisation_id=event.organisation_id,
        at=event.at,
        actor=event.actor,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        details=event.details,
    )


@reading
def _piece(sought: Sought, before: int | None) -> Sequence[AuditLine]:
    rows = _sought(sought)
    return _lines_of(list((rows if before is None else rows.filter(seq__lt=before))[:PIECE]))


def _sought(sought: Sought) -> QuerySet[AuditLink]:
    rows = own_rows(AuditLink).select_related("event").order_by("-seq")
    if sought.actor:
        rows = rows.filter(event__actor=sought.actor)
    if sought.actions:
        rows = rows.filter(_any(Q(event__action__startswith=f"{action}.") for action in sought.actions))
    if sought.service_id:
        rows = rows.filter(**{f"event__details__{SERVICE}": str(sought.service_id)})
    if sought.since:
        rows = rows.filter(event__at__gte=_begins(sought.since))
    if sought.until:
        rows = rows.filter(event__at__lt=_begins(sought.until + timedelta(days=1)))
    return rows


def _any(conditions: Iterable[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


def _begins(day: date) -> datetime:
    return in_london(day, time())


def _lines_of(rows: Sequence[AuditLink]) -> list[AuditLine]:
    actors = _actors({row.event.actor for row in rows})
    things = _things(rows)
    names = own_rows(models.Service).values_list("id", "name", "name_cy")
    services: dict[UUID | None, Text] = {id: Text(name, name_cy) for id, name, name_cy in names}
    people = _people({row.event.details.get(key, "") for row in rows for key in HOLDS_A_PERSON})
    return [_line_of(row, actors, things, services, people) for row in rows]


def _line_of(
    row: AuditLink,
    actors: Mapping[str, Actor],
    things: Mapping[tuple[str, str], str],
    services: Mapping[UUID | None, Text],
    people: Mapping[str, str],
) -> AuditLine:
    event = row.event
    service_id = event.details.get(SERVICE, "")
    return AuditLine(
        seq=row.seq,
        at=event.at,
        actor=actors[event.actor],
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        thing=event.details.get(NAME) or things.get((event.object_type, event.object_id), ""),
        service_id=service_id,
        service_name=services.get(read_id(service_id), NO_SERVICE),
        details=event.details,
        previous_hash=row.previous_hash,
        hash=row.hash,
        people=people,
    )


def _actors(ids: Iterable[str]) -> dict[str, Actor]:
    """Tell who is behind each id: officers, who runs the installation (an officer may do both), programs."""
    ids = set(ids)
    persons = {each for each in ids if _ID.fullmatch(each)}
    members, run_it = _ids_among(own_rows(Membership), persons), _ids_among(PlatformOperator.objects.all(), persons)
    names = _people(persons)

    def kind_of(actor: str) -> ActorKind:
        if actor == SYSTEM:
            return ActorKind.SYSTEM
        if actor not in persons:
            return ActorKind.PROGRAM
        if actor in members:
            return ActorKind.OFFICER
        return ActorKind.OPERATOR if actor in run_it else ActorKind.FORMER_OFFICER

    return {each: Actor(each, kind_of(each), names.get(each, "") if each in persons else _named(each)) for each in ids}


def _ids_among(rows: QuerySet[Any], persons: Collection[str]) -> set[str]:
    return {str(each) for each in rows.filter(person_id__in=persons).values_list("person_id", flat=True)}


def _named(actor: str) -> str:
    return "" if actor == SYSTEM else actor


def _people(ids: Collection[str]) -> dict[str, str]:
    """Name people: officers as their team knows them, others as they call themselves, if they are still here."""
    persons = [each for each in ids if _ID.fullmatch(each)]
    members = own_rows(Membership).filter(person_id__in=persons).values_list("person_id", "name", "email")
    return {**ports.names_of_people(persons), **{str(person): name or email for person, name, email in members}}


def _things(rows: Sequence[AuditLink]) -> dict[tuple[str, str], str]:
    """Name what has no name in the trail, because it is somebody's: looked up where it is kept."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        if NAME not in row.event.details and _ID.fullmatch(row.event.object_id):
            wanted.setdefault(row.event.object_type, set()).add(row.event.object_id)
    return {
        (kind, id): name
        for kind, ids in wanted.items()
        for id, name in (_NAMES[kind](ids) if kind in _NAMES else ports.names_of_things(kind, ids)).items()
    }


def _names_of_keys(ids: Collection[str]) -> Mapping[str, str]:
    return {str(id): name for id, name in own_rows(models.ApiKey).filter(id__in=ids).values_list("id", "name")}


def _addresses_of_invitations(ids: Collection[str]) -> Mapping[str, str]:
    return {str(id): email for id, email in own_rows(models.Invitation).filter(id__in=ids).values_list("id", "email")}


def _names_of_services(ids: Collection[str]) -> Mapping[str, str]:
    return {str(id): name for id, name in own_rows(models.Service).filter(id__in=ids).values_list("id", "name")}


_NAMES = {
    "key": _names_of_keys,
    "invitation": _addresses_of_invitations,
    "person": _people,
    "service": _names_of_services,
    "notify_service": _names_of_services,
}
