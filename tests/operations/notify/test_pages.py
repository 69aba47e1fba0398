"""The officers' pages of templates and messages, and the test inbox."""

import json
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.fast_path import FastPathClient

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import Pair, Words
from guildhall.notify.pages.previews import previews_of
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


def officer(council: Council, *roles: Role) -> Client:
    person, client = make_person(), Client()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


WORDS = {
    "name": "Receipt",
    "subject": "About ((thing))",
    "body": "Dear ((name))",
    "subject_cy": "Am ((thing))",
    "body_cy": "Annwyl ((name))",
}


def test_a_manager_changes_a_templates_words_after_looking_at_them(council: Council, sender: Sender) -> None:
    client = officer(council, Role.SERVICE_MANAGER)
    here = f"/staff/{council.slug}/messages/bulky-waste/templates/{sender.email}"
    assert "Version 1" in client.get(here).content.decode()
    preview = client.post(f"{here}/edit", WORDS | {"opened": "1", "preview": "yes"}).content.decode()
    assert 'Dear <mark class="placeholder">' in preview
    assert 'lang="cy"' in preview
    assert client.post(f"{here}/edit", WORDS | {"opened": "1"}).status_code == 302
    saved = queries.get_template(sender.email)
    assert (saved.version, saved.pair.welsh.body) == (2, "Annwyl ((name))")
    assert saved.saved_by.endswith("@example.com")
    assert "Hello" in client.get(f"{here}/versions/1").content.decode()


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(council: Council, sender: Sender) -> None:
    client = officer(council, Role.OWNER)
    edit = f"/staff/{council.slug}/messages/bulky-waste/templates/{sender.email}/edit"
    client.post(edit, WORDS | {"opened": "1"})
    late = client.post(edit, WORDS | {"opened": "1", "body": "((name)), mine"}).content.decode()
    assert "Somebody else has changed this template" in late
    assert queries.get_template(sender.email).version == 2


@pytest.mark.parametrize(
    ("missing", "message"), [("name", "Enter a name"), ("subject", "Enter a subject"), ("body", "Enter the message")]
)
def test_a_template_needs_a_name_a_subject_and_a_message(
    council: Council, sender: Sender, missing: str, message: str
) -> None:
    client = officer(council, Role.OWNER)
    edit = f"/staff/{council.slug}/messages/bulky-waste/templates/{sender.email}/edit"
    page = client.post(edit, WORDS | {"opened": "1", missing: " "}).content.decode()
    assert "Error:" in page
    assert message in page
    assert queries.get_template(sender.email).version == 1


@pytest.mark.parametrize("language", ["body", "body_cy"])
def test_a_text_is_no_longer_than_any_that_can_be_sent(council: Council, sender: Sender, language: str) -> None:
    """alphagov/notifications-api:app/template/rest.py, _content_count_greater_than_limit."""
    client = officer(council, Role.OWNER)
    add = f"/staff/{council.slug}/messages/bulky-waste/templates/add/sms"
    words = {"name": "Long", "body": "x", language: "x" * 918}
    assert client.post(add, words).status_code == 302
    page = client.post(add, words | {language: words[language] + "x"}).content.decode()
    assert "A text message must be 918 characters or fewer" in page


def test_a_template_is_added_where_the_officer_was(council: Council, sender: Sender) -> None:
    client = officer(council, Role.OWNER)
    here = f"/staff/{council.slug}/messages/bulky-waste/templates"
    folder = client.post(f"{here}/folders/add", {"name": "Waste"})["Location"].split("?")[0].rsplit("/", 1)[1]
    asked = client.post(f"{here}/add?folder={folder}", {"channel": "sms"})
    assert asked["Location"].endswith(f"/add/sms?folder={folder}")
    added = client.post(asked["Location"], {"name": "Reminder", "body": "See you ((when))", "body_cy": "Hwyl ((when))"})
    assert added.status_code == 302
    page = client.get(added["Location"]).content.decode()
    assert "Counts as 1 text message" in page
    assert "2.4p" in page
    assert "Waste" in page
    assert "Reminder" in client.get(f"{here}/folders/{folder}").content.decode()
    nobodys = client.post(f"/staff/{council.slug}/messages/nothing/templates/add", {"channel": "email"})
    assert nobodys.status_code == 404
    assert client.get(f"{here}/add/fax").status_code == 404


