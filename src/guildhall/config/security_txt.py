"""``/.well-known/security.txt``: whom to tell of a hole in the house (RFC 9116; pay contract 1 has the address too)."""

from datetime import timedelta

from django.conf import settings

from guildhall.kernel import clock

GOOD_FOR = timedelta(days=180)
"""The standard wants less than a year, so that nobody writes to somebody who is long gone."""

TEXT = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))


def security_txt() -> str:
    """Return the file as it stands at this moment."""
    expires_at = (clock.now() + GOOD_FOR).replace(microsecond=0)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, cy",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    )
    return "".join(f"{line}\n" for line in lines)
