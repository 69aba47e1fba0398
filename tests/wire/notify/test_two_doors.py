"""An email or text is accepted or refused alike before Django and, with that door closed, through it (decision 9)."""

from typing import Any

import pytest
from django.test import Client
from tests.wire.notify.conftest import Api

from guildhall.notify.testing import Sender


@pytest.fixture(params=["before Django", "through Django"])
def either(request: pytest.FixtureRequest, client: Client, sender: Sender) -> Api:
    return Api(client if request.param == "before Django" else Client(), sender)


@pytest.mark.parametrize("send", [Api.send_email, Api.send_text])
def test_either_door_accepts_what_can_be_read_back(either: Api, send: Any) -> None:
    answer = send(either, reference="HDJ2123F")
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")
    assert either.get(f"/v2/notifications/{answer.json()['id']}").json()["reference"] == "HDJ2123F"


@pytest.mark.parametrize("body", [{}, b"{", b"x" * 4_000_000], ids=["empty", "torn", "too-large"])
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_either_door_refuses_in_the_same_words(
    client: Client, sender: Sender, channel: str, body: dict[str, str] | bytes
) -> None:
    before, through = (Api(each, sender).post(f"/v2/notifications/{channel}", body) for each in (client, Client()))
    assert before.status_code == through.status_code >= 400
    assert before.content == through.content
