"""Keys and ids of the pay contract, section 1 (alphagov/pay-publicauth, pay-java-commons)."""

import base64
import hashlib
import hmac
import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.pay.domain.ids import as_text, find_payment_id, public_id
from guildhall.pay.domain.keys import NotAKey, make_key, token_of

SECRET = b"a secret of the server"


@given(st.integers(0, 2**130 - 1))
def test_a_key_is_a_token_of_130_bits_and_a_checksum_of_32_characters(bits: int) -> None:
    key = make_key("live", bits, secret=SECRET)
    assert re.fullmatch(r"api_live_[0-9a-v]{26}[0-9a-v]{32}", key)
    assert token_of(key, secret=SECRET) == key[:-32]


def test_the_checksum_is_what_the_contract_says_it_is() -> None:
    token = "api_test_" + "0" * 26
    checksum = base64.b32hexencode(hmac.new(SECRET, token.encode(), hashlib.sha1).digest()).decode().lower()
    assert make_key("test", 0, secret=SECRET) == token + checksum


@given(st.integers(0, 66), st.sampled_from("0123456789abcdefghijklmnopqrstuv_"))
def test_a_key_with_any_one_character_changed_is_refused(place: int, character: str) -> None:
    key = make_key("live", 12345678901234567890, secret=SECRET)
    changed = key[:place] + character + key[place + 1 :]
    if changed != key:
        with pytest.raises(NotAKey):
            token_of(changed, secret=SECRET)


@pytest.mark.parametrize("text", ["", "x", "api_live_", "é" * 60, "api_live_6vra8l8mdtsikncr00etcg4ks3", "\x00" * 67])
def test_what_is_no_key_at_all_is_refused(text: str) -> None:
    with pytest.raises(NotAKey):
        token_of(text, secret=SECRET)


def test_a_key_of_another_installation_is_refused() -> None:
    with pytest.raises(NotAKey):
        token_of(make_key("test", 1, secret=b"another"), secret=SECRET)


@pytest.mark.parametrize("token", ["api_test_0", "api_live_" + "v" * 26])
def test_shorter_ids_of_older_keys_are_accepted(token: str) -> None:
    checksum = base64.b32hexencode(hmac.digest(SECRET, token.encode(), "sha1")).decode().lower()
    assert token_of(token + checksum, secret=SECRET) == token


@pytest.mark.parametrize("token", ["api_test_", "api_test_" + "v" * 27, "api_else_0", "api_test_W"])
def test_a_token_of_the_wrong_shape_is_refused_though_its_checksum_is_right(token: str) -> None:
    checksum = base64.b32hexencode(hmac.digest(SECRET, token.encode(), "sha1")).decode().lower()
    with pytest.raises(NotAKey):
        token_of(token + checksum, secret=SECRET)


@given(st.uuids())
def test_a_public_id_is_26_characters_and_leads_back(payment_id: UUID) -> None:
    text = public_id(payment_id)
    assert re.fullmatch(r"[0-9a-v]{26}", text)
    assert find_payment_id(text) == payment_id


@pytest.mark.parametrize("text", ["", "8" + "0" * 25, "0" * 25, "0" * 27, "W" * 26, "hu20sqlact5260q2nanm0q8u93"])
def test_what_cannot_be_an_id_of_ours_is_none(text: str) -> None:
    assert find_payment_id(text) is None


def test_small_numbers_are_padded() -> None:
    assert as_text(0) == "0" * 26
