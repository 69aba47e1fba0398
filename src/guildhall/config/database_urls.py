"""A database address, as Django and libpq want it."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def django_database(url: str, *, pooled: bool) -> dict[str, Any]:
    """Turn ``postgresql://user:password@host:port/name?host=/socket/folder`` into Django's dictionary."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": 64, "timeout": 15, "max_idle": 120}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": login_name(url),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", None) or parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": pooled,  # after the database was restarted, pooled connections are dead
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def login_name(url: str) -> str:
    """Return who logs in with this address."""
    return unquote(urlsplit(url).username or "")
