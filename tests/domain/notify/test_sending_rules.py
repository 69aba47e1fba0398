"""Small rules around sending: untrusted words, the sender's address, tries and pretended recipients."""

from datetime import timedelta

import pytest
from tests.contracts import cases

from guildhall.notify.domain.delivery import TRIES, Channel, NextStep, Status, after_failed_try, outcome_of_test
from guildhall.notify.domain.personalisation import key_of
from guildhall.notify.domain.sanitising import Sanitised, sanitise, sanitise_values
from guildhall.notify.domain.sender import email_local_part


@pytest.mark.parametrize(
    ("typed", "harmless"),
    [
        ("A [x](https://evil.link) evil.com", r"A \[x\]\(\) evil\. com"),
        ("plain words", "plain words"),
        ("see evil.com/path?x and jo@example.com", r"see  and jo@example\.com"),
        ("# *bold* `x` | ~ {y}", r"\# \*bold\* \`x\` \| ~ \{y\}"),
    ],
)
def test_untrusted_words_lose_their_links_and_their_markdown(typed: str, harmless: str) -> None:
    assert sanitise(typed) == harmless


def test_only_the_values_named_are_sanitised_and_only_changes_are_told() -> None:
    untrusted = {key_of(name) for name in ("NA_ME", "calm", "absent")}
    values, changed = sanitise_values({"name": "*x*", "Other": "*y*", "calm": "z"}, untrusted)
    assert values == {"name": r"\*x\*", "Other": "*y*", "calm": "z"}
    assert changed == {"name": Sanitised("*x*", r"\*x\*")}


def test_a_services_address_is_made_from_its_name() -> None:
    assert email_local_part("Borsetshire Council – Bins & Waste") == "borsetshire.council.bins.waste"


@pytest.mark.parametrize(
    ("name", "local_part"),
    [
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 64),
        (f"{'x' * 31} {'y' * 32}", f"{'x' * 31}.{'y' * 32}"),
        (f"{'x' * 31} {'y' * 33}", "x" * 31),
        (f"{'x' * 31} {'y' * 33} z", "x" * 31),
        (f"{'x' * 62} é y", f"{'x' * 62}.e"),
        (" . - ", "service"),
    ],
)
def test_an_address_of_a_service_has_room_for_64_octets_and_ends_with_a_whole_word(name: str, local_part: str) -> None:
    """RFC 5321, 4.5.3.1.1"""
    assert email_local_part(name) == local_part


def test_the_contracts_addresses_of_services() -> None:
    for case in cases("notify/safe_strings.json"):
        if case["check"].startswith("email_safe"):
            assert email_local_part(case["unsafe_string"]) == case["expected_safe"]


def test_a_failed_try_is_repeated_every_five_minutes_and_a_text_once_at_once() -> None:
    assert after_failed_try(1, Channel.EMAIL) == NextStep(Status.CREATED, timedelta(minutes=5))
    assert after_failed_try(1, Channel.SMS) == NextStep(Status.CREATED, timedelta(0))
    assert after_failed_try(2, Channel.SMS) == NextStep(Status.CREATED, timedelta(minutes=5))
    assert after_failed_try(TRIES, Channel.EMAIL) == NextStep(Status.TECHNICAL_FAILURE, None)


def test_a_test_message_ends_as_its_recipient_says() -> None:
    assert outcome_of_test("447700900003") is Status.TEMPORARY_FAILURE
    assert outcome_of_test("perm-fail@simulator.notify") is Status.PERMANENT_FAILURE
    assert outcome_of_test("447700900001") is Status.DELIVERED
