"""What our own addresses tell: of each recipient of a batch, in order."""

from collections.abc import Sequence

import msgspec
from django.conf import settings

from guildhall.notify.operations import Prepared
from guildhall.notify.operations.accepting.batches import Result
from guildhall.notify.queries import TemplateView
from guildhall.notify.wire.notify_v2.refusals import answer_to

Json = dict[str, object]


def tell_batch(results: Sequence[Result], template: TemplateView) -> bytes:
    """Tell what became of each recipient: an id, or the errors that the message alone would have been told."""
    accepted = sum(isinstance(each, Prepared) for each in results)
    shown: Json = {
        "template": {
            "id": template.id,
            "version": template.version,
            "uri": f"{settings.BASE_URL}/services/{template.notify_service_id}/templates/{template.id}",
        },
        "accepted": accepted,
        "refused": len(results) - accepted,
        "results": [_tell(each) for each in results],
    }
    return msgspec.json.encode(shown)


def _tell(result: Result) -> Json:
    if not isinstance(result, Prepared):
        return answer_to(result).body
    return {
        "id": result.id,
        "reference": result.wanted.reference,
        "uri": f"{settings.BASE_URL}/v2/notifications/{result.id}",
        "scheduled_for": result.scheduled_for,
    }
