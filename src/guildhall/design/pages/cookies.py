"""Every cookie of ours is given and read here, so that all are kept alike: out of reach of scripts, for this host only,
and over TLS only where the base URL is https. Whether it is, the settings say (``OVER_TLS``); no request is asked.

Django's own two, ``session`` and ``csrftoken``, are kept the same way by the settings.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.design.domain.cookie_names import cookie_name
from guildhall.design.pages.words import bounded
from guildhall.kernel.secrets import WrongKey, decrypt, encrypt

LONGEST = 4_096
"""Characters: browsers keep no more."""


def full_name(name: str) -> str:
    """Return what browsers know a cookie of this installation by."""
    return cookie_name(name, over_tls=settings.OVER_TLS)


@dataclass(frozen=True)
class Cookie:
    """A cookie that a browser keeps for so long; None: until it is closed."""

    name: str
    kept_for: timedelta | None

    @property
    def full_name(self) -> str:
        return full_name(self.name)

    def read(self, request: HttpRequest) -> str:
        """Return the value that the browser sent; empty when it sent none."""
        return bounded(request.COOKIES.get(self.full_name, ""), LONGEST)

    def give(self, response: HttpResponseBase, value: str) -> None:
        """Have the browser keep ``value``."""
        response.set_cookie(
            self.full_name, value, max_age=self.kept_for, secure=settings.OVER_TLS, httponly=True, samesite="Lax"
        )


@dataclass(frozen=True)
class EncryptedCookie:
    """A cookie that nobody but us can read or write: at most so many entries of one shape, the newest first."""

    cookie: Cookie
    entry: struct.Struct
    most: int
    purpose: str

    def read(self, request: HttpRequest) -> list[tuple[Any, ...]]:
        """Return the entries; none where the cookie is missing or not ours."""
        try:
            written = decrypt(base64.urlsafe_b64decode(self.cookie.read(request)), self.purpose)
        except (WrongKey, binascii.Error, ValueError):
            return []
        return list(self.entry.iter_unpack(written))

    def add(self, request: HttpRequest, response: HttpResponseBase, entry: tuple[Any, ...]) -> None:
        """Put an entry first, and drop the oldest of too many."""
        entries = [entry, *(each for each in self.read(request) if each != entry)][: self.most]
        written = b"".join(self.entry.pack(*each) for each in entries)
        self.cookie.give(response, base64.urlsafe_b64encode(encrypt(written, self.purpose)).decode())
