"""A pair of reference and email address can be guessed a few times an hour, and a wrong guess tells nothing."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.threads import join

from guildhall.design.languages import Text
from guildhall.kernel.ids import new_id, new_reference
from guildhall.kernel.networks import Network
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.services.tracking import operations
from guildhall.services.tracking.domain.lookups import ON_A_NETWORK, ON_A_THING
from guildhall.services.tracking.domain.statuses import PublicStatus
from guildhall.services.tracking.domain.timeline import NewEntry, NewTracker

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EMAIL = "ffion@example.com"
NETWORK = Network("192.0.2.7")
TRIES, WINDOW = ON_A_THING.tries, ON_A_THING.counted_for


@pytest.fixture
def reference(council) -> str:
    made = new_reference()
    new = NewTracker(new_id(), new_id(), made, Text("Bulky waste", "Gwastraff swmpus"), EMAIL, None, None)
    words = Text("We have it.", "Mae gennym.")
    with transaction():
        operations.start(new, NewEntry(PublicStatus.RECEIVED, words, words), now=NOON)
    return made


def guess(reference: str, email: str, *, at: datetime = NOON) -> str:
    try:
        return operations.look_up(reference, email, network=NETWORK, now=at)
    except (operations.NothingThere, operations.LockedOut) as refused:
        return type(refused).__name__


def test_a_right_pair_is_found_however_it_is_typed(reference):
    typed = f" {reference[:4].lower()}-{reference[4:]} "
    assert guess(typed, " Ffion@EXAMPLE.com") == reference


def test_a_wrong_address_and_an_unknown_reference_get_the_same_answer(reference):
    answers = []
    for pair in ((reference, "gwen@example.com"), ("ZZ2ZZ2ZZ", EMAIL)):
        with pytest.raises(operations.NothingThere) as refused:
            operations.look_up(*pair, network=NETWORK, now=NOON)
        answers.append(str(refused.value))
    assert answers[0] == answers[1]


def test_a_reference_may_be_tried_ten_times_with_any_addresses(reference):
    answers = [guess(reference, f"guess{number}@example.com") for number in range(TRIES + 2)]
    assert answers == ["NothingThere"] * TRIES + ["LockedOut"] * 2


def test_a_reference_that_does_not_exist_runs_out_just_like_one_that_does(council):
    answers = [guess("ZZ2ZZ2ZZ", f"guess{number}@example.com") for number in range(TRIES + 2)]
    assert answers == ["NothingThere"] * TRIES + ["LockedOut"] * 2


def test_an_address_may_be_tried_ten_times_with_any_references(reference):
    answers = [guess(new_reference(), EMAIL) for _ in range(TRIES + 2)]
    assert answers == ["NothingThere"] * TRIES + ["LockedOut"] * 2


def test_when_the_tries_are_used_up_even_the_right_pair_is_refused(reference):
    for number in range(TRIES):
        guess(reference, f"guess{number}@example.com")
    assert guess(reference, EMAIL) == "LockedOut"


def test_looking_at_ones_own_timeline_uses_up_no_tries(reference):
    assert {guess(reference, EMAIL) for _ in range(TRIES * 2)} == {reference}


def test_an_hour_later_one_may_try_again(reference):
    for number in range(TRIES):
        guess(reference, f"guess{number}@example.com")
    assert guess(reference, EMAIL, at=NOON + WINDOW - timedelta(seconds=1)) == "LockedOut"
    assert guess(reference, EMAIL, at=NOON + WINDOW) == reference


def test_another_council_counts_its_own_tries(reference, other_council):
    for number in range(TRIES):
        guess(reference, f"guess{number}@example.com")
    with acting_for(other_council.id):
        assert guess(reference, EMAIL) == "NothingThere"


def test_of_thirty_guesses_at_the_same_moment_only_ten_are_answered(council, reference):
    ready, answers = threading.Barrier(30), Counter()

    def guesser(number: int) -> None:
        with acting_for(council.id):
            ready.wait(timeout=30)
            answers[guess(reference, f"guess{number}@example.com")] += 1
        connection.close()

    threads = [threading.Thread(target=guesser, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)
    assert answers == {"NothingThere": TRIES, "LockedOut": 30 - TRIES}


def test_whoever_goes_through_references_runs_out_of_tries_and_a_right_pair_uses_none_up(reference):
    assert {guess(reference, EMAIL) for _ in range(ON_A_NETWORK.tries)} == {reference}
    answers = Counter(guess(new_reference(), f"guess{number}@example.com") for number in range(ON_A_NETWORK.tries + 5))
    assert answers == {"NothingThere": ON_A_NETWORK.tries, "LockedOut": 5}
    assert operations.look_up(reference, EMAIL, network=Network("192.0.2.8"), now=NOON) == reference
