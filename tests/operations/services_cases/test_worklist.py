"""The officers' list finds what they look for, in their own council only."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guildhall.design.languages import Text
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.testing import make_service
from guildhall.services.cases import operations, queries
from guildhall.services.cases.domain.opening import AnswerLine
from guildhall.services.cases.operations import WantedAction
from guildhall.services.cases.queries import Order, Wanted
from guildhall.services.tracking.domain.statuses import PublicStatus

from .conftest import NOON, open_case, wanted


@pytest.fixture
def three(service, caseworker):
    """Ffion's sofas, received; Gwen's fridge, scheduled and the caseworker's; Huw's bed, closed."""
    ffion = wanted(service)
    gwen = wanted(service, applicant_name="Gwen Davies", applicant_email="gwen@example.org", answers=[])
    huw = wanted(service, applicant_name="Huw Evans", applicant_email="huw@example.net", answers=[])
    for days, new in enumerate((ffion, gwen, huw)):
        open_case(new, now=NOON + timedelta(days=days))
    gwens, huws = queries.get_case(gwen.reference), queries.get_case(huw.reference)
    sorry = Text("Sorry")
    for action in (WantedAction(gwens.id, "schedule", 1, sorry), WantedAction(huws.id, "close", 1, sorry)):
        operations.take_action(action, by=caseworker, now=NOON + timedelta(days=5))
    operations.assign(gwens.id, caseworker.person_id, seen_version=2, by=caseworker, now=NOON + timedelta(days=5))
    return {"ffion": ffion.reference, "gwen": gwen.reference, "huw": huw.reference}


def found(three, **changes) -> list[str]:
    names = {reference: name for name, reference in three.items()}
    return [names[line.reference] for line in queries.list_cases(replace(Wanted(), **changes)).rows]


EVERY = tuple(PublicStatus)


def test_open_cases_come_first_come_first_served(three):
    assert found(three) == ["ffion", "gwen"]


def test_a_status_can_be_asked_for(three):
    assert found(three, statuses=(PublicStatus.CLOSED,)) == ["huw"]
    assert found(three, statuses=EVERY) == ["ffion", "gwen", "huw"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("SOFAS", ["ffion"]),
        ("stryd fawr", ["ffion"]),
        ("davies", ["gwen"]),
        ("gwen@example.org", ["gwen"]),
        ("example huw", ["huw"]),
        ("huw sofas", []),
        ("%", []),
        ("_", []),
        ("s.fas", []),
        ("(", []),
        ("   ", ["ffion", "gwen", "huw"]),
    ],
)
def test_words_are_looked_for_in_names_addresses_and_answers(three, words, expected):
    assert found(three, words=words, statuses=EVERY) == expected


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("sio\u0302n", True),
        ("SIÔN", True),
        ("o'brien", True),
        ("OBrien", True),
        ("o’brien llyn", True),
        ("Bronglais - Ward", True),
        ("bronglais ward", True),
        ("%o’brien%", False),
    ],
)
def test_accents_apostrophes_and_dashes_are_found_however_they_are_typed(service, words, is_found):
    line = AnswerLine(Text("Where?"), "Bronglais – Ward, Llŷn")
    new = wanted(service, applicant_name="Siôn O’Brien", answers=[line])
    open_case(new, now=NOON)
    assert bool(queries.list_cases(Wanted(words=words)).rows) is is_found


def test_a_reference_finds_its_case_in_small_letters_too(three):
    assert found(three, words=three["gwen"].lower()) == ["gwen"]


def test_cases_of_one_officer_or_of_nobody_can_be_asked_for(three, caseworker, colleague):
    assert found(three, assignee=caseworker.person_id) == ["gwen"]
    assert found(three, assignee=colleague.person_id) == []
    assert found(three, assignee="nobody", statuses=EVERY) == ["ffion", "huw"]


def test_cases_of_one_service_can_be_asked_for(three, council, service):
    other = make_service(council, "grants", "Grants")
    assert found(three, service_id=service.id, statuses=EVERY) == ["ffion", "gwen", "huw"]
    assert found(three, service_id=other.id, statuses=EVERY) == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.OLDEST, ["ffion", "gwen", "huw"]),
        (Order.NEWEST, ["huw", "gwen", "ffion"]),
        (Order.NAME_BACKWARDS, ["huw", "gwen", "ffion"]),
    ],
)
def test_the_list_can_be_sorted(three, order, expected):
    assert found(three, order=order, statuses=EVERY) == expected


def test_every_order_the_list_offers_can_be_answered(three):
    assert all(len(found(three, order=order, statuses=EVERY)) == 3 for order in Order)


def test_counts_are_of_what_matches_and_of_the_officers_own(three, caseworker):
    counts = queries.count_cases(Wanted(words="huw"), me=caseworker.person_id)
    assert (counts.by_status, counts.open, counts.all) == ({PublicStatus.CLOSED: 1}, 0, 1)
    assert (counts.mine, counts.nobodys, counts.open_in_all) == (1, 1, 2)


def test_a_long_list_comes_in_pages_and_a_page_past_the_end_is_the_last(service):
    for number in range(queries.PAGE + 1):
        open_case(wanted(service), now=NOON + timedelta(minutes=number))
    first, past_the_end = queries.list_cases(Wanted()), queries.list_cases(Wanted(page=9))
    assert (len(first.rows), first.total, first.pages) == (queries.PAGE, queries.PAGE + 1, 2)
    assert (len(past_the_end.rows), past_the_end.number) == (1, 2)


def test_another_councils_officers_see_nothing_of_it(three, other_council):
    with acting_for(other_council.id):
        assert queries.list_cases(Wanted(statuses=EVERY)).rows == []
        assert queries.list_broken_histories() == []
