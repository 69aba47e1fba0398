"""The installation's key: what is made for one purpose is worthless for another."""

from datetime import timedelta

import pytest

from guildhall.kernel import secrets
from guildhall.kernel.secrets import BrokenSeal, WrongKey


def test_what_was_hidden_can_be_read_back_for_the_same_purpose_only():
    hidden = secrets.encrypt(b"a secret", "totp")
    assert b"a secret" not in hidden
    assert secrets.decrypt(hidden, "totp") == b"a secret"
    with pytest.raises(WrongKey):
        secrets.decrypt(hidden, "webhook")


def test_a_changed_secret_is_not_read():
    hidden = bytearray(secrets.encrypt(b"a secret", "totp"))
    hidden[-1] ^= 1
    with pytest.raises(WrongKey):
        secrets.decrypt(bytes(hidden), "totp")


def test_the_same_secret_is_hidden_differently_each_time():
    assert secrets.encrypt(b"x", "totp") != secrets.encrypt(b"x", "totp")


def test_derived_bytes_repeat_and_their_parts_cannot_be_shifted():
    assert secrets.derive("sandbox", "a", "b") == secrets.derive("sandbox", "a", "b")
    assert secrets.derive("sandbox", "ab") != secrets.derive("sandbox", "a", "b")


def test_a_sealed_link_opens_for_its_purpose_and_its_time():
    token = secrets.seal("JK3XX8YY", "tracking")
    assert secrets.unseal(token, "tracking", kept_for=timedelta(days=1)) == "JK3XX8YY"
    with pytest.raises(BrokenSeal):
        secrets.unseal(token, "come back", kept_for=timedelta(days=1))
    with pytest.raises(BrokenSeal):
        secrets.unseal(token.replace("JK3", "JK4"), "tracking", kept_for=None)
    with pytest.raises(BrokenSeal):
        secrets.unseal(token, "tracking", kept_for=timedelta(seconds=-1))
