"""Where a mail server hands in the reports that come back to us: the mail as it is, with the account's secret.

``curl --data-binary @- -H "Authorization: Bearer $SECRET" https://…/guildhall/v1/receipts/email``
"""

from datetime import datetime

from django.http import HttpResponse, JsonResponse

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.bounce import read_bounce
from guildhall.notify.operations.receipts import keep_receipts
from guildhall.notify.wire.provider_receipts.views import provider_calls


@provider_calls
def email_report(account: OrganisationId, body: bytes, now: datetime) -> HttpResponse:
    """Keep what a report says. A mail that is no report is taken too, and means nothing: a refusal would come back."""
    receipts = read_bounce(body, now=now)
    with acting_for(account):
        keep_receipts(receipts, now=now)
    return JsonResponse({"result": "success", "receipts": len(receipts)})
