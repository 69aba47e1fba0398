"""What councils have written to a resident who reads it here."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guildhall.account.pages.asking import person_at
from guildhall.account.queries import list_what_a_resident_was_written
from guildhall.design.pages import render
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import signed_in
from guildhall.kernel.paging import page_number
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations.account_messages import mark_read
from guildhall.notify.queries.account_messages import get_account_message
from guildhall.organisations.queries import get_council_by_id


@signed_in
def messages(request: HttpRequest) -> HttpResponse:
    """List the resident's messages of all councils, the newest first."""
    written = list_what_a_resident_was_written(person_at(request), page=page_number(in_address(request, "page")))
    return render(request, "account/messages.html", {"written": written})


@signed_in
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message, which counts as read from then on."""
    person_id = person_at(request)
    shown = get_account_message(MessageId(message_id), of=person_id)
    mark_read(shown.id, of=person_id, now=clock.now())
    return render(
        request, "account/message.html", {"message": shown, "sender": get_council_by_id(shown.organisation_id)}
    )
