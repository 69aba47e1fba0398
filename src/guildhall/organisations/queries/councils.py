"""Councils: by address, by code, by name, and who belongs to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from guildhall.design.brand import DEFAULT_COLOUR, Brand
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.organisations.domain.councils import Kind, Scheme, Tier, searched_words
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.models import Logo, Organisation, OrganisationCode, OrganisationRelation

PAGE = 50


class CouncilNotFound(NotFound):
    """No council has this address or code."""


class NoLogo(NotFound):
    """The council has no picture of its own."""


@dataclass(frozen=True)
class Council:
    """An organisation as others see it.

    Once it is open that is with the words that it gave itself. Before, and when it was taken off, it has only those of
    the list of councils: nobody can lead residents astray who was invited by mistake.
    """

    id: OrganisationId
    slug: str
    code: str | None
    kind: Kind
    tier: Tier
    name: str
    name_cy: str
    nation: str
    region: str
    homepage_url: str
    started_on: date | None
    ended_on: date | None
    stage: Stage
    opened_at: datetime | None
    brand: Brand
    own_brand: Brand

    @property
    def is_open(self) -> bool:
        """Whether residents may use it."""
        return self.stage is Stage.OPEN

    @property
    def was_closed(self) -> bool:
        """Whether residents could use it, and now cannot."""
        return self.stage is Stage.TAKEN_OFF and self.opened_at is not None

    def to_its_team(self) -> "Council":
        """Return the council as those see it who prepare it: in its own words, open or not."""
        return replace(
            self,
            brand=self.own_brand,
            name=self.own_brand.name,
            name_cy=self.own_brand.name_cy,
            homepage_url=self.own_brand.homepage_url,
        )

    def named(self, language: str) -> str:
        """Return the name in a language; the English one where there is no Welsh one."""
        return self.brand.named(language)

    def has_ended(self, today: date) -> bool:
        """Whether the council no longer exists. One that will end next spring still does."""
        return self.ended_on is not None and self.ended_on < today


@reading
def get_council(slug: str) -> Council:
    """Return the council at an address.

    :raises CouncilNotFound: there is none.
    """
    return _only(Organisation.objects.filter(slug=slug), slug)


@reading
def get_council_by_id(organisation_id: OrganisationId) -> Council:
    """Return a council by its id.

    :raises CouncilNotFound: there is none.
    """
    return _only(Organisation.objects.filter(id=organisation_id), str(organisation_id))


@reading
def get_platform() -> Council:
    """Return the organisation that is the installation itself: it sends sign-in codes and invitations."""
    return _only(Organisation.objects.filter(kind=Kind.PLATFORM), str(Kind.PLATFORM))


@reading
def find_council_by_code(scheme: Scheme | str, value: str) -> Council | None:
    """Return the council that somebody else knows by this code, or None."""
    row = Organisation.objects.filter(codes__scheme=scheme, codes__value=value).first()
    return council_of(row) if row else None


def find_council_by_custodian_code(code: str) -> Council | None:
    """Return the council that keeps the addresses with this custodian code, or None."""
    return find_council_by_code(Scheme.CUSTODIAN, code)


@reading
def list_councils_with_codes(scheme: Scheme | str, values: Iterable[str]) -> dict[str, Council]:
    """Return the councils behind several codes of one scheme, by code; unknown codes are left out."""
    codes = OrganisationCode.objects.filter(scheme=scheme, value__in=list(values)).select_related("council")
    return {code.value: council_of(code.council) for code in codes}


@reading
def list_councils(
    search: str, *, today: date, page: int = 1, size: int = PAGE, only_begun: bool = False
) -> Page[Council]:
    """Return a page of councils whose names have every word of ``search``, in any order, in English or Welsh.

    Those that start with the words come first, abolished ones last, then by name. The installation itself is left out;
    with ``only_begun`` also those that nobody has been invited to.
    """
    words = searched_words(search)
    rows = Organisation.objects.exclude(kind=Kind.PLATFORM).filter(*_has_each(words))
    if only_begun:
        rows = rows.exclude(stage=str(Stage.LISTED))
    rows = rows.order_by(_rank(" ".join(words), today), "name", "slug")
    total, start = rows.count(), (page - 1) * size
    return Page([council_of(row) for row in rows[start : start + size]], page, size, total)


@reading
def list_councils_by_id(organisation_ids: Iterable[UUID]) -> dict[UUID, Council]:
    """Return several councils by their ids; unknown ids are left out."""
    rows = Organisation.objects.filter(id__in=list(organisation_ids))
    return {row.id: council_of(row) for row in rows}


@reading
def list_parents(organisation_id: OrganisationId) -> Sequence[Council]:
    """Return the authorities that a council is part of: its county first, then a combined authority."""
    parents = _related(organisation_id, OrganisationRelation.PART_OF)
    return sorted(parents, key=lambda parent: (parent.kind == Kind.COMBINED_AUTHORITY, parent.name))


@reading
def list_successors(organisation_id: OrganisationId, *, today: date) -> Sequence[Council]:
    """Return who does an abolished council's work today, following those that were abolished in their turn."""
    found: dict[UUID, Council] = {}
    seen, waiting = {organisation_id}, [organisation_id]
    while waiting:
        for successor in _related(waiting.pop(), OrganisationRelation.SUCCEEDED_BY):
            if successor.id in seen:
                continue
            seen.add(successor.id)
            if successor.has_ended(today):
                waiting.append(successor.id)
            else:
                found[successor.id] = successor
    return sorted(found.values(), key=lambda successor: successor.name)


