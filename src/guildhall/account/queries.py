"""Which council is yours, and what you have asked of any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guildhall.account.domain.places import Address, councils_addresses, is_split
from guildhall.account.models import Postcode as PostcodeRow
from guildhall.account.models import PostcodeAddress
from guildhall.contact.postcode import Postcode
from guildhall.kernel.ids import PersonId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.transactions import reading
from guildhall.notify.queries.account_messages import AccountMessageView, list_account_messages
from guildhall.organisations import queries as organisations
from guildhall.organisations.domain.councils import Scheme
from guildhall.organisations.queries import Council
from guildhall.services.tracking import queries as tracking
from guildhall.services.tracking.domain.timeline import Tracked


class NoCouncilForPostcode(NotFound):
    """We know no council for this postcode."""


@dataclass(frozen=True)
class Found:
    """The council of a postcode; or, where a border runs through, the addresses to choose from, with their councils."""

    council: Council | None
    choices: Sequence[tuple[str, Council]] = ()


@dataclass(frozen=True)
class Asked:
    """Something that a resident asked for, with the council they asked."""

    council: Council
    what: Tracked


@dataclass(frozen=True)
class Written:
    """A message in a resident's account, with the council that wrote it."""

    council: Council
    message: AccountMessageView


@reading
def find_council_of_postcode(postcode: Postcode, *, today: date) -> Found:
    """Return the council that serves a postcode, or the choice that the resident has to make.

    Addresses decide where we have them; else the postcode directory, which gives each postcode one council.

    :raises NoCouncilForPostcode: we do not know the postcode, or nobody serves it.
    """
    addresses = councils_addresses(
        Address(words, code)
        for words, code in PostcodeAddress.objects.filter(postcode=postcode.compact)
        .order_by("address")
        .values_list("address", "custodian_code")
    )
    councils = organisations.list_councils_with_codes(Scheme.CUSTODIAN, {each.custodian_code for each in addresses})
    known = [(each.words, councils[each.custodian_code]) for each in addresses if each.custodian_code in councils]
    if is_split([each for each in addresses if each.custodian_code in councils]):
        return Found(None, known)
    return Found(known[0][1] if known else _council_by_directory(postcode, today))


def list_authorities(council: Council) -> Sequence[Council]:
    """Return who serves a place: the council, and after it the county where there are two tiers."""
    parents = organisations.list_parents(council.id)
    return [council, *(parent for parent in parents if parent.tier == "county")]


def list_what_a_resident_asked(person_id: PersonId) -> Sequence[Asked]:
    """Return everything that a resident has asked for while signed in, in every council, the newest first."""
    asked = tracking.list_cases_of_resident(person_id)
    councils = organisations.list_councils_by_id({each.organisation_id for each in asked})
    return [Asked(councils[each.organisation_id], each) for each in asked]


def list_what_a_resident_was_written(person_id: PersonId, *, page: int = 1) -> Page[Written]:
    """Return a page of the messages in a resident's account, of every council, the newest first."""
    messages = list_account_messages(person_id, page=page)
    councils = organisations.list_councils_by_id({each.organisation_id for each in messages.rows})
    rows = [Written(councils[each.organisation_id], each) for each in messages.rows]
    return Page(rows, messages.number, messages.size, messages.total)


def _council_by_directory(postcode: Postcode, today: date) -> Council:
    row = PostcodeRow.objects.filter(postcode=postcode.compact).first()
    if row is None or not row.gss:
        raise NoCouncilForPostcode(f"we know no council for {postcode}")
    for scheme in (Scheme.GSS, Scheme.FORMER_GSS):
        if council := organisations.find_council_by_code(scheme, row.gss):
            return _successor(council, today)
    raise NoCouncilForPostcode(f"we know no council with the code {row.gss}")


def _successor(council: Council, today: date) -> Council:
    """An old edition of the directory may name a council that one other has succeeded since."""
    if not council.has_ended(today):
        return council
    successors = organisations.list_successors(council.id, today=today)
    return successors[0] if len(successors) == 1 else council
