"""What a program sends has a length, a depth and a number of names that are looked at first; nothing ends in a 500."""

import json
import random
import time
from typing import Any
from urllib.parse import quote

import pytest

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import Pair, Words, add_template
from guildhall.notify.testing import AUTHOR, Sender, sign

EMAIL, TEXT, BATCH = "/v2/notifications/email", "/v2/notifications/sms", "/guildhall/v1/notifications/batch"
RANDOM = "".join(random.Random(7).sample([chr(point) for point in range(0x4E00, 0x9FFF)], 3_000))
"""Three thousand characters that no index of the database holds at once, and no compression makes small."""

UNREADABLE = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)
CLOCK = "Error: Your system clock must be accurate to within 30 seconds"


def messages(answer: Any) -> list[str]:
    return [error["message"] for error in answer.json()["errors"]]


# Numbers of tokens


@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 400, "9" * 4_000, "1e308", "-1e308", str(2**63), str(2**53)])
@pytest.mark.parametrize("claim", ["iat", "exp", "nbf"])
def test_a_moment_that_no_clock_reaches_is_refused_as_any_wrong_one(
    api: Any, sender: Sender, claim: str, number: str
) -> None:
    claims = {"iss": str(sender.id), "iat": int(time.time()), claim: json.loads(number)}
    refused = api.get("/v2/templates", bearer=sign(claims, sender.secret()))
    is_counted = claim == "iat" and len(number) < 25
    assert (refused.status_code, messages(refused)) == (403, [CLOCK if is_counted else UNREADABLE])


@pytest.mark.parametrize("claim", ["iat", "exp", "nbf"])
@pytest.mark.parametrize("value", ["1" * 10, [], {}, True, "²", "١"])
def test_a_moment_that_is_no_number_is_refused(api: Any, sender: Sender, claim: str, value: object) -> None:
    claims = {"iss": str(sender.id), "iat": int(time.time()), claim: value}
    assert api.get("/v2/templates", bearer=sign(claims, sender.secret())).status_code == 403


@pytest.mark.parametrize("token", ["a" * 9_000, "é" * 9_000, f"{'e30' * 3_000}.e30.e30", "." * 9_000])
def test_a_token_longer_than_any_is_not_read(api: Any, token: str) -> None:
    for answer in (api.post(EMAIL, {}, bearer=f"Bearer {token}"), api.get("/v2/templates", bearer=f"Bearer {token}")):
        assert answer.status_code in (403, 431)


# Names


@pytest.mark.parametrize(("extra", "told"), [(2, "a0, a1"), (100, ", a99")])
def test_names_that_nobody_knows_are_told_as_the_reference_tells_them(api: Any, extra: int, told: str) -> None:
    [message] = messages(api.send_email(**{f"a{number}": 1 for number in range(extra)}))
    assert message.startswith("Additional properties are not allowed (a0, a1")
    assert message.endswith(f"{told} were unexpected)")


def test_of_a_very_long_name_that_nobody_knows_the_beginning_is_told(api: Any) -> None:
    answer = api.post("/v2/notifications/email", {"x" * 100_000: 1})
    assert answer.status_code == 400
    assert f"({'x' * 200} was unexpected)" in answer.content.decode()


def test_of_very_many_names_that_nobody_knows_a_hundred_are_told(api: Any) -> None:
    refused = api.send_email(**{f"n{number:06}": 1 for number in range(100_000)})
    [message] = messages(refused)
    told = ", ".join(f"n{number:06}" for number in range(100))
    assert refused.status_code == 400
    assert message == f"Additional properties are not allowed ({told} and 99900 more were unexpected)"


@pytest.mark.parametrize("path", [EMAIL, TEXT])
def test_a_message_has_at_most_a_thousand_values(api: Any, path: str) -> None:
    refused = api.post(path, {"personalisation": {f"n{number}": 1 for number in range(1_001)}})
    assert "personalisation has more than 1000 properties" in messages(refused)


def test_a_list_of_names_has_at_most_a_thousand(api: Any) -> None:
    refused = api.send_email(sanitise_content_for=["name"] * 1_001)
    assert messages(refused) == ["sanitise_content_for has more than 1000 items"]


