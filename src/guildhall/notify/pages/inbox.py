"""The sandbox's inbox: what pretended recipients got, to read on a page or by a program.

It holds codes to sign in with and links that reset passwords. Whoever sits at the machine may read it; where others
reach the sandbox too, an operator, and who holds the address that ``./guildhall sandbox`` prints.
"""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from guildhall.contact.email_address import normalise_email_address
from guildhall.design.forms import lengths
from guildhall.design.pages import render
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import anyone, link_holders
from guildhall.notify import queries
from guildhall.notify.queries import Delivered
from guildhall.organisations.pages.gate import let_in_operators

SIGNS_OF_A_PROXY = ("HTTP_FORWARD", "HTTP_VIA", "HTTP_X_FORWARDED_", "HTTP_X_REAL_IP")


@anyone
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Show what was delivered, newest first; ``?to=`` narrows it to one recipient; ``?format=json`` is for programs."""
    _refuse_without_sandbox()
    is_for_others_too = settings.SANDBOX_IS_PUBLIC or any(name.startswith(SIGNS_OF_A_PROXY) for name in request.META)
    instead = let_in_operators(request) if is_for_others_too else None
    return instead or _shown(request)


@link_holders
def inbox_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the same to who holds the sandbox's credentials: the address is one of them."""
    _refuse_without_sandbox()
    if not hmac.compare_digest(token.encode(), queries.inbox_token().encode()):
        raise Http404("this is not the inbox's address")
    return _shown(request)


def _refuse_without_sandbox() -> None:
    if not settings.SANDBOX:
        raise Http404("this installation has no sandbox")


def _shown(request: HttpRequest) -> HttpResponse:
    to = normalise_email_address(in_address(request, "to", longest=lengths.EMAIL))
    delivered = queries.list_inbox(to=to)
    if in_address(request, "format") == "json":
        entries = [_told(each) for each in delivered]
        return JsonResponse(entries, safe=False, headers={"Cache-Control": "private, no-store"})
    return render(request, "notify/inbox.html", {"delivered": delivered, "to": to})


def _told(entry: Delivered) -> dict[str, str]:
    return {
        "id": str(entry.id),
        "channel": entry.channel,
        "to": entry.to,
        "subject": entry.subject,
        "body": entry.body,
        "status": entry.status,
        "delivered_at": entry.delivered_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
