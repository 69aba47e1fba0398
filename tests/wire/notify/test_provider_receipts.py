"""What providers are answered when they call (contract: notify 4, Receipts)."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client
from tests.conftest import AsLogin

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId, PersonId, new_id, new_secret
from guildhall.kernel.secrets import digest
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.text import compose
from guildhall.notify.domain.callbacks import Kind
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.received_text import IncomingText
from guildhall.notify.operations.callbacks import NewEndpoint, set_callback
from guildhall.notify.operations.received import (
    NotANumberToText,
    NumberTaken,
    give_installations_number,
    give_number,
    receive_text,
)
from guildhall.notify.queries.received import list_inbound_numbers, list_received_texts
from guildhall.notify.testing import Sender
from guildhall.organisations.queries import Council, get_platform

FORM = "application/x-www-form-urlencoded"


class Provider:
    """A provider that calls with the secret of an organisation's account with it."""

    def __init__(self, client: Client, owner: OrganisationId, as_login: AsLogin) -> None:
        self.secret = new_secret()
        self._client = client
        with as_login("superuser") as superuser:
            superuser.execute(
                "INSERT INTO notify_provideraccount (id, organisation_id, channel, kind, name, settings,"
                " receipts_digest, priority, weight, is_active) VALUES (%s, %s, 'sms', 'firetext', %s, '', %s, 10, 1,"
                " true)",
                [new_id(), owner, self.secret, digest(self.secret)],
            )

    @property
    def basic(self) -> dict[str, str]:
        return {"Authorization": f"Basic {b64encode(f'notify:{self.secret}'.encode()).decode()}"}

    def firetext(self, path: str = "", headers: dict[str, str] | None = None, **form: str) -> Any:
        body = "&".join(f"{name}={value}" for name, value in form.items())
        address = f"/notifications/sms/{path}firetext"
        return self._client.post(address, body, content_type=FORM, headers=self.basic if headers is None else headers)

    def mmg(self, path: str = "", headers: dict[str, str] | None = None, **said: object) -> Any:
        return self._client.post(
            f"/notifications/sms/{path}mmg",
            json.dumps(said),
            content_type="application/json",
            headers=self.basic if headers is None else headers,
        )


@pytest.fixture
def provider(client: Client, council: Council, as_login: AsLogin) -> Provider:
    return Provider(client, council.id, as_login)


@pytest.fixture
def platform(client: Client, as_login: AsLogin) -> Iterator[Provider]:
    """The provider of the installation's own account, which other tests must not find."""
    yield Provider(client, get_platform().id, as_login)
    with as_login("superuser") as superuser:
        superuser.execute("DELETE FROM notify_provideraccount WHERE organisation_id = %s", [get_platform().id])


Kept = Callable[[], list[tuple[Any, ...]]]


@pytest.fixture
def kept(as_login: AsLogin, council: Council) -> Kept:
    def look() -> list[tuple[Any, ...]]:
        with as_login("superuser") as superuser:
            return superuser.execute(
                "SELECT provider, reference, status, detail, at FROM notify_receipt WHERE organisation_id = %s"
                " ORDER BY id",
                [council.id],
            ).fetchall()

    return look


