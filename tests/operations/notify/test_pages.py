"""The officers' pages of templates and messages, and the test inbox."""

import json
from typing import Any

import pytest
from django.test import Client, override_settings

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import Pair, Words
from guildhall.notify.pages.previews import previews_of
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


def officer(council: Council, *roles: Role) -> Client:
    person, client = make_person(), Client()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


WORDS = {"name": "Receipt", "subject": "s", "body": "Dear ((name))", "subject_cy": "p", "body_cy": "Annwyl ((name))"}


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
    late = client.post(edit, WORDS | {"opened": "1", "body": "mine"}).content.decode()
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


def test_a_template_is_added(council: Council, sender: Sender) -> None:
    client = officer(council, Role.OWNER)
    added = client.post(
        f"/staff/{council.slug}/messages/bulky-waste/templates/add", WORDS | {"channel": "sms", "subject": ""}
    )
    assert added.status_code == 302
    assert "Counts as 1 text message" in client.get(added["Location"]).content.decode()
    nobodys = client.post(f"/staff/{council.slug}/messages/nothing/templates/add", WORDS | {"channel": "email"})
    assert nobodys.status_code == 404


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


def test_messages_are_listed_with_what_became_of_them(council: Council, sender: Sender, settle: Any) -> None:
    client = officer(council, Role.OWNER)
    assert "Nothing has been sent yet" in client.get(f"/staff/{council.slug}/messages").content.decode()
    _send(client, sender, "listed@example.com")
    assert "Waiting" in client.get(f"/staff/{council.slug}/messages").content.decode()
    settle()
    page = client.get(f"/staff/{council.slug}/messages").content.decode()
    assert "Delivered" in page
    assert "listed@example.com" in page
    assert "Wedi cyrraedd" in client.get(f"/staff/{council.slug}/messages?lang=cy", follow=True).content.decode()


def test_the_test_inbox_shows_what_was_delivered_to_people_and_programs(
    council: Council, sender: Sender, settle: Any
) -> None:
    client, to = Client(), f"{sender.id.hex}@example.com"
    sent = _send(client, sender, to)
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


def _send(client: Client, sender: Sender, to: str) -> str:
    values = {"name": "Jo", "thing": "sofa"}
    body = {"email_address": to, "template_id": str(sender.email), "personalisation": values}
    answer = client.post(
        "/v2/notifications/email",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": sender.bearer()},
    )
    sent: str = answer.json()["id"]
    return sent