def test_an_officer_is_warned_when_senders_must_give_something_else(council: Council, sender: Sender) -> None:
    client = officer(council, Role.SERVICE_MANAGER)
    edit = f"/staff/{council.slug}/messages/bulky-waste/templates/{sender.email}/edit"
    words = WORDS | {"opened": "1", "body": "Dear ((name)), on ((day))", "body_cy": "Annwyl ((name)), ar ((day))"}
    warned = client.post(edit, words).content.decode()
    assert "((day))" in warned
    assert "((thing))" in warned
    assert queries.get_template(sender.email).version == 1
    assert client.post(edit, words | {"confirmed": "yes"}).status_code == 302
    assert queries.get_template(sender.email).version == 2


def test_a_search_finds_templates_in_every_folder(council: Council, sender: Sender) -> None:
    client = officer(council, Role.SERVICE_MANAGER)
    here = f"/staff/{council.slug}/messages/bulky-waste/templates"
    folder = client.post(f"{here}/folders/add", {"name": "Waste"})["Location"].split("?")[0].rsplit("/", 1)[1]
    moved = client.post(here, {"template": str(sender.text), "to": folder})
    assert moved["Location"].endswith("?done=moved")
    assert "A text" not in client.get(here).content.decode()
    found = client.get(f"{here}?search=a+TEXT").content.decode()
    assert "A text" in found
    assert "An email" not in found
    empty = client.post(here, {"to": folder}).content.decode()
    assert "Tick at least one template or folder" in empty


def test_what_changed_is_told_to_the_eye_and_to_the_ear(council: Council, sender: Sender) -> None:
    client = officer(council, Role.SERVICE_MANAGER)
    here = f"/staff/{council.slug}/messages/bulky-waste/templates/{sender.text}"
    client.post(
        f"{here}/edit", {"opened": "1", "name": "A text", "body": "Good day ((name))", "body_cy": "Helo ((name))"}
    )
    page = client.get(f"{here}/versions/compare?from=1&to=2").content.decode()
    assert "<del>" in page and "<ins>" in page
    assert "removed:" in page and "added:" in page
    restored = client.post(f"{here}/versions/1/restore", {"opened": "2"})
    assert restored.status_code == 302
    assert queries.get_template(sender.text).pair.english.body == "Hello ((name))"
    assert client.post(f"{here}/versions/1/restore", {"opened": "2"}).status_code == 409


def test_a_template_is_copied_from_another_service_and_put_away(council: Council, sender: Sender) -> None:
    sender.with_templates()
    make_sender(council, slug="roads")
    client = officer(council, Role.SERVICE_MANAGER)
    there = f"/staff/{council.slug}/messages/roads/templates"
    assert "An email" in client.get(f"{there}/copy").content.decode()
    copied = client.post(f"{there}/copy/{sender.email}", {"name": "Ours", "folder": "top"})
    page = client.get(copied["Location"]).content.decode()
    assert "Ours" in page
    copy = copied["Location"].split("?")[0]
    assert "cannot be undone" in client.get(f"{copy}/archive").content.decode()
    client.post(f"{copy}/archive")
    assert "Ours" not in client.get(there).content.decode()
    assert "has been put away" in client.get(copy).content.decode()


