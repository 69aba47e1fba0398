"""What officers set for a service's messages, what operators allow, and leaving trial mode."""

import re
from typing import Any

import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models, queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.settings import NotAColour, NotALocalPart, SenderTooLong
from guildhall.notify.operations import senders, settings
from guildhall.notify.queries.services import EmailBrand, KeptFor, NotifyServiceNotFound
from guildhall.notify.queries.settings import ReplyToCheckNotFound
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations import queries as organisations
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

BY = PersonId(new_id())


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


def officer(council: Council, *roles: Role) -> Client:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


def here(council: Council) -> str:
    return f"/staff/{council.slug}/messages/bulky-waste/settings"


def view(sender: Sender) -> queries.NotifyServiceView:
    return queries.get_notify_service(sender.id)


# Names, looks, keeping, guests


def test_a_service_writes_under_the_names_it_chose(sender: Sender) -> None:
    assert view(sender).from_local_part == "bulky.waste"
    settings.change_names(
        sender.id, settings.Names("Waste", "Testford waste team", "bins", False), actor=BY, now=clock.now()
    )
    now_is = view(sender)
    assert (now_is.name, now_is.from_name, now_is.from_local_part, now_is.prefix) == (
        "Waste",
        "Testford waste team",
        "bins",
        None,
    )
    for wrong in ("@@@", "ß" * 65):
        with pytest.raises(NotALocalPart):
            settings.change_names(sender.id, settings.Names("W", "", wrong, True), actor=BY, now=clock.now())
    with pytest.raises(settings.NameMissing):
        settings.change_names(sender.id, settings.Names(" ", "", "", True), actor=BY, now=clock.now())


def test_what_is_set_is_in_the_audit_trail_without_personal_data(sender: Sender) -> None:
    settings.change_guests(sender.id, emails=["jo@example.com"], phones=[], actor=BY, now=clock.now())
    [line] = [each for each in organisations.list_audit().rows if each.action == "notify_service.guests"]
    assert "jo@example.com" not in str(line)


def test_a_colour_is_a_colour(sender: Sender) -> None:
    settings.change_brand(sender.id, EmailBrand(True, "Testford", "1D70B8", True), actor=BY, now=clock.now())
    assert view(sender).brand == EmailBrand(True, "Testford", "#1d70b8", True, "")
    with pytest.raises(NotAColour):
        settings.change_brand(sender.id, EmailBrand(False, "", "red;}", False), actor=BY, now=clock.now())


@pytest.mark.parametrize("days", [2, 91])
def test_messages_are_kept_for_three_to_ninety_days(sender: Sender, days: int) -> None:
    settings.change_kept_for(sender.id, KeptFor(3, 90, 7), actor=BY, now=clock.now())
    assert view(sender).kept_for == KeptFor(3, 90, 7)
    with pytest.raises(settings.KeptForWrongTime):
        settings.change_kept_for(sender.id, KeptFor(7, days, 7), actor=BY, now=clock.now())


def test_a_guest_list_has_five_of_a_kind_as_they_are_compared(sender: Sender) -> None:
    emails = ["Jo@Example.com", *(f"guest{number}@example.com" for number in range(4))]
    settings.change_guests(sender.id, emails=emails, phones=["07700 900123"], actor=BY, now=clock.now())
    assert {"jo@example.com", "447700900123"} <= view(sender).guests
    with pytest.raises(settings.TooManyGuests):
        settings.change_guests(sender.id, emails=[*emails, "x@example.com"], phones=[], actor=BY, now=clock.now())


# Senders


def test_the_first_text_sender_is_the_default_and_another_can_become_it(sender: Sender) -> None:
    first = senders.add_text_sender("Testford", of=sender.id, is_default=False, actor=BY, now=clock.now())
    second = senders.add_text_sender("Bins", of=sender.id, is_default=False, actor=BY, now=clock.now())
    default = view(sender).find_default_sender(Channel.SMS)
    assert default
    assert default.id == first
    with pytest.raises(senders.DefaultStays):
        senders.remove_sender(first, of=sender.id, actor=BY, now=clock.now())
    senders.make_default_sender(second, of=sender.id, actor=BY, now=clock.now())
    senders.remove_sender(first, of=sender.id, actor=BY, now=clock.now())
    assert [each.address for each in view(sender).senders] == ["Bins"]


def test_a_text_sender_is_added_once_and_short(sender: Sender) -> None:
    senders.add_text_sender("Testford", of=sender.id, is_default=True, actor=BY, now=clock.now())
    with pytest.raises(senders.SenderKnown):
        senders.add_text_sender(" Testford ", of=sender.id, is_default=True, actor=BY, now=clock.now())
    with pytest.raises(SenderTooLong):
        senders.add_text_sender("TestfordBCou", of=sender.id, is_default=True, actor=BY, now=clock.now())


