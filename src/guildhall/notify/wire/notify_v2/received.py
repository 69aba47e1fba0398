"""``GET /v2/received-text-messages``: what residents texted to a service (contract: notify 1.7).

Form: alphagov/notifications-api:app/v2/inbound_sms/get_inbound_sms.py, whose links carry nothing but ``older_than``.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.queries.received import ReceivedTextView, list_received_texts
from guildhall.notify.wire.notify_v2.questions import read_older_than
from guildhall.notify.wire.notify_v2.speaking import caller_of, json_answer, wire


@wire("GET", "HEAD")
def received_texts(request: HttpRequest) -> HttpResponse:
    """Tell 250 of the texts that the service received, the newest first, and where the older ones are."""
    caller = caller_of(request, clock.now())
    older_than = read_older_than(request.GET)
    with acting_for(caller.service.organisation_id):
        texts = list_received_texts(of=caller.service.id, older_than=older_than)
    address = f"{settings.BASE_URL}/v2/received-text-messages"
    links = {"current": address}
    if texts:
        links["next"] = f"{address}?older_than={texts[-1].id}"
    return json_answer({"received_text_messages": [_render(each) for each in texts], "links": links})


def _render(text: ReceivedTextView) -> dict[str, object]:
    return {
        "id": text.id,
        "user_number": text.user_number,
        "notify_number": text.notify_number,
        "created_at": text.received_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "service_id": text.notify_service_id,
        "content": text.content,
    }
