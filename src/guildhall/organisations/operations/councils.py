"""The list of councils, and what a council says of itself."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, connection

from guildhall.design.domain.contrast import readable_brand_colour
from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for, current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.organisations import queries
from guildhall.organisations.domain.addresses import COUNCIL_RESERVED, may_be_an_address
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.domain.councils import (
    Kind,
    ListedCouncil,
    Scheme,
    Tier,
    is_of_latin_letters,
    parse_list,
    searchable,
    told_apart_by,
)
from guildhall.organisations.domain.logo import check_png
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.models import Logo, Organisation, OrganisationCode, OrganisationRelation
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.queries import Council

THE_LIST = Path(__file__).parents[1] / "data" / "councils.csv"
# The columns of a row that follow the list.
_LISTED = (
    *("kind", "tier", "name", "name_cy", "other_words", "nation", "region", "homepage_url"),
    *("started_on", "ended_on"),
)


class AddressTaken(Conflict):
    """Another council has this address."""


class ReservedAddress(Invalid):
    """The installation needs the address itself, or it is not of small letters, digits and hyphens."""


class NameOfAnother(Conflict):
    """The list of councils gives this name to another council."""


class NotLatin(Invalid):
    """A name has letters of another script, which may look like Latin ones."""


class NotAnAddress(Invalid):
    """A home page begins with https:// or http://."""


@dataclass(frozen=True)
class Loaded:
    """What loading the list changed."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation that the list of councils does not have: the sandbox council, a parish, a shared service."""

    slug: str
    name: str
    name_cy: str = ""
    kind: Kind = Kind.UNITARY
    tier: Tier = Tier.UNITARY
    nation: str = "England"
    homepage_url: str = ""
    custodian_code: str = ""


@dataclass(frozen=True)
class OwnWords:
    """What a council says of itself. An empty field means the list's words, or the usual colour."""

    name: str
    name_cy: str
    homepage_url: str
    colour: str


@transaction
def load_councils(path: Path = THE_LIST) -> Loaded:
    """Bring the councils up to date with the list; run as the owner's login. A second time changes nothing.

    The list's own columns follow the list. What a council changed itself stays, and so does an address once given.
    Councils that the list no longer has stay as they are: their history remains readable.

    :raises UnreadableList: a line makes no sense; nothing is changed.
    """
    with path.open(encoding="utf-8", newline="") as file:
        listed = parse_list(csv.DictReader(file))
    # Two loads at once would both find a council missing; the second waits for the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guildhall.organisations.load_councils'))")
    _give_names_back(listed)
    loaded = _load_rows(listed)
    ids = dict(Organisation.objects.filter(code__isnull=False).values_list("code", "id"))
    _follow_codes(listed, ids)
    _follow_relations(listed, ids)
    return loaded


def add_organisation(new: NewOrganisation, *, now: datetime) -> Council:
    """Add an organisation that the list of councils does not have, open from the start.

    :raises ReservedAddress: the address cannot be a council's.
    :raises AddressTaken: another council has the address, the custodian code, or the name on the list of councils.
    """
    if not may_be_an_address(new.slug) or new.slug in COUNCIL_RESERVED:
        raise ReservedAddress(f"{new.slug!r} cannot be the address of a council")
    organisation_id = OrganisationId(new_id())
    with acting_for(organisation_id), transaction():
        try:
            _insert(organisation_id, new, now)
        except IntegrityError as clash:
            raise AddressTaken(f"another council has the address {new.slug!r}") from clash
    return queries.get_council_by_id(organisation_id)


def ensure_organisation(new: NewOrganisation, *, now: datetime) -> Council:
    """Return the organisation at ``new.slug``, adding it if there is none yet."""
    try:
        return queries.get_council(new.slug)
    except queries.CouncilNotFound:
        return add_organisation(new, now=now)


@transaction
def change_own_words(words: OwnWords, *, actor: PersonId, now: datetime) -> None:
    """Change what the current council says of itself.

    :raises ContrastTooLow: white words cannot be read on the colour; it carries the measured ratio.
    :raises NotAColour: the colour is not written like #00703c.
    :raises NotAnAddress: the home page is not a web address.
    :raises NotLatin: a name could be read as another than it is.
    :raises NameOfAnother: another council has the name on the list of councils, however the two are written.
    """
    colour = str(readable_brand_colour(words.colour)) if words.colour else ""
    if words.homepage_url and not words.homepage_url.startswith(("https://", "http://")):
        raise NotAnAddress("a home page begins with https://")
    if not is_of_latin_letters(words.name + words.name_cy):
        raise NotLatin("a council's name is written in Latin letters")
    row = Organisation.objects.select_for_update(of=("self",)).get(id=current_organisation())
    before = OwnWords(row.own_name, row.own_name_cy, row.own_homepage_url, row.colour)
    row.own_name = "" if words.name == row.name else words.name
    row.own_name_cy = "" if words.name_cy == row.name_cy else words.name_cy
    row.own_homepage_url = "" if words.homepage_url == row.homepage_url else words.homepage_url
    row.colour = colour
    row.searchable = searchable_words(row)
    row.calls_itself = told_apart_by(row.own_name, row.own_name_cy)
    _save_own_words(row)
    after = OwnWords(row.own_name, row.own_name_cy, row.own_homepage_url, row.colour)
    changed = [field.name for field in fields(OwnWords) if getattr(before, field.name) != getattr(after, field.name)]
    _audit_settings(",".join(changed), actor=actor, now=now)