def test_a_reply_to_address_works_once_somebody_who_reads_its_mail_says_so(
    council: Council, sender: Sender, settle: Any
) -> None:
    client, address = officer(council, Role.SERVICE_MANAGER), f"{new_id().hex}@example.com"
    asked = client.post(f"{here(council)}/reply-to/add", {"address": address})
    assert asked["Location"].endswith("?done=link-sent")
    assert "Waits to be confirmed" in client.get(here(council)).content.decode()
    assert not view(sender).senders
    settle()
    stranger = Client()
    [letter] = stranger.get(f"/sandbox/inbox?format=json&to={address}").json()
    link = re.search(r"https?://[^/\s]+(/confirm-reply-to/\S+)", letter["body"])
    assert link
    assert "I read the mail of this address" in stranger.get(link.group(1)).content.decode()
    assert not view(sender).senders
    assert "Address confirmed" in stranger.post(link.group(1)).content.decode()
    [added] = view(sender).senders
    assert (added.address, added.is_default) == (address, True)
    assert stranger.post(link.group(1)).status_code == 404


def test_a_forged_or_foreign_confirmation_confirms_nothing(
    council: Council, other_council: Council, sender: Sender
) -> None:
    assert Client().get(f"/confirm-reply-to/{council.slug}/bulky-waste/abc~def~ghi").status_code == 404
    with acting_for(other_council.id):
        theirs = make_sender(other_council)
        senders.ask_reply_to("jo@example.com", of=theirs.id, asker="Jo", actor=BY, now=clock.now())
        with transaction():
            check = models.ReplyToCheck.objects.get(notify_service_id=theirs.id)
        token = senders.link_to_confirm(check.id, theirs.id).rsplit("/", 1)[1]
    with pytest.raises(ReplyToCheckNotFound):
        senders.confirm_reply_to(token, of=sender.id, now=clock.now())


def test_a_letters_contact_block(council: Council, sender: Sender) -> None:
    first = senders.save_contact_block(
        None, " The Council \n\n1 High Street ", of=sender.id, is_default=False, actor=BY, now=clock.now()
    )
    second = senders.save_contact_block(None, "Depot", of=sender.id, is_default=True, actor=BY, now=clock.now())
    blocks = {block.id: block for block in queries.list_contact_blocks(of=sender.id)}
    assert blocks[first].lines == "The Council\n1 High Street"
    assert (blocks[first].is_default, blocks[second].is_default) == (False, True)
    shown = queries.find_contact_block_for(first, of=sender.id)
    assert shown
    assert shown.id == first
    senders.remove_contact_block(first, of=sender.id, actor=BY, now=clock.now())
    fallen_back = queries.find_contact_block_for(first, of=sender.id)
    assert fallen_back
    assert fallen_back.id == second


# Trial and live


def test_a_service_goes_live_when_its_list_is_done_and_an_operator_agrees(council: Council, as_owner: Any) -> None:
    sender, client = make_sender(council, is_live=False).with_templates(), officer(council, Role.OWNER)
    with pytest.raises(settings.NotReady):
        settings.ask_to_go_live(sender.id, asked_by="Jo", actor=BY, now=clock.now())
    assert "Ask to go live" not in client.get(here(council)).content.decode()
    make_officer(council, Role.SERVICE_MANAGER)
    senders.add_text_sender("Testford", of=sender.id, is_default=True, actor=BY, now=clock.now())
    with transaction():
        models.SenderAddress.objects.create(
            notify_service_id=sender.id, channel="email", address="help@testford.example", is_default=True
        )
    assert "Ask to go live" in client.get(here(council)).content.decode()
    assert client.post(f"{here(council)}/go-live")["Location"].endswith("?done=asked")
    assert not view(sender).is_live
    operators = operator(as_owner)
    assert "Asks to go live" in operators.get(f"/operator/{council.slug}/messages").content.decode()
    assert f'href="/operator/{council.slug}/messages/bulky-waste"' in operators.get(GOING_LIVE).content.decode()
    decide(operators, council, mode="live")
    assert council.slug not in operators.get(GOING_LIVE).content.decode()
    assert view(sender).is_live
    assert view(sender).live_asked_at is None


GOING_LIVE = "/operator/installation/going-live"


def operator(as_owner: Any) -> Client:
    person, client = make_person(), Client()
    as_owner(lambda: make_operator(person.id, now=clock.now()))
    sign_in(client, person.id, has_second_factor=True)
    return client


ALLOWED = {
    "mode": "live",
    "may": ["may_send_emails", "may_send_texts", "may_text_abroad"],
    "emails_a_day": "1000",
    "texts_a_day": "",
    "letters_a_day": "",
    "texts_abroad_a_day": "5",
    "requests_a_minute": "60",
}


