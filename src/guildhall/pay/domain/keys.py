"""API keys: a token and a checksum that only this installation can make (pay contract 1).

The checksum lets a wrong key be refused without asking the database, and lets scanners tell a real key from noise.
"""

import base64
import hmac
import re
from typing import Literal

from guildhall.kernel.refusals import Forbidden
from guildhall.pay.domain.ids import as_text

Kind = Literal["test", "live"]
RANDOM_BITS = 130
_CHECKSUM = 32
_TOKEN = re.compile(r"api_(test|live)_[0-9a-v]{1,26}")


class NotAKey(Forbidden):
    """The text is no key of this installation."""


def make_key(kind: Kind, random_bits: int, *, secret: bytes) -> str:
    """Return the whole text of a key: its token, made of 130 random bits, and the checksum."""
    token = f"api_{kind}_{as_text(random_bits)}"
    return token + _checksum(token, secret)


def token_of(key: str, *, secret: bytes) -> str:
    """Return the token of a key: what is stored hashed and looked up.

    :raises NotAKey: it was not made with ``secret``, or not by ``make_key`` at all.
    """
    token, checksum = key[:-_CHECKSUM], key[-_CHECKSUM:]
    if not hmac.compare_digest(_checksum(token, secret).encode(), checksum.encode()) or not _TOKEN.fullmatch(token):
        raise NotAKey("this is not an API key of this installation")
    return token


def _checksum(token: str, secret: bytes) -> str:
    return base64.b32hexencode(hmac.digest(secret, token.encode(), "sha1")).decode().lower()
