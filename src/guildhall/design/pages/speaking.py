"""Which language a visitor reads, and how they change it.

It is, in this order: what ``?lang=`` asks for, what they chose before (a cookie), what their account says, what their
browser prefers, English. Choosing keeps the page: ``?lang=cy`` sets the cookie and leads back to the same address
without it.
"""

from datetime import timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from guildhall.design.languages import LANGUAGES
from guildhall.design.pages.cookies import Cookie
from guildhall.design.pages.leading import lead_to, path_of
from guildhall.design.pages.words import in_address, in_header
from guildhall.kernel.visitor import NOBODY, Language

COOKIE = Cookie("guildhall_language", kept_for=timedelta(days=365))


def current_language() -> Language:
    """Return the language of the page being made."""
    return "cy" if translation.get_language() == "cy" else "en"


def language_of(request: HttpRequest) -> Language:
    """Return the language to answer a request in."""
    account_says = getattr(request, "visitor", NOBODY).language
    for wanted in (in_address(request, "lang"), COOKIE.read(request), account_says):
        if wanted in LANGUAGES:
            return wanted
    # Not request.headers, which reads every header of every request.
    return _language_of_browser(in_header(request, "HTTP_ACCEPT_LANGUAGE"))


def find_choice(request: HttpRequest) -> Language | None:
    """Return the language that this very address asks for, if it asks for one."""
    chosen = in_address(request, "lang")
    return chosen if chosen in LANGUAGES and request.method in ("GET", "HEAD") else None


def back_to_the_page(request: HttpRequest, chosen: Language) -> HttpResponseBase:
    """Remember a choice of language and lead back to the address without it."""
    query = request.GET.copy()
    del query["lang"]
    response = lead_to(f"{path_of(request)}?{query.urlencode()}" if query else path_of(request))
    remember(response, chosen)
    return response


def remember(response: HttpResponseBase, language: Language) -> None:
    """Keep the visitor's choice in their browser for a year."""
    COOKIE.give(response, language)


def address_in(request: HttpRequest, language: Language) -> str:
    """Return this page's address with a choice of language on it."""
    query = request.GET.copy()
    query["lang"] = language
    return f"{path_of(request)}?{query.urlencode()}"


def _language_of_browser(accept_language: str) -> Language:
    first_choice = accept_language.split(",")[0].split(";")[0].strip().lower()
    return "cy" if first_choice.split("-")[0] == "cy" else "en"
