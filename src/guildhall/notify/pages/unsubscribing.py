"""Unsubscribing, for readers of emails; and the officers' list of who has."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from guildhall.design.forms import lengths
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address, in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import exempt_from_csrf, link_holders, methods, officers
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.paging import page_number
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import queries
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.operations.unsubscribing import forget_unsubscribed, subscribe_again, unsubscribe
from guildhall.notify.pages.section import MAY_SET, service_at, show
from guildhall.notify.queries.unsubscribed import (
    BrokenLink,
    Subscription,
    has_unsubscribed,
    list_unsubscribed,
    read_unsubscribe_token,
)
from guildhall.organisations.pages.gate import person_at
from guildhall.organisations.queries import CouncilNotFound, get_council_by_id

ReadersPage = Callable[[HttpRequest, Subscription], HttpResponse]


def page_of_a_reader(view: ReadersPage) -> Callable[..., HttpResponse]:
    """Show a page about one subscription in the name of its council.

    Mail programs post here by themselves when their reader presses their button (RFC 8058), so no form of ours with
    its token comes first: the link is all the proof there is, and all it can do is stop emails, or begin them again.
    """

    @exempt_from_csrf("mail programs send it for their reader (RFC 8058); the link is the proof")
    @methods("GET", "HEAD", "POST")
    @link_holders
    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        try:
            subscription = read_unsubscribe_token(token)
            council = get_council_by_id(OrganisationId(subscription.organisation_id))
        except (BrokenLink, CouncilNotFound):
            return render(request, "notify/unsubscribe-broken.html", status=404)
        with acting_for(council.id):
            request.council = council  # type: ignore[attr-defined]
            response = view(request, subscription)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


@page_of_a_reader
def unsubscribing(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Ask whether a reader wants no more emails, and stop them; or begin them again for who has stopped them."""
    if request.method == "POST":
        if in_form(request, "wish") == "subscribe":
            subscribe_again(subscription)
            return _told(request, subscription, "notify/subscribed-again.html")
        unsubscribe(subscription, now=clock.now())
    service_id = NotifyServiceId(subscription.notify_service_id)
    done = request.method == "POST" or has_unsubscribed(service_id, subscription.email)
    return _told(request, subscription, "notify/unsubscribed.html" if done else "notify/unsubscribe.html")


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def unsubscribed(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List who wants no more emails of a service; take one off the list."""
    here = service_at(service)
    if request.method == "POST":
        email = in_form(request, "email", longest=lengths.EMAIL)
        forget_unsubscribed(email, of=here.id, actor=person_at(request), now=clock.now())
        return lead_to(f"{request.path}?done=removed")
    listed = list_unsubscribed(of=here.id, page=page_number(in_address(request, "page")))
    names = {each.id: each.name for each in queries.list_templates(of=here.id)}
    facts = {"listed": listed, "names": names, "done": in_address(request, "done")}
    return show(request, here, "notify/unsubscribed-list.html", facts)


def _told(request: HttpRequest, subscription: Subscription, page: str) -> HttpResponse:
    service = queries.get_notify_service(NotifyServiceId(subscription.notify_service_id))
    return render(request, page, {"service": service, "email": subscription.email})
