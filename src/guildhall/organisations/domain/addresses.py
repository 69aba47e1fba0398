"""Addresses: the words that councils and services may have in theirs, and those that are taken by other pages."""

import re

# First words of addresses: pages of the installation, and the national APIs that are served at its root.
COUNCIL_RESERVED = frozenset(
    {
        *("account", "assets", "authorize", "find-local-council", "guildhall", "healthz", "jwks", "logout", "metrics"),
        *("open311", "operator", "r", "readyz", "registers", "sandbox", "scim", "staff", "static", "token", "userinfo"),
        *("api", "app", "v1", "v2", "v3", "secure", "card_details", "robots", "sitemap", "favicon"),
        *(
            "d",
            "notifications",
            "unsubscribe",
            "confirm-reply-to",
            "request-denied",
            "return",
            "service",
            "services",
            "healthcheck",
        ),
    }
)

# Second words, after a council's: pages that every council has.
SERVICE_RESERVED = frozenset({"accessibility", "cookies", "find", "logo", "privacy", "theme", "track"})

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def may_be_an_address(slug: str) -> bool:
    """Whether a word is of small letters and digits, with single hyphens inside."""
    return bool(_SLUG.fullmatch(slug)) and len(slug) <= 100