# Lengths


def test_the_longest_reference_is_kept_and_found_whatever_it_is_written_in(api: Any) -> None:
    reference = RANDOM[:1_000]
    assert api.send_email(reference=reference).status_code == 201
    found = api.get(f"/v2/notifications?reference={quote(reference)}")
    assert [each["reference"] for each in found.json()["notifications"]] == [reference]


@pytest.mark.parametrize("line", [RANDOM, "x" * 100_000, "a" + "\u0300" * 40_000 + "\u0316" * 40_000])
def test_a_letter_to_an_address_of_any_length_is_accepted_or_refused(api: Any, sender: Sender, line: str) -> None:
    with acting_for(sender.council.id):
        template = add_template(
            notify_service_id=sender.id,
            channel=Channel.LETTER,
            name="A letter",
            pair=Pair(Words("Heading", "Words"), Words("", "")),
            by=AUTHOR,
            now=clock.now(),
        )
    for last in ("SW1A 1AA", line):
        address = {"address_line_1": line, "address_line_2": line, "address_line_3": last}
        answer = api.post("/v2/notifications/letter", {"template_id": str(template.id), "personalisation": address})
        assert answer.status_code in (201, 400)


@pytest.mark.parametrize("value", ["x" * 200_000, "a" + "\u0300" * 40_000 + "\u0316" * 40_000, "7" * 200_000, RANDOM])
@pytest.mark.parametrize("field", ["template_id", "email_reply_to_id", "scheduled_for", "one_click_unsubscribe_url"])
def test_a_field_of_an_email_that_is_longer_than_any_is_refused(api: Any, field: str, value: str) -> None:
    assert api.send_email(**{field: value}).status_code == 400


@pytest.mark.parametrize("value", ["x" * 200_000, "a" + "\u0300" * 40_000 + "\u0316" * 40_000, "7" * 200_000, RANDOM])
def test_a_recipient_that_is_longer_than_any_is_refused(api: Any, value: str) -> None:
    assert messages(api.send_email(email_address=value)) == ["email_address Not a valid email address"]
    assert messages(api.send_text(phone_number=value)) == [
        "phone_number Number is not valid – double check the phone number you entered"
        if value.isdigit()
        else "phone_number Must not contain letters or symbols"
    ]


@pytest.mark.parametrize("length", ["9" * 20, "9" * 400, "9" * 5_000])
def test_a_length_that_no_body_has_is_too_large(client: Any, sender: Sender, length: str) -> None:
    headers = {"Authorization": sender.bearer()}
    for path in (EMAIL, BATCH):
        refused = client.post(path, b"{}", content_type="application/json", headers=headers, CONTENT_LENGTH=length)
        assert refused.status_code == 413


@pytest.mark.parametrize("length", ["²", "١٢", "0x2", "1_0", "+2"])
def test_a_length_in_other_digits_is_none(client: Any, sender: Sender, length: str) -> None:
    headers = {"Authorization": sender.bearer()}
    refused = client.post(EMAIL, b"{}", content_type="application/json", headers=headers, CONTENT_LENGTH=length)
    assert (refused.status_code, messages(refused)) == (400, ["Invalid JSON supplied in POST data"])


@pytest.mark.parametrize("version", ["2147483647", "2147483648", "9" * 400, "9" * 5_000, "²", "١"])
def test_a_version_that_no_template_has_is_not_found(api: Any, sender: Sender, version: str) -> None:
    assert api.get(f"/v2/template/{sender.email}/version/{quote(version)}").status_code == 404


@pytest.mark.parametrize("older_than", ["x" * 5_000, "1" * 32 + "0" * 5_000, "١" * 32])
def test_a_place_in_a_list_that_is_no_id_is_refused(api: Any, older_than: str) -> None:
    for path in ("notifications", "received-text-messages"):
        refused = api.get(f"/v2/{path}?older_than={quote(older_than)}")
        assert messages(refused) == ["older_than is not a valid UUID"]
