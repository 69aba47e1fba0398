"""The history of a case cannot be rewritten unnoticed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from guildhall.services.cases.domain.history import (
    BEFORE_THE_FIRST,
    Happening,
    Kind,
    Link,
    digest_of,
    first_break,
    forge,
)

CASE = UUID(int=1)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def chain(length: int = 4) -> list[Link]:
    links: list[Link] = []
    for position in range(1, length + 1):
        happening = Happening(CASE, position, Kind.NOTE, NOON + timedelta(minutes=position), actor_id=UUID(int=9))
        links.append(forge(happening, after=links[-1].hash if links else BEFORE_THE_FIRST))
    return links


def test_a_chain_as_it_was_written_is_whole():
    assert first_break(chain()) is None


def test_no_history_is_a_whole_history():
    assert first_break([]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"case_id": UUID(int=2)},
        {"kind": Kind.MESSAGE},
        {"happened_at": NOON},
        {"actor_id": None},
        {"action": "close"},
        {"from_state": "received"},
        {"to_state": "done"},
        {"subject_id": UUID(int=3)},
        {"content_digest": "00"},
    ],
)
def test_any_changed_fact_breaks_the_chain_where_it_was_changed(change: dict[str, object]):
    links = chain()
    links[1] = replace(links[1], happening=replace(links[1].happening, **change))  # type: ignore[arg-type]
    assert first_break(links) == 2


def test_a_dropped_event_breaks_the_chain():
    links = chain()
    del links[2]
    assert first_break(links) == 3


def test_an_event_forged_with_a_right_hash_of_its_own_breaks_the_chain_at_the_next():
    links = chain()
    links[1] = forge(replace(links[1].happening, action="close"), after=links[0].hash)
    assert first_break(links) == 3


def test_swapped_events_break_the_chain():
    links = chain()
    links[1], links[2] = links[2], links[1]
    assert first_break(links) == 2


def test_an_event_hashed_with_a_later_clock_zone_is_the_same_event():
    happening = Happening(CASE, 1, Kind.OPENED, NOON)
    london_summer = happening.happened_at.astimezone()
    assert forge(happening, after="").hash == forge(replace(happening, happened_at=london_summer), after="").hash


def test_words_leave_their_digest_and_no_words_leave_nothing():
    assert digest_of({"note": "The sofa is upstairs"}) != digest_of({"note": "The sofa is downstairs"})
    assert digest_of({"note": ""}) == ""
