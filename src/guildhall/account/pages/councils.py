"""A council's own page, and the three statements that the law asks of every council's site."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from guildhall.account.pages.asking import council_at
from guildhall.design.pages import render
from guildhall.design.pages.cookies import full_name
from guildhall.design.pages.facts import host_of
from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, of_any_council
from guildhall.kernel.clock import london_day
from guildhall.organisations.queries import list_parents, list_services, list_successors

# The day on which people last read the statements and found them true.
STATEMENTS_REVIEWED_ON = date(2026, 11, 21)


@of_any_council
@anyone
def council_home(request: HttpRequest, council: str) -> HttpResponse:
    """Show what a council offers here; or say plainly that it is not on Guildhall yet, or no longer exists."""
    here, today = council_at(request), london_day(clock.now())
    if here.has_ended(today):
        facts = {"successors": list_successors(here.id, today=today)}
        return render(request, "account/council-abolished.html", facts)
    if host_of(request):
        return render(request, "account/council.html", {"services": list_services(only_live=True)})
    return render(request, "account/council-not-here.html", {"parents": list_parents(here.id)})


@anyone
def privacy(request: HttpRequest, council: str) -> HttpResponse:
    """Say what the council does with what residents tell it here."""
    return _statement(request, "account/privacy.html")


@anyone
def cookies(request: HttpRequest, council: str) -> HttpResponse:
    """List the cookies that these pages set, and why."""
    return _statement(request, "account/cookies.html", name_of=full_name)


@anyone
def accessibility(request: HttpRequest, council: str) -> HttpResponse:
    """State how accessible these pages are, whom to tell, and who enforces the law."""
    return _statement(request, "account/accessibility.html")


def _statement(request: HttpRequest, template: str, **facts: object) -> HttpResponse:
    return render(request, template, facts | {"reviewed_on": STATEMENTS_REVIEWED_ON})
