"""Keeping secrets with the installation's key: hide, derive, digest, and seal links.

One key of 32 bytes (``settings.INSTALLATION_KEY``) lives apart from the database. Every use has a purpose, and what was
made for one purpose is worthless for another.
"""

import hashlib
import hmac
import os
from datetime import timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import signing

from guildhall.kernel.refusals import Refused

_NONCE = 12


class BrokenSeal(Refused):
    """The link or token was changed, was made for something else, or is too old."""


class WrongKey(Exception):
    """A stored secret cannot be read with this installation's key: the key file is not the one it was written with."""


def encrypt(plain: bytes, purpose: str) -> bytes:
    """Hide ``plain`` so that only this installation can read it back, for this purpose."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(purpose).encrypt(nonce, plain, purpose.encode())


def decrypt(hidden: bytes, purpose: str) -> bytes:
    """Read back what ``encrypt`` hid.

    :raises WrongKey: it was hidden with another key or for another purpose, or was changed.
    """
    hidden = bytes(hidden)
    try:
        return _cipher(purpose).decrypt(hidden[:_NONCE], hidden[_NONCE:], purpose.encode())
    except InvalidTag as fault:
        raise WrongKey(f"a secret kept for {purpose} cannot be read with this installation's key") from fault


def derive(purpose: str, *parts: str) -> bytes:
    """Return 32 bytes that are always the same for this installation, purpose and parts, and that nobody can guess."""
    words = b"\0".join([purpose.encode(), *(part.encode() for part in parts)])
    return hmac.new(settings.INSTALLATION_KEY, words, hashlib.sha256).digest()


def digest(secret: str) -> bytes:
    """Return what to store of a long random secret that is only ever compared (passwords need argon2 instead)."""
    return hashlib.sha256(secret.encode()).digest()


def seal(value: str, purpose: str) -> str:
    """Sign ``value`` with the moment of signing, for a link that can be handed out and cannot be changed."""
    return signing.TimestampSigner(salt=purpose, sep="~").sign(value)


def unseal(token: str, purpose: str, *, kept_for: timedelta | None) -> str:
    """Return the value of a sealed link.

    :raises BrokenSeal: it was changed, was made for something else, or is older than ``kept_for``.
    """
    try:
        return signing.TimestampSigner(salt=purpose, sep="~").unsign(token, max_age=kept_for)
    except signing.BadSignature as fault:
        raise BrokenSeal("this link is not valid, or not any more") from fault


@lru_cache(maxsize=64)
def _cipher(purpose: str) -> AESGCM:
    return AESGCM(derive("encrypt", purpose))
