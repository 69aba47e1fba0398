"""Lists of what was sent (contract: notify 1.7; alphagov/notifications-api:tests/app/v2/notifications/)."""

from collections.abc import Callable
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings

from guildhall.kernel.tenancy import acting_for
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council

LIST = "/v2/notifications"


@pytest.fixture
def listed(api) -> Callable[..., list[str]]:  # type: ignore[no-untyped-def]
    def ask(query: str = "", kind: KeyKind = KeyKind.LIVE) -> list[str]:
        told = api.get(f"{LIST}{query}", kind=kind)
        assert told.status_code == 200
        return [each["id"] for each in told.json()["notifications"]]

    return ask


def test_a_list_begins_with_the_newest_and_is_told_as_one_message_is(api, listed) -> None:  # type: ignore[no-untyped-def]
    sent = [api.send_email().json()["id"], api.send_text().json()["id"], api.send_email().json()["id"]]
    assert listed() == sent[::-1]
    told = api.get(LIST).json()
    assert told["links"] == {
        "current": f"{settings.BASE_URL}/v2/notifications",
        "next": f"{settings.BASE_URL}/v2/notifications?older_than={sent[0]}",
    }
    assert told["notifications"][0] == api.get(f"{LIST}/{sent[2]}").json()


def test_pages_of_250_are_turned_until_one_is_empty(api) -> None:  # type: ignore[no-untyped-def]
    sent = [api.send_email().json()["id"] for _ in range(252)]
    seen, address = [], LIST
    while address:
        told = api.get(address).json()
        seen.append([each["id"] for each in told["notifications"]])
        address = told["links"].get("next", "").removeprefix(settings.BASE_URL)
    assert [len(page) for page in seen] == [250, 2, 0]
    assert [each for page in seen for each in page] == sent[::-1]


def test_filters_are_kept_from_page_to_page(api) -> None:  # type: ignore[no-untyped-def]
    sent = api.send_email(reference="a b").json()["id"]
    api.send_text(reference="a b")
    query = "template_type=email&status=created&status=delivered&reference=a+b"
    links = api.get(f"{LIST}?{query}").json()["links"]
    assert links["current"] == f"{settings.BASE_URL}/v2/notifications?{query}"
    assert urlsplit(links["next"]).query == f"{query}&older_than={sent}"


def test_lists_are_narrowed_by_type_status_and_reference(api, listed, settle) -> None:  # type: ignore[no-untyped-def]
    email = api.send_email(reference="mine").json()["id"]
    settle()
    text = api.send_text(reference="other").json()["id"]
    assert listed("?template_type=email") == [email]
    assert listed("?template_type=email&template_type=sms") == [text, email]
    assert listed("?status=delivered") == [email]
    assert listed("?status=created") == [text]
    assert listed("?status=created&status=delivered") == [text, email]
    assert listed("?reference=mine") == [email]
    assert listed("?reference=mine&template_type=sms") == []
    assert listed(f"?older_than={text}&status=created") == []
    assert listed(f"?older_than={text}&reference=mine") == [email]


ALIKE = (
    *("Case 1", "case 1", "CASE 1", "case  1", "case\u00a01", "caſe 1"),
    *("Llŷn", "Lly\u0302n", "Llyn", "straße", "strasse", "1", "１", "%", "_", "a\\", "a\\\\", "'", "''"),
    *("x" * 999 + "a", "x" * 999 + "b", "x" * 999, "ŵ" * 999 + "a", "ŵ" * 999 + "b"),
    # Two texts of one MD5 (Marc Stevens, 2024): what is looked up by a digest is compared whole.
    "TEXTCOLLBYfGiJUETHQ4hAcKSMd5zYpgqf1YRDhkmxHkhPWptrkoyz28wnI9V0aHeAuaKnak",
    "TEXTCOLLBYfGiJUETHQ4hEcKSMd5zYpgqf1YRDhkmxHkhPWptrkoyz28wnI9V0aHeAuaKnak",
)


def test_a_reference_finds_its_own_message_and_no_other_however_alike_they_are(api, listed) -> None:  # type: ignore[no-untyped-def]
    """References are programs' own: none is folded, cut or composed."""
    sent = {reference: [api.send_email(reference=reference).json()["id"]] for reference in ALIKE}
    assert {reference: listed(f"?reference={quote(reference)}") for reference in ALIKE} == sent