def test_a_whole_email_is_shown_with_its_styles_and_can_do_nothing(council: Council, sender: Sender) -> None:
    client, here = officer(council, Role.CASEWORKER), f"/staff/{council.slug}/messages/bulky-waste/templates"
    whole = client.get(f"{here}/{sender.email}/email.html?in=cy")
    assert "Helo" in whole.content.decode()
    assert "style=" in whole.content.decode()
    policy = whole["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("; sandbox")
    assert "script" not in policy
    assert client.get(f"{here}/{sender.text}/email.html").status_code == 404


def test_only_an_owner_makes_a_template_one_for_emergencies(council: Council, sender: Sender) -> None:
    mark = f"/staff/{council.slug}/messages/bulky-waste/templates/{sender.email}/emergency"
    assert officer(council, Role.SERVICE_MANAGER).post(mark, {"is_emergency": "yes"}).status_code == 403
    assert not queries.get_template(sender.email).is_emergency
    assert officer(council, Role.OWNER).post(mark, {"is_emergency": "yes"}).status_code == 302
    assert queries.get_template(sender.email).is_emergency


def test_a_service_begins_to_send_in_trial_mode(council: Council) -> None:
    make_service(council, slug="roads", name="Roads")
    client = officer(council, Role.SERVICE_MANAGER)
    page = client.get(f"/staff/{council.slug}/messages").content.decode()
    assert "Roads" in page
    service = next(each for each in queries.list_silent_services() if each.slug == "roads")
    begun = client.post(f"/staff/{council.slug}/messages", {"service": str(service.id)})
    assert begun["Location"] == f"/staff/{council.slug}/messages/roads"
    assert not queries.get_sending_service("roads").sender.is_live
    assert "Trial mode" in client.get(begun["Location"], follow=True).content.decode()


def test_a_service_that_only_sends_is_added_by_its_name(council: Council) -> None:
    client, page = officer(council, Role.SERVICE_MANAGER), f"/staff/{council.slug}/messages/add/service"
    answer = client.post(page, {"name": "Library reminders", "name_cy": "Negeseuon y llyfrgell"})
    assert answer["Location"] == f"/staff/{council.slug}/messages/library-reminders"
    added = queries.get_sending_service("library-reminders")
    assert (added.name.cy, added.sender.is_live) == ("Negeseuon y llyfrgell", False)
    for name, problem in (
        ("library  Reminders", "The council has a service of this name already"),
        ("", "Enter a name"),
        ("???", "Enter a name that says what the service is"),
        ("x" * 256, "Name of the service in English must be 255 characters or fewer"),
    ):
        assert problem in client.post(page, {"name": name, "name_cy": ""}).content.decode()
    assert officer(council, Role.CASEWORKER).post(page, {"name": "Another"}).status_code == 403


def test_a_caseworker_reads_templates_and_changes_none(council: Council, sender: Sender) -> None:
    client = officer(council, Role.CASEWORKER)
    assert client.get(f"/staff/{council.slug}/messages/bulky-waste/templates").status_code == 200
    edit = f"/staff/{council.slug}/messages/bulky-waste/templates/{sender.email}/edit"
    assert client.post(edit, WORDS | {"opened": "1"}).status_code == 403
    assert queries.get_template(sender.email).version == 1


def test_another_councils_template_is_not_found(council: Council, other_council: Council) -> None:
    client = officer(council, Role.OWNER)
    theirs = make_sender_elsewhere(other_council)
    assert client.get(f"/staff/{council.slug}/messages/bulky-waste/templates/{theirs.email}").status_code == 404
    assert client.get(f"/staff/{other_council.slug}/messages/bulky-waste/templates/{theirs.email}").status_code == 403


def make_sender_elsewhere(other: Council) -> Sender:
    with acting_for(other.id):
        return make_sender(other)


def test_services_are_listed_with_what_became_of_their_messages(council: Council, sender: Sender, settle: Any) -> None:
    client = officer(council, Role.OWNER)
    assert _figures(client, council) == ["0", "0", "0", "0"]
    _send(sender, "listed@example.com")
    assert _figures(client, council) == ["1", "1", "0", "0"]
    settle()
    assert _figures(client, council) == ["1", "0", "1", "0"]
    assert "Wedi cyrraedd" in client.get(f"/staff/{council.slug}/messages?lang=cy", follow=True).content.decode()


def _figures(client: Client, council: Council) -> list[str]:
    page = client.get(f"/staff/{council.slug}/messages").content.decode()
    return [part.split("<")[0] for part in page.split('cell--numeric">')[1:]]


def test_the_test_inbox_shows_what_was_delivered_to_people_and_programs(
    council: Council, sender: Sender, settle: Any
) -> None:
    client, to = Client(), f"{sender.id.hex}@example.com"
    sent = _send(sender, to)
    settle()
    [entry] = client.get(f"/sandbox/inbox?format=json&to={to}").json()
    assert set(entry) == {"id", "channel", "to", "subject", "body", "status", "delivered_at"}
    assert (entry["id"], entry["to"], entry["subject"], entry["status"]) == (sent, to, "About sofa", "delivered")
    assert "About sofa" in client.get(f"/sandbox/inbox?to={to}").content.decode()
    with override_settings(SANDBOX=False):
        assert client.get("/sandbox/inbox").status_code == 404


def test_a_preview_has_no_styles_of_its_own_and_shows_no_markup_of_the_writers() -> None:
    words = Words("<i>s</i>", "# One\n\n* <script>x</script>\n\n^ ((name)) [x](javascript:y)")
    [preview] = previews_of(Pair(words), Channel.EMAIL, prefix=None)
    assert "style=" not in preview.body
    assert "<script" not in preview.body
    assert "<i>" not in preview.subject
    assert 'href="javascript' not in preview.body
    assert '<ul class="govuk-list govuk-list--bullet">' in preview.body


def _send(sender: Sender, to: str) -> str:
    values = {"name": "Jo", "thing": "sofa"}
    body = {"email_address": to, "template_id": str(sender.email), "personalisation": values}
    answer = FastPathClient().post(
        "/v2/notifications/email",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": sender.bearer()},
    )
    sent: str = answer.json()["id"]
    return sent