def test_firetext_is_told_that_its_receipt_is_kept(provider: Provider, kept: Kept) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_notifications_sms_callback.py"""
    message = str(new_id())
    answer = provider.firetext(status="1", code="101", reference=message, time="2026-07-01 13:00:00")
    assert (answer.status_code, answer.json()) == (200, {"result": "success"})
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert kept() == [("firetext", message, "permanent-failure", "101: Unknown Subscriber", noon)]


def test_mmg_is_told_that_its_receipt_is_kept(provider: Provider, kept: Kept) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_notifications_sms_callback.py"""
    message = str(new_id())
    answer = provider.mmg(status=3, substatus=5, CID=message, deliverytime="2026-01-05 16:01:07")
    assert (answer.status_code, answer.json()) == (200, {"result": "success"})
    moment = datetime(2026, 1, 5, 16, 1, 7, tzinfo=UTC)
    assert kept() == [("mmg", message, "delivered", "5: Delivered to handset", moment)]


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        ({"status": "0"}, ["Firetext callback failed: reference missing"]),
        ({"reference": "x"}, ["Firetext callback failed: status missing"]),
        ({}, ["Firetext callback failed: status missing", "Firetext callback failed: reference missing"]),
    ],
)
def test_firetext_is_told_what_is_missing(provider: Provider, form: dict[str, str], missing: list[str]) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_notifications_sms_callback.py"""
    answer = provider.firetext(**form)
    assert (answer.status_code, answer.json()) == (400, {"result": "error", "message": missing})


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"status": "3"}, ["MMG callback failed: CID missing"]),
        ({"CID": "x"}, ["MMG callback failed: status missing"]),
        ({}, ["MMG callback failed: status missing", "MMG callback failed: CID missing"]),
    ],
)
def test_mmg_is_told_what_is_missing(provider: Provider, said: dict[str, str], missing: list[str]) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_notifications_sms_callback.py"""
    answer = provider.mmg(**said)
    assert (answer.status_code, answer.json()) == (400, {"result": "error", "message": missing})


def test_an_unknown_status_is_kept_as_our_failure(provider: Provider, kept: Kept) -> None:
    assert provider.firetext(status="77", reference="x").status_code == 200
    [(_, _, status, detail, _)] = kept()
    assert (status, "'77'" in detail) == ("technical-failure", True)


def test_the_real_notify_calls_with_a_bearer_token(provider: Provider, client: Client, kept: Kept) -> None:
    """docs.notifications.service.gov.uk: callbacks for message status"""
    message = str(new_id())
    said = {
        "id": str(new_id()),
        "reference": message,
        "to": "+447700900123",
        "status": "temporary-failure",
        "created_at": "2026-05-14T12:15:30.000000Z",
        "completed_at": "2026-05-14T12:15:32.000000Z",
        "sent_at": None,
        "notification_type": "sms",
    }
    answer = client.post(
        "/notifications/govuk-notify/delivery-status",
        json.dumps(said),
        content_type="application/json",
        headers={"Authorization": f"Bearer {provider.secret}"},
    )
    assert answer.status_code == 200
    assert kept() == [("govuk-notify", message, "temporary-failure", "", datetime(2026, 5, 14, 12, 15, 32, tzinfo=UTC))]


@pytest.mark.parametrize("path", ["", "receive/"])
def test_a_call_without_a_secret_is_401_and_one_with_a_wrong_secret_403(provider: Provider, path: str) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_receive_notification.py"""
    wrong = {"Authorization": f"Basic {b64encode(b'notify:wrong').decode()}"}
    for call in (provider.firetext, provider.mmg):
        assert call(path, headers={}).status_code == 401
        assert call(path, headers={"Authorization": "Basic ?"}).status_code == 401
        assert call(path, headers=wrong).status_code == 403


def test_an_account_that_was_switched_off_is_heard_for_a_week(
    provider: Provider, council: Council, as_login: AsLogin
) -> None:
    for days, status in ((6, 200), (8, 403)):
        with as_login("superuser") as superuser:
            superuser.execute(
                "UPDATE notify_provideraccount SET is_active = false, changed_at = %s WHERE organisation_id = %s",
                [clock.now() - timedelta(days=days), council.id],
            )
        assert provider.firetext(status="0", reference=str(new_id())).status_code == status


def test_a_provider_that_knows_only_an_address_has_the_secret_in_it(provider: Provider, client: Client) -> None:
    address = "/notifications/sms/firetext?secret="
    body = f"status=0&reference={new_id()}"
    assert client.post(address + provider.secret, body, content_type=FORM).status_code == 200
    assert client.post(address + "wrong", body, content_type=FORM).status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"\xff\xfe", b'{"CID": {"a": 1}, "status": null}', b"=&&" * 5000, b"a=%00&status=%00"]
)
def test_nonsense_is_refused_clearly(provider: Provider, client: Client, body: bytes) -> None:
    for path in ("firetext", "mmg", "receive/firetext", "receive/mmg"):
        answer = client.post(f"/notifications/sms/{path}", body, content_type=FORM, headers=provider.basic)
        assert answer.status_code == 400, (path, answer.content)
        assert answer.json()["result"] == "error"


def test_what_the_database_cannot_hold_is_cut_off(provider: Provider, sender: Sender, kept: Kept) -> None:
    """``\\ud800`` is half a character, and an index takes no endless words."""
    endless = "x" * 100_000
    assert provider.mmg(status="3", substatus=endless, CID=endless).status_code == 200
    assert provider.firetext(status=endless, reference=endless + "%00").status_code == 200
    assert {len(reference) for _, reference, *_ in kept()} == {64}  # a digest of it
    assert provider.mmg(status="3", CID="half \ud800").status_code in (200, 400)
    number = own_number(sender)
    assert provider.mmg("receive/", MSISDN=endless, Number=number, Message=endless).status_code == 200
    [text] = list_received_texts(of=sender.id)
    assert (len(text.user_number), len(text.content)) == (200, 10_000)


def test_only_post_is_answered(client: Client) -> None:
    assert client.get("/notifications/sms/firetext").status_code == 405


def test_a_text_by_firetext_is_kept_for_the_service_of_its_number(provider: Provider, sender: Sender) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_receive_notification.py"""
    number = own_number(sender)
    form = {"source": "(%2b44)7900900001", "destination": number, "message": "it+is+%c5%b5et"}
    for _ in range(2):
        answer = provider.firetext("receive/", **form, time="2026-07-01 13:00:00")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    [text] = list_received_texts(of=sender.id)
    assert (text.user_number, text.notify_number, text.content) == ("447900900001", number, "it is ŵet")


