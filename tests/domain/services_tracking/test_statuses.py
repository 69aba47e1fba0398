"""The seven public statuses speak both languages and know when the council has finished."""

import pytest

from guildhall.services.tracking.domain.statuses import PublicStatus, name_of, what_happened, what_happens_next


def test_there_are_seven_public_statuses():
    assert len(PublicStatus) == 7


@pytest.mark.parametrize("status", PublicStatus)
def test_every_status_has_its_words_in_english_and_welsh(status: PublicStatus):
    assert name_of(status).is_in_both
    assert what_happened(status).is_in_both
    assert what_happens_next(status).is_in_both


def test_only_done_and_closed_are_final():
    assert [status for status in PublicStatus if status.is_final] == [PublicStatus.DONE, PublicStatus.CLOSED]
