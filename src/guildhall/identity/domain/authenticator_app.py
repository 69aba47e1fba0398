"""Codes of an authenticator app: time-based one-time passwords (RFC 6238, SHA-1, six digits, 30 seconds)."""

import hmac
from datetime import datetime

from pyotp import HOTP, TOTP

SECONDS_PER_STEP = 30
WINDOWS = range(-4, 5)
"""How many steps a telephone's clock may be wrong: nine windows, two minutes each way (identity contract 6)."""


def step_at(at: datetime) -> int:
    """Return the number of the 30-second step that contains ``at``."""
    return int(at.timestamp()) // SECONDS_PER_STEP


def code_of(secret: str, step: int) -> str:
    """Return what an app that holds ``secret`` (base32) shows during ``step``."""
    return HOTP(secret).at(step)


def find_step(code: str, *, secret: str, at: datetime, last_accepted: int | None) -> int | None:
    """Return the step that ``code`` belongs to if it may be accepted at ``at``, else None.

    An accepted step and all earlier ones are never accepted again: a code read over somebody's shoulder is worthless
    once its owner has used it. Should a code belong to several steps, the latest is meant, for the same reason.
    """
    now = step_at(at)
    candidates = [now + window for window in WINDOWS if last_accepted is None or now + window > last_accepted]
    matching = [step for step in candidates if hmac.compare_digest(code_of(secret, step), code)]
    return max(matching, default=None)


def enrolment_address(secret: str, *, email: str, issuer: str) -> str:
    """Return the ``otpauth:`` address that an app reads from the square picture."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
