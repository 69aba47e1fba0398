"""What a provider's receipt makes of a message (contract: notify 1.8, ``sms_provider_codes.json``)."""

from typing import Any

import pytest
from tests.contracts import cases

from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.provider_codes import Meaning, meaning_of_firetext, meaning_of_mmg
from guildhall.notify.domain.receipts import gives_receipts, status_after


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        ("0", "", Status.DELIVERED),
        ("2", "", Status.PENDING),
        ("1", "101", Status.PERMANENT_FAILURE),
        ("1", "102", Status.TEMPORARY_FAILURE),
        ("1", "000", Status.TEMPORARY_FAILURE),
        ("1", "", Status.PERMANENT_FAILURE),
        ("0", "101", Status.DELIVERED),
        ("9", "", Status.TECHNICAL_FAILURE),
    ],
)
def test_what_firetext_says(status: str, code: str, meaning: Status) -> None:
    """alphagov/notifications-api:tests/app/clients/test_firetext.py"""
    assert meaning_of_firetext(status, code).status is meaning


@pytest.mark.parametrize(
    ("status", "substatus", "meaning"),
    [
        ("3", "5", Meaning(Status.DELIVERED, "5: Delivered to handset")),
        ("2", "1", Meaning(Status.PERMANENT_FAILURE, "1: Number does not exist")),
        ("4", "6", Meaning(Status.TEMPORARY_FAILURE, "6: Absent Subscriber")),
        ("5", "6", Meaning(Status.PERMANENT_FAILURE, "6: Network out of coverage")),
        ("5", "999", Meaning(Status.PERMANENT_FAILURE, "999")),
    ],
)
def test_what_mmg_says(status: str, substatus: str, meaning: Meaning) -> None:
    """alphagov/notifications-api:tests/app/clients/test_mmg.py"""
    assert meaning_of_mmg(status, substatus) == meaning


def test_a_status_that_nobody_knows_is_our_failure_and_is_said_to_be_unknown() -> None:
    meaning = meaning_of_mmg("77", "1")
    assert (meaning.status, meaning.is_known) == (Status.TECHNICAL_FAILURE, False)
    assert "'77'" in meaning.detail


def test_a_text_that_was_held_back_and_then_declined_may_arrive_another_time() -> None:
    """alphagov/notifications-api:app/dao/notifications_dao.py"""
    declined = Status.PERMANENT_FAILURE
    assert status_after(declined, before=Status.PENDING, is_explained=False) is Status.TEMPORARY_FAILURE
    assert status_after(declined, before=Status.SENDING, is_explained=False) is Status.PERMANENT_FAILURE


def test_a_known_reason_outweighs_that_it_was_held_back() -> None:
    declined = Status.PERMANENT_FAILURE
    assert status_after(declined, before=Status.PENDING, is_explained=True) is Status.PERMANENT_FAILURE


@pytest.mark.parametrize(("digits", "is_believed"), [("33612345678", True), ("12025550123", False), ("7", False)])
def test_only_some_countries_networks_tell_what_was_delivered(digits: str, is_believed: bool) -> None:
    assert gives_receipts(digits) is is_believed


def test_every_code_that_the_reference_knows_means_the_same_here() -> None:
    codes: dict[str, Any] = cases("notify/sms_provider_codes.json")
    for status, said in codes["firetext"]["receipt_status"].items():
        assert meaning_of_firetext(status, "").status == said
    for code, (kind, reason) in codes["firetext"]["detail_code"].items():
        assert meaning_of_firetext("1", code) == Meaning(Status(kind), f"{code}: {reason}")
    for status, each in codes["mmg"].items():
        for substatus, reason in each["substatus"].items():
            assert meaning_of_mmg(status, substatus) == Meaning(Status(each["status"]), f"{substatus}: {reason}")