def test_the_services_program_is_told_of_a_text_once(provider: Provider, sender: Sender, as_login: AsLogin) -> None:
    address = "http://127.0.0.1:9/texts"
    wanted = NewEndpoint(Kind.INBOUND_SMS, address, "a long enough token")
    set_callback(sender.id, wanted, may_be_loopback=True, actor=PersonId(new_id()), now=clock.now())
    form = {"source": "07900900001", "destination": own_number(sender), "message": "Hi", "time": "2026-07-01 13:00:00"}
    for _ in range(2):
        provider.firetext("receive/", **form)
    [text] = list_received_texts(of=sender.id)
    with as_login("superuser") as superuser:
        told = superuser.execute("SELECT about_id, kind FROM notify_callback WHERE notify_service_id = %s", [sender.id])
        assert told.fetchall() == [(text.id, "inbound_sms")]


def test_a_text_by_mmg_is_kept_for_the_service_of_its_number(provider: Provider, sender: Sender) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_receive_notification.py"""
    number = own_number(sender)
    answer = provider.mmg(
        "receive/",
        MSISDN="447900900001",
        Number=f"44{number[1:]}",
        Message="hello+there+%F0%9F%93%A9",
        ID="bar",
        DateRecieved="2026-05-21+11%3A56%3A11",
    )
    assert (answer.status_code, answer.content) == (200, b"RECEIVED")
    [text] = list_received_texts(of=sender.id)
    assert (text.user_number, text.notify_number, text.content) == ("447900900001", number, "hello there 📩")


def test_a_text_to_a_number_of_nobody_is_answered_ok_and_forgotten(
    provider: Provider, sender: Sender, as_login: AsLogin
) -> None:
    """alphagov/notifications-api:tests/app/notifications/test_receive_notification.py"""
    answer = provider.firetext("receive/", source="07900900001", destination="07000000000", message="x")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert provider.mmg("receive/", MSISDN="07900900001", Number="99", Message="x").content == b"RECEIVED"
    assert list_received_texts(of=sender.id) == []


def test_a_councils_own_account_brings_no_texts_to_another_councils_numbers(
    provider: Provider, sender: Sender, other_council: Council
) -> None:
    with acting_for(other_council.id):
        number = own_number(sender)
    provider.firetext("receive/", source="07900900001", destination=number, message="for them")
    with acting_for(other_council.id):
        assert list_received_texts(of=sender.id) == []


def test_a_number_has_one_service(sender: Sender) -> None:
    number = own_number(sender)
    assert give_number(sender.id, f"+44{number[1:]}", actor=None, now=clock.now()) == number
    with pytest.raises(NumberTaken):
        give_number(NotifyServiceId(new_id()), number, actor=None, now=clock.now())
    with pytest.raises(NotANumberToText):
        give_number(sender.id, "Shop", actor=None, now=clock.now())


def test_no_council_takes_anothers_texts_by_naming_its_number(
    provider: Provider, sender: Sender, council: Council, other_council: Council, platform: Provider
) -> None:
    """What an account of the installation's brings goes where an operator said; a council's own brings to its own."""
    number = own_number(sender)
    thief, operator = NotifyServiceId(new_id()), PersonId(new_id())
    with acting_for(other_council.id):
        give_number(thief, number, actor=None, now=clock.now())
    said = {"source": "07900900001", "destination": number, "time": "2026-07-01 13:00:00"}
    platform.firetext("receive/", **said, message="to+nobody+yet")
    provider.firetext("receive/", **said, message="to+the+council")
    give_installations_number(sender.id, number, actor=operator, now=clock.now())
    platform.firetext("receive/", **said, message="by+the+installation")
    with acting_for(other_council.id):
        assert list_received_texts(of=thief) == []
        with pytest.raises(NumberTaken):
            give_installations_number(thief, number, actor=operator, now=clock.now())
        assert list_inbound_numbers(of=thief) == [number]
    assert [text.content for text in list_received_texts(of=sender.id)] == ["by the installation", "to the council"]


def test_a_text_that_is_brought_again_is_kept_once_whatever_its_moment_says(provider: Provider, sender: Sender) -> None:
    """A provider's clock may be ahead of ours, and it may write what is no moment; a name of its own is enough."""
    number = own_number(sender)
    for moment in ("2999-01-01 13:00:00", "yesterday"):
        for _ in range(2):
            provider.firetext("receive/", source="07900900001", destination=number, message="Yes", time=moment)
    for _ in range(2):
        provider.mmg("receive/", MSISDN="447900900001", Number=number, Message="No", ID="one")
    provider.mmg("receive/", MSISDN="447900900001", Number=number, Message="No", ID="two")
    assert [text.content for text in list_received_texts(of=sender.id)] == ["No", "No", "Yes", "Yes"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Lly\u0302n", "Llŷn"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\x00b", "ab"),
        ("half \ud800", "half \ufffd"),
        ("a" + "\u0300\u0316" * 4_000, None),
        ("x" * 20_000, "x" * 10_000),
        ("", ""),
    ],
)
def test_what_somebody_wrote_is_kept_as_words(council: Council, sender: Sender, said: str, kept: str | None) -> None:
    """By whatever line it comes: what a message centre brings has been through no form."""
    number = own_number(sender)
    text = IncomingText("smpp", "", number, " Sh\u200bop\u202e\x00 ", said, clock.now(), "")
    assert receive_text(text, account=council.id, now=clock.now())
    [found] = list_received_texts(of=sender.id)
    assert found.user_number == "Shop"
    assert found.content == (compose(said) if kept is None else kept)
    assert compose(found.content) == found.content