def decide(client: Client, council: Council, **changed: str) -> Any:
    return client.post(f"/operator/{council.slug}/messages/bulky-waste", ALLOWED | changed)


def test_operators_say_what_a_service_may_send_and_how_much(council: Council, sender: Sender, as_owner: Any) -> None:
    client = operator(as_owner)
    assert decide(client, council).status_code == 302
    now_is = view(sender)
    assert (now_is.emails_a_day, now_is.texts_a_day, now_is.texts_abroad_a_day) == (1000, None, 5)
    assert now_is.may_send == {Channel.EMAIL, Channel.SMS}
    assert now_is.may_text_abroad
    assert "Enter a whole number" in decide(client, council, emails_a_day="many").content.decode()
    assert "Enter a number of at least 1" in decide(client, council, requests_a_minute="0").content.decode()


def test_officers_do_not_see_who_else_asks_to_go_live(council: Council, sender: Sender) -> None:
    assert officer(council, *Role).get(GOING_LIVE).status_code == 403


def test_officers_of_the_council_do_not_decide_what_they_may_send(council: Council, sender: Sender) -> None:
    assert decide(officer(council, *Role), council).status_code == 403
    assert not view(sender).may_text_abroad


def test_a_caseworker_changes_no_settings(council: Council, sender: Sender) -> None:
    client = officer(council, Role.CASEWORKER)
    for page in ("", "/names", "/looks", "/keeping", "/guests", "/text-senders/add", "/reply-to/add"):
        assert client.get(f"{here(council)}{page}").status_code == 403


def test_another_councils_service_cannot_be_set(council: Council, other_council: Council, sender: Sender) -> None:
    with acting_for(other_council.id), pytest.raises(NotifyServiceNotFound):
        settings.change_kept_for(sender.id, KeptFor(3, 3, 3), actor=BY, now=clock.now())
    assert view(sender).kept_for == KeptFor()


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        ("names", {"name": ""}, "Enter a name"),
        ("names", {"name": "x", "local_part": "@@"}, "Enter letters or digits"),
        ("looks", {"colour": "red"}, "Enter a # and six digits"),
        ("looks", {"looks": "logo", "alt": ""}, "Enter words for people who do not see the logo"),
        ("keeping", {"emails": "2", "texts": "7", "letters": "7"}, "between 3 and 90"),
        ("guests", {"emails": "not an address"}, "Each line must be an email address"),
        ("guests", {"phones": "1\n2\n3\n4\n5\n6"}, "Enter at most 5"),
        ("guests", {"phones": "ring"}, "Each line must be a mobile number"),
        ("text-senders/add", {"address": "TestfordBCou"}, "11 characters or less"),
        ("text-senders/add", {"address": "Bins!"}, "Use only letters"),
        ("reply-to/add", {"address": "nobody"}, "Enter an email address"),
        ("contact-blocks/add", {"lines": "\n"}, "Enter an address"),
        ("files", {"contact": "somebody"}, "Enter a web page, an email address or a phone number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    council: Council, sender: Sender, page: str, typed: dict[str, str], words: str
) -> None:
    answer = officer(council, Role.OWNER).post(f"{here(council)}/{page}", typed)
    assert answer.status_code == 200
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("names", {"name": "Waste", "prefix": "yes"}),
        ("looks", {"looks": ["logo", "banner"], "alt": "Testford", "colour": "#1d70b8"}),
        ("keeping", {"emails": "30", "texts": "3", "letters": "90"}),
        ("guests", {"emails": "a@example.com\nb@example.com", "phones": "07700900123"}),
        ("text-senders/add", {"address": "Testford", "default": "yes"}),
        ("contact-blocks/add", {"lines": "The Council\n1 High Street"}),
        ("files", {"contact": "help@testford.example"}),
    ],
)
def test_what_is_right_is_saved_and_shown(council: Council, sender: Sender, page: str, typed: dict[str, Any]) -> None:
    client = officer(council, Role.OWNER)
    assert client.post(f"{here(council)}/{page}", typed)["Location"] == f"{here(council)}?done=saved"
    shown = client.get(f"{here(council)}?done=saved").content.decode()
    assert "Your change has been saved" in shown
    for value in typed.values():
        first = (value if isinstance(value, str) else value[0]).splitlines()[0]
        assert first in shown or first in ("yes", "logo", "07700900123", "Testford")


def test_what_goes_beyond_gov_uk_notify_is_switched_on(council: Council, sender: Sender) -> None:
    client = officer(council, Role.OWNER)
    for page in ("accounts", "schedules"):
        client.post(f"{here(council)}/{page}", {"wanted": "yes"})
    assert (view(sender).writes_to_accounts, view(sender).heeds_schedules) == (True, True)
    for page in ("accounts", "schedules"):
        client.post(f"{here(council)}/{page}", {})
    assert (view(sender).writes_to_accounts, view(sender).heeds_schedules) == (False, False)