@transaction
def set_logo(png: bytes, *, actor: PersonId, now: datetime) -> None:
    """Draw a picture beside the current council's name, instead of the one it may have had.

    :raises NotALogo: it is not a PNG, or is too large.
    """
    check_png(png)
    own_rows(Logo).update_or_create(defaults={"png": png})
    _note_logo(hashlib.sha256(png).hexdigest()[:12])
    _audit_settings("logo", actor=actor, now=now)


@transaction
def remove_logo(*, actor: PersonId, now: datetime) -> None:
    """Draw no picture beside the current council's name any more."""
    own_rows(Logo).delete()
    _note_logo("")
    _audit_settings("logo", actor=actor, now=now)


def searchable_words(row: Organisation) -> str:
    """Return what a council is found by: by the names that it gives itself only while it is open."""
    own = (row.own_name, row.own_name_cy) if row.stage == Stage.OPEN else ()
    return searchable(*own, row.name, row.name_cy, row.slug, row.other_words, row.code or "")


def _save_own_words(row: Organisation) -> None:
    try:
        row.save(update_fields=["own_name", "own_name_cy", "own_homepage_url", "colour", "searchable", "calls_itself"])
    except IntegrityError as clash:
        raise NameOfAnother("another council has this name on the list of councils") from clash


def _note_logo(digest: str) -> None:
    Organisation.objects.filter(id=current_organisation()).update(logo_digest=digest)


def _audit_settings(changed: str, *, actor: PersonId, now: datetime) -> None:
    subject = Subject("council", current_organisation())
    record_audit("council.settings_changed", subject, actor=actor, now=now, details={"changed": changed})


def _insert(organisation_id: OrganisationId, new: NewOrganisation, now: datetime) -> None:
    row = Organisation(
        id=organisation_id,
        slug=new.slug,
        kind=new.kind,
        tier=new.tier,
        name=new.name,
        name_cy=new.name_cy,
        nation=new.nation,
        homepage_url=new.homepage_url,
        stage=str(Stage.OPEN),
        opened_at=now,
    )
    row.searchable = searchable_words(row)
    row.calls_itself = told_apart_by(row.name, row.name_cy)
    row.save(force_insert=True)
    if new.custodian_code:
        OrganisationCode.objects.create(council=row, scheme=Scheme.CUSTODIAN, value=new.custodian_code)


def _load_rows(listed: Sequence[ListedCouncil]) -> Loaded:
    there = {row.code: row for row in Organisation.objects.filter(code__isnull=False)}
    added = [_fill(Organisation(code=line.code, slug=line.slug), line) for line in listed if line.code not in there]
    before = {code: _listed_columns(row) for code, row in there.items()}
    kept = [_fill(there[line.code], line) for line in listed if line.code in there]
    changed = [row for row in kept if _listed_columns(row) != before[row.code]]
    Organisation.objects.bulk_create(added)
    if changed:
        Organisation.objects.bulk_update(changed, [*_LISTED, "searchable", "known_as"])
    return Loaded(added=len(added), changed=len(changed), unchanged=len(kept) - len(changed))


def _give_names_back(listed: Sequence[ListedCouncil]) -> None:
    """Let nobody keep a name that the list now gives to another."""
    known = [(line.code, set(told_apart_by(line.name, line.name_cy))) for line in listed]
    for row in Organisation.objects.exclude(calls_itself=[]).exclude(own_name="", own_name_cy=""):
        theirs = set().union(*(words for code, words in known if code != row.code))
        ours = set().union(*(words for code, words in known if code == row.code))
        if (set(row.calls_itself) - ours) & theirs:
            row.own_name, row.own_name_cy, row.calls_itself = "", "", []
            row.searchable = searchable_words(row)
            row.save(update_fields=["own_name", "own_name_cy", "calls_itself", "searchable"])


def _fill(row: Organisation, line: ListedCouncil) -> Organisation:
    for column in _LISTED:
        setattr(row, column, getattr(line, column))
    row.searchable = searchable_words(row)
    row.known_as = told_apart_by(row.name, row.name_cy)
    return row


def _listed_columns(row: Organisation) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in (*_LISTED, "searchable", "known_as"))


def _follow_codes(listed: Sequence[ListedCouncil], ids: Mapping[str | None, UUID]) -> None:
    wanted = {(ids[line.code], str(scheme), value) for line in listed for scheme, value in line.codes}
    rows = OrganisationCode.objects.filter(council__in=[ids[line.code] for line in listed])
    there = {(row.council_id, row.scheme, row.value): row.id for row in rows}
    OrganisationCode.objects.filter(id__in=[there[key] for key in there.keys() - wanted]).delete()
    OrganisationCode.objects.bulk_create(
        OrganisationCode(council_id=council, scheme=scheme, value=value)
        for council, scheme, value in sorted(wanted - there.keys())
    )


def _follow_relations(listed: Sequence[ListedCouncil], ids: Mapping[str | None, UUID]) -> None:
    wanted = {(ids[line.code], OrganisationRelation.PART_OF, ids[other]) for line in listed for other in line.part_of}
    wanted |= {
        (ids[line.code], OrganisationRelation.SUCCEEDED_BY, ids[other])
        for line in listed
        for other in line.succeeded_by
    }
    rows = OrganisationRelation.objects.filter(council__in=[ids[line.code] for line in listed])
    there = {(row.council_id, row.kind, row.other_id): row.id for row in rows}
    OrganisationRelation.objects.filter(id__in=[there[key] for key in there.keys() - wanted]).delete()
    OrganisationRelation.objects.bulk_create(
        OrganisationRelation(council_id=council, kind=kind, other_id=other)
        for council, kind, other in sorted(wanted - there.keys())
    )
