"""What becomes of messages sent with a test key, which nobody gets (contract: notify 1.9)."""

from collections.abc import Callable
from uuid import UUID

import pytest
from tests.conftest import AsLogin
from tests.wire.notify.conftest import Api

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.notify import queries
from guildhall.notify.domain.callbacks import Kind
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations.callbacks import NewEndpoint, set_callback
from guildhall.notify.testing import Sender
from guildhall.organisations.domain.keys import KeyKind


@pytest.mark.parametrize(
    ("recipient", "status"),
    [
        ("07700900001", "delivered"),
        ("07700900002", "permanent-failure"),
        ("+44 7700 900003", "temporary-failure"),
        ("07900900987", "delivered"),
        ("delivered@simulator.notify", "delivered"),
        ("perm-fail@simulator.notify", "permanent-failure"),
        ("temp-fail@simulator.notify", "temporary-failure"),
        ("only-in-this-test@example.com", "delivered"),
    ],
)
def test_the_recipient_decides_and_the_services_program_is_told(
    api: Api, sender: Sender, settle: Callable[[], None], as_login: AsLogin, recipient: str, status: str
) -> None:
    """alphagov/notifications-api:tests/app/celery/test_research_mode_tasks.py"""
    wanted = NewEndpoint(Kind.DELIVERY_STATUS, "http://127.0.0.1:9/news", "a long enough token")
    set_callback(sender.id, wanted, may_be_loopback=True, actor=PersonId(new_id()), now=clock.now())
    if "@" in recipient:
        answer = api.send_email(KeyKind.TEST, email_address=recipient)
    else:
        answer = api.send_text(KeyKind.TEST, phone_number=recipient)
    message_id = MessageId(UUID(answer.json()["id"]))
    settle()
    assert queries.get_message(message_id, of=sender.id).status == status
    assert queries.list_inbox(to=recipient) == []
    with as_login("superuser") as superuser:
        told = superuser.execute("SELECT kind FROM notify_callback WHERE about_id = %s", [message_id]).fetchall()
    assert told == [("delivery_status",)]
