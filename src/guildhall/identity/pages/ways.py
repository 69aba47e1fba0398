"""Where a visitor goes next: back to where they came from, on this host only, or to where people like them begin."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from guildhall.design.pages.leading import see_other
from guildhall.design.pages.navigation import find_page
from guildhall.identity import queries
from guildhall.kernel.ids import PersonId


def page(name: str, *parts: str, wanted: str = "") -> str:
    """Return a page's address, carrying on where the visitor wants to go afterwards."""
    address = reverse(f"identity:{name}", args=parts)
    return f"{address}?{urlencode({'next': wanted})}" if wanted else address


def welcome(person_id: PersonId, *, wanted: str) -> HttpResponse:
    """Lead somebody who has just signed in to where they wanted to go; else officers to their work, residents home."""
    if wanted:
        return see_other(wanted)
    if queries.works_somewhere(person_id):
        return see_other("/staff")
    return see_other(find_page("account:home") or page("security"))
