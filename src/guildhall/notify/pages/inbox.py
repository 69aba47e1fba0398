"""The sandbox's inbox: what pretended recipients got, to read on a page or by a program."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from guildhall.contact.email_address import normalise_email_address
from guildhall.design.forms import lengths
from guildhall.design.pages import render
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import anyone
from guildhall.notify import queries
from guildhall.notify.queries import Delivered


@anyone
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what was delivered, newest first; ``?to=`` narrows it to one recipient; ``?format=json`` is for programs."""
    if not settings.SANDBOX:
        raise Http404("this installation has no sandbox")
    to = normalise_email_address(in_address(request, "to", longest=lengths.EMAIL))
    delivered = queries.list_inbox(to=to)
    if in_address(request, "format") == "json":
        return JsonResponse([_told(each) for each in delivered], safe=False)
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
