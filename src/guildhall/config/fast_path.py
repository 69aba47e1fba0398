"""Which addresses are answered before Django: a closed list (decision 9)."""

from collections.abc import Mapping

from guildhall.config.health import with_health
from guildhall.design.pages.policy import headers_of_every_answer
from guildhall.kernel.fast_path import Application, FastView, before
from guildhall.notify.wire.notify_v2 import sending

FAST_PATH: Mapping[str, FastView] = {
    "/v2/notifications/email": sending.send_email,
    "/v2/notifications/sms": sending.send_text_message,
}


def with_fast_path(django: Application) -> Application:
    """Return the application that lets health and the fast path answer first."""
    return with_health(before(django, FAST_PATH, headers=tuple(headers_of_every_answer().items())))
