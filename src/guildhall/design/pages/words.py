"""The words of a request that nobody typed into a question: in its address, in a form's hidden inputs, in headers.

Each is read within bounds, without the character that no database takes. A word that is longer than any that a page of
ours writes is cut, and then means nothing; a search that is longer is cut where its box shows it.
"""

from django.http import HttpRequest

from guildhall.design.forms import taking

LONGEST = 200
MOST = 1_000


def in_address(request: HttpRequest, name: str, *, longest: int = LONGEST) -> str:
    """Return a word of the address (``?name=…``); empty when it has none."""
    return bounded(request.GET.get(name, ""), longest)


def searched_for(request: HttpRequest, name: str = "search") -> str:
    """Return the words of a search in the address, as if they had been typed into a question."""
    return taking.words(in_address(request, name))


def in_form(request: HttpRequest, name: str, *, longest: int = LONGEST) -> str:
    """Return a word that a form was sent with beside its answers; empty when there is none."""
    return bounded(request.POST.get(name, ""), longest)


def all_in_form(request: HttpRequest, name: str) -> list[str]:
    """Return every word of one name that a form was sent with, up to as many as a page of ours has."""
    return [bounded(word, LONGEST) for word in request.POST.getlist(name)[:MOST]]


def in_header(request: HttpRequest, name: str, *, longest: int = LONGEST) -> str:
    """Return a header by its name in WSGI (``HTTP_ACCEPT_LANGUAGE``); empty when there is none."""
    # Not request.headers, which reads every header of every request.
    return bounded(request.META.get(name, ""), longest)


def bounded(word: str, longest: int) -> str:
    """Return as much of a word as may be read, without the character that no database takes."""
    return word[:longest].replace("\x00", "")