@pytest.mark.parametrize(
    ("word", "shown"), [("failed", {"temp", "perm"}), ("received", {"good"}), ("accepted", {"waiting"})]
)
def test_a_word_may_stand_for_several_statuses(api, listed, settle, word, shown) -> None:  # type: ignore[no-untyped-def]
    sent = {
        "temp": api.send_email(KeyKind.TEST, email_address="temp-fail@simulator.notify").json()["id"],
        "perm": api.send_text(KeyKind.TEST, phone_number="07700900002").json()["id"],
        "good": api.send_email(KeyKind.TEST).json()["id"],
    }
    settle()
    sent["waiting"] = api.send_email(KeyKind.TEST).json()["id"]
    assert set(listed(f"?status={word}", KeyKind.TEST)) == {sent[name] for name in shown}


def test_a_list_shows_what_keys_of_the_same_kind_sent_and_one_message_any_key(api, listed) -> None:  # type: ignore[no-untyped-def]
    live, test = api.send_email().json()["id"], api.send_email(KeyKind.TEST).json()["id"]
    assert (listed(), listed(kind=KeyKind.TEST), listed(kind=KeyKind.TEAM)) == ([live], [test], [])
    assert api.get(f"{LIST}/{live}", kind=KeyKind.TEST).status_code == 200


def test_a_list_goes_on_after_a_message_of_another_kind_of_key(api, listed) -> None:  # type: ignore[no-untyped-def]
    live, test = api.send_email().json()["id"], api.send_email(KeyKind.TEST).json()["id"]
    assert listed(f"?older_than={test}") == [live]


def test_after_an_unknown_message_comes_nothing(api, listed, other_council) -> None:  # type: ignore[no-untyped-def]
    api.send_email()
    assert api.get(f"{LIST}?older_than={uuid4()}").json()["notifications"] == []
    assert "next" not in api.get(f"{LIST}?older_than={uuid4()}").json()["links"]


def test_another_services_messages_are_neither_listed_nor_told(api, listed, council: Council, client) -> None:  # type: ignore[no-untyped-def]
    mine = api.send_email().json()["id"]
    with acting_for(council.id):
        neighbour: Sender = make_sender(council, slug="other-service")
    headers = {"Authorization": neighbour.bearer()}
    assert client.get(LIST, headers=headers).json()["notifications"] == []
    assert client.get(f"{LIST}?older_than={mine}", headers=headers).json()["notifications"] == []
    assert client.get(f"{LIST}/{mine}", headers=headers).status_code == 404


STATUSES = (
    "[cancelled, created, sending, sent, delivered, pending, failed, technical-failure, temporary-failure, "
    "permanent-failure, pending-virus-check, validation-failed, virus-scan-failed, returned-letter, accepted, received]"
)


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ("status=elephant", [f"status elephant is not one of {STATUSES}"]),
        ("template_type=fax", ["template_type fax is not one of [sms, email, letter]"]),
        ("include_jobs=false", ["include_jobs false is not one of [true, True]"]),
        ("older_than=x", ["older_than is not a valid UUID"]),
        ("foo=1&bar=2", ["Additional properties are not allowed (bar, foo were unexpected)"]),
        (
            "foo=1&older_than=x&template_type=fax&status=elephant",
            [
                f"status elephant is not one of {STATUSES}",
                "template_type fax is not one of [sms, email, letter]",
                "older_than is not a valid UUID",
                "Additional properties are not allowed (foo was unexpected)",
            ],
        ),
        ("reference=%00", ["reference must not contain a NUL"]),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_every_fault(api, query, messages) -> None:  # type: ignore[no-untyped-def]
    told = api.get(f"{LIST}?{query}")
    assert told.status_code == 400
    assert told.json()["errors"] == [{"error": "ValidationError", "message": message} for message in messages]


def test_every_version_of_a_template_is_told(api, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    told = api.get(f"/service/{sender.id}/template/{sender.email}/versions")
    assert [each["version"] for each in told.json()["data"]] == [1]
    assert api.get(f"/service/{sender.id}/template/{uuid4()}/versions").status_code == 404
    assert api.get(f"/service/{uuid4()}/template/{sender.email}/versions").status_code == 404