@pytest.mark.parametrize("who", ["\u200b", "x" * 100_000, "\ud800", "/../", "+" * 5_000])
def test_whoever_it_says_that_it_is_from_a_text_is_kept(council: Council, sender: Sender, who: str) -> None:
    number = own_number(sender)
    text = IncomingText("smpp", "", number, who, "Hello", clock.now(), "")
    assert receive_text(text, account=council.id, now=clock.now())
    [found] = list_received_texts(of=sender.id)
    assert 1 <= len(found.user_number) <= 200


def test_what_somebody_wrote_is_not_readable_in_the_database(
    provider: Provider, sender: Sender, database: dict[str, str]
) -> None:
    provider.firetext("receive/", source="07900900001", destination=own_number(sender), message="my+secret")
    with psycopg.connect(database["superuser"]) as superuser:
        [(content,)] = superuser.execute(
            "SELECT content FROM notify_receivedtext WHERE notify_service_id = %s", [sender.id]
        ).fetchall()
    assert b"secret" not in content


def own_number(sender: Sender) -> str:
    """Give a service a number that no other test has."""
    return give_number(sender.id, f"07{int(clock.now().timestamp() * 1e6) % 10**9:09}", actor=None, now=clock.now())


def test_a_program_reads_what_was_received(
    provider: Provider, sender: Sender, client: Client, as_login: AsLogin
) -> None:
    """alphagov/notifications-api:tests/app/v2/inbound_sms/test_get_inbound_sms.py"""
    number = own_number(sender)
    for words in ("one", "two"):
        provider.firetext("receive/", source="07900900001", destination=number, message=words)
    headers = {"Authorization": sender.bearer()}
    page = client.get("/v2/received-text-messages", headers=headers).json()
    newest, oldest = page["received_text_messages"]
    assert (newest["content"], oldest["content"]) == ("two", "one")
    assert newest.keys() == {"id", "user_number", "notify_number", "created_at", "service_id", "content"}
    assert (newest["user_number"], newest["notify_number"]) == ("447900900001", number)
    assert UUID(newest["service_id"]) == sender.id
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", newest["created_at"])
    assert page["links"]["current"].endswith("/v2/received-text-messages")
    assert page["links"]["next"].endswith(f"/v2/received-text-messages?older_than={oldest['id']}")
    after_newest = client.get(f"/v2/received-text-messages?older_than={newest['id']}", headers=headers).json()
    assert [each["content"] for each in after_newest["received_text_messages"]] == ["one"]
    last = client.get(f"/v2/received-text-messages?older_than={oldest['id']}", headers=headers).json()
    assert (last["received_text_messages"], "next" in last["links"]) == ([], False)


