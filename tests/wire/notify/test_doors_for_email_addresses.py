"""An email address that no mail reaches is refused where it is typed; what programs send keeps its bytes."""

import ast
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.architecture.test_the_code import modules
from tests.conftest import AsLogin

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.notify.testing import Sender
from guildhall.organisations.operations import Inviter, invite
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

UNREACHABLE = ["jo@example.c", "jo@example", "jo..ann@example.com", "jo@exa_mple.com", "\u200b"]

DOORS = {
    "register": ("/account/register", {"name": "Jo", "password": "long enough 1", "language": "en"}, "email"),
    "sign in": ("/account/sign-in", {"password": "long enough 1"}, "email"),
    "recovery": ("/account/forgotten-password", {}, "email"),
    "invitation": ("/staff/{council}/team/invite", {"roles": "auditor"}, "email"),
    "invitation, sent again": ("/staff/{council}/team/invitations/{invitation}/send-again", {}, "email"),
    "operator's invitation": ("/operator/{council}", {}, "email"),
    "reply-to": ("/staff/{council}/messages/bulky-waste/settings/reply-to/add", {}, "address"),
    "guests": ("/staff/{council}/messages/bulky-waste/settings/guests", {"phones": ""}, "emails"),
    "one-off": (
        "/staff/{council}/messages/bulky-waste/templates/{email}/send",
        {"value-1": "a", "value-2": "b", "language": "en"},
        "to",
    ),
}
ASKED_BY = {
    "identity/pages/questions.py",  # registering, signing in, recovery
    "notify/pages/documents.py",  # compared with the address of the email, never written to
    "notify/pages/senders.py",
    "notify/pages/sending.py",
    "organisations/pages/inviting.py",
    "organisations/pages/operators.py",
    "organisations/pages/team.py",
    "pay/pages/card_form.py",  # tests/domain/pay/test_cards.py
    "services/forms/pages/asking.py",  # tests/domain/services_forms/test_questions.py
    "services/forms/pages/residents.py",  # tests/wire/services_forms/test_resident_pages.py
    "services/tracking/pages/views.py",  # compared with the applicant's, never written to
}


def test_every_page_that_asks_for_an_email_address_is_listed() -> None:
    found = {
        str(place)
        for place, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "EmailField"
    }
    assert found == ASKED_BY


@pytest.mark.parametrize("typed", UNREACHABLE, ids=ascii)
@pytest.mark.parametrize("door", DOORS)
def test_an_address_that_no_mail_reaches_is_refused_where_it_is_typed(
    client: Client, council: Council, sender: Sender, as_login: AsLogin, door: str, typed: str
) -> None:
    where, other, field = DOORS[door]
    if "{council}" in where:
        _become_owner_and_operator(client, council, as_login)
    invitation = _invite() if "{invitation}" in where else ""
    address = where.format(council=council.slug, email=sender.email, invitation=invitation)
    answer = client.post(address, {**other, field: typed})
    if door == "guests" and typed == "\u200b":
        assert answer.status_code == 302  # an empty list is one
        return
    assert answer.status_code == 200, answer
    assert f'href="#{field}"' in answer.content.decode()


def _invite() -> UUID:
    owner = Inviter(PersonId(new_id()), "Olwen Owner")
    return invite(f"{new_id().hex}@testford.example", frozenset({Role.AUDITOR}), inviter=owner, now=clock.now())


def _become_owner_and_operator(client: Client, council: Council, as_login: AsLogin) -> None:
    person = make_person()
    make_officer(council, *Role, person_id=person.id)
    with as_login("owner") as owner:
        owner.execute("INSERT INTO organisations_platformoperator VALUES (%s, now())", [person.id])
    sign_in(client, person.id, has_second_factor=True)


def test_what_programs_send_keeps_its_bytes(api: Any) -> None:
    """Words of programs are not composed: the reference does not, and references are theirs (contract: notify 1.5)."""
    reference, name = "re\u0301f\u200b\u2011\u00a01", "Sio\u0302n\u200b"
    sent = api.send_email(reference=reference, personalisation={"name": name, "thing": "sofa"})
    assert sent.status_code == 201, sent.content
    assert sent.json()["reference"] == reference
    assert name in sent.json()["content"]["body"]
    [found] = api.get(f"/v2/notifications?reference={reference}").json()["notifications"]
    assert found["reference"] == reference


def test_a_gap_is_filled_however_its_name_is_composed(api: Any) -> None:
    sent = api.send_email(personalisation={"NAME": "Jo", "thi\u200bng": "x", "thing": "sofa"})
    assert sent.status_code == 201, sent.content