@reading
def get_logo() -> bytes:
    """Return the current council's picture, a PNG.

    :raises NoLogo: it has none.
    """
    row = own_rows(Logo).first()
    if row is None:
        raise NoLogo("this council has no logo")
    return bytes(row.png)


def council_of(row: Organisation) -> Council:
    """Read a row as a value."""
    stage = Stage(row.stage)
    listed = Brand(name=row.name, name_cy=row.name_cy, homepage_url=row.homepage_url)
    own = Brand(
        name=row.own_name or row.name,
        name_cy=row.own_name_cy or row.name_cy,
        logo_url=f"/{row.slug}/logo.png?v={row.logo_digest}" if row.logo_digest else "",
        colour=row.colour or DEFAULT_COLOUR,
        homepage_url=row.own_homepage_url or row.homepage_url,
    )
    brand = own if stage is Stage.OPEN else listed
    return Council(
        id=OrganisationId(row.id),
        slug=row.slug,
        code=row.code,
        kind=Kind(row.kind),
        tier=Tier(row.tier),
        name=brand.name,
        name_cy=brand.name_cy,
        nation=row.nation,
        region=row.region,
        homepage_url=brand.homepage_url,
        started_on=row.started_on,
        ended_on=row.ended_on,
        stage=stage,
        opened_at=row.opened_at,
        brand=brand,
        own_brand=own,
    )


def _only(rows: QuerySet[Organisation], wanted: str) -> Council:
    row = rows.first()
    if row is None:
        raise CouncilNotFound(f"there is no council {wanted!r}")
    return council_of(row)


def _related(organisation_id: UUID, kind: str) -> list[Council]:
    rows = Organisation.objects.filter(relations_of_others__council=organisation_id, relations_of_others__kind=kind)
    return [council_of(row) for row in rows]


def _has_each(words: Sequence[str]) -> list[Q]:
    """A word counts where a word of the name begins with it, so that "ards" is not found in "Edwards"."""
    return [Q(searchable__startswith=word) | Q(searchable__contains=f" {word}") for word in words]


def _rank(words: str, today: date) -> Case:
    return Case(
        When(ended_on__lt=today, then=Value(2)),
        When(searchable__startswith=words, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