def test_a_page_has_250_received_texts(sender: Sender, client: Client, council: Council) -> None:
    number, now = own_number(sender), clock.now()
    for count in range(252):
        text = IncomingText("firetext", str(count), number, "07900900001", f"text {count}", now, "")
        receive_text(text, account=council.id, now=now)
    headers = {"Authorization": sender.bearer()}
    first = client.get("/v2/received-text-messages", headers=headers).json()
    second = client.get(f"/v2{first['links']['next'].partition('/v2')[2]}", headers=headers).json()
    assert [len(page["received_text_messages"]) for page in (first, second)] == [250, 2]


def test_an_unknown_place_to_go_on_from_is_an_empty_list(sender: Sender, client: Client) -> None:
    headers = {"Authorization": sender.bearer()}
    answer = client.get(f"/v2/received-text-messages?older_than={new_id()}", headers=headers)
    assert (answer.status_code, answer.json()["received_text_messages"]) == (200, [])


def test_what_is_no_id_is_refused(sender: Sender, client: Client) -> None:
    """``api_responses.json``, case "inbound bad" """
    answer = client.get("/v2/received-text-messages?older_than=x", headers={"Authorization": sender.bearer()})
    error = {"error": "ValidationError", "message": "older_than is not a valid UUID"}
    assert (answer.status_code, answer.json()) == (400, {"status_code": 400, "errors": [error]})


ODD = [
    "9" * 400,
    "1e400",
    "NaN",
    '"\\u0000"',
    "[" * 900 + "]" * 900,
    '{"a": ' * 40 + "1" + "}" * 40,
    "9" * 30,
    '"\\ud800"',
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", ["sms/mmg", "sms/receive/mmg", "govuk-notify/delivery-status"])
def test_what_no_provider_says_is_refused_or_left_out(client: Client, provider: Provider, path: str, odd: str) -> None:
    said = f'{{"status": {odd}, "CID": "x", "reference": "x", "MSISDN": "1", "Number": "2", "Message": {odd}}}'
    answer = client.post(f"/notifications/{path}", said, content_type="application/json", headers=provider.basic)
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9" * 400, "²", "x" * 5_000])
def test_a_moment_that_cannot_be_is_now(provider: Provider, kept: Kept, at: str) -> None:
    before = clock.now()
    assert provider.mmg(status=3, CID=str(new_id()), deliverytime=at).status_code == 200
    [(*_, moment)] = kept()
    assert before <= moment <= clock.now()
