"""A council that can send, for notify's operations."""

import pytest

from guildhall.kernel.transactions import transaction
from guildhall.notify import operations as notify
from guildhall.notify.operations import NotifyServiceId, Words
from guildhall.organisations.queries import Council, Service
from guildhall.organisations.testing import make_service


@pytest.fixture
def service(council: Council) -> Service:
    return make_service(council)


@pytest.fixture
def sender(service: Service) -> NotifyServiceId:
    """The notify service of the council's service, with an email and a text in both languages."""
    with transaction():
        sender = notify.ensure_notify_service(service.id, "Bulky waste")
        notify.ensure_template(
            "receipt",
            notify_service_id=sender,
            channel="email",
            name="Receipt",
            english=Words("Your ((thing))", "Dear ((name)), we have your ((thing))."),
            welsh=Words("Eich ((thing))", "Annwyl ((name)), mae eich ((thing)) gennym."),
        )
        notify.ensure_template(
            "reminder",
            notify_service_id=sender,
            channel="sms",
            name="Reminder",
            english=Words("", "Put your ((thing)) out"),
            welsh=Words("", "Rhowch eich ((thing)) allan"),
        )
    return sender
