"""What every page knows without being told: who is reading, in which language, and whose page it is.

Design knows no module, so it reads what the middleware of other modules left on the request, by these names:

``request.visitor``          ``kernel.visitor.Visitor``, left by identity
``request.council``          the council in the address, left by the gate of organisations; has ``slug`` and ``brand``
``request.roles``            the visitor's roles in that council, left by the gate
``request.session_ends_at``  when the visitor's session ends, left by identity
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from guildhall.design.brand import DEFAULT_COLOUR, GUILDHALL, Brand
from guildhall.design.languages import LANGUAGES
from guildhall.design.pages.leading import path_of
from guildhall.design.pages.navigation import Section, find_page, open_sections
from guildhall.design.pages.speaking import address_in, current_language
from guildhall.kernel import clock
from guildhall.kernel.visitor import NOBODY, Language

NAMES_OF_LANGUAGES: dict[Language, str] = {"en": "English", "cy": "Cymraeg"}


class BrandedCouncil(Protocol):
    """What design asks of a council."""

    @property
    def slug(self) -> str: ...

    @property
    def brand(self) -> Brand: ...

    @property
    def is_open(self) -> bool: ...


@dataclass(frozen=True)
class LanguageChoice:
    """One side of the language switch."""

    language: Language
    name: str
    href: str
    is_current: bool


def context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the names that the shell and most pages use."""
    council, host = council_of(request), host_of(request)
    language = current_language()
    return {
        "visitor": getattr(request, "visitor", NOBODY),
        "council": council,
        "brand": host.brand if host else GUILDHALL,
        "host": host,
        "this_page": path_of(request),
        "home_url": _home_of(request, host),
        "theme_url": _theme_of(host),
        "language": language,
        "languages": [
            LanguageChoice(each, NAMES_OF_LANGUAGES[each], address_in(request, each), each == language)
            for each in LANGUAGES
        ],
        "in_sandbox": settings.SANDBOX,
        "session_ends_at": session_end(request),
        "session_seconds_left": seconds_left(request),
        "staff_sections": staff_sections(request, council),
        "find_page": find_page,
    }


def council_of(request: HttpRequest) -> BrandedCouncil | None:
    """Return the council in the address, which the gate left on the request."""
    return getattr(request, "council", None)


def host_of(request: HttpRequest) -> BrandedCouncil | None:
    """Return the council that speaks on this page: the one in the address. To strangers only one that is open does.

    To operators Guildhall speaks, about the council.
    """
    council = None if request.path.startswith("/operator/") else council_of(request)
    return council if council and (council.is_open or getattr(request, "roles", None)) else None


def session_end(request: HttpRequest) -> datetime | None:
    """Return when the visitor is signed out for doing nothing, or None for somebody who has not signed in."""
    return getattr(request, "session_ends_at", None)


def seconds_left(request: HttpRequest) -> int:
    """Return how long the visitor's session has left, for the script that warns before it ends."""
    end = session_end(request)
    return max(0, int((end - clock.now()).total_seconds())) if end else 0


def staff_sections(request: HttpRequest, council: BrandedCouncil | None) -> list[Section]:
    """Return the parts of the officers' side that this visitor may enter in this council."""
    if council is None or not request.path.startswith("/staff/"):
        return []
    return open_sections(settings.STAFF_NAVIGATION, council.slug, getattr(request, "roles", None), request.path)


def _home_of(request: HttpRequest, host: BrandedCouncil | None) -> str:
    """Return where the name at the top of the page leads: officers stay on their side."""
    if host is None:
        return "/"
    return f"/staff/{host.slug}" if request.path.startswith("/staff/") else f"/{host.slug}"


def _theme_of(council: BrandedCouncil | None) -> str:
    if council is None or council.brand.colour == DEFAULT_COLOUR:
        return ""
    return f"{reverse('design:theme', args=[council.slug])}?v={council.brand.theme_version}"
