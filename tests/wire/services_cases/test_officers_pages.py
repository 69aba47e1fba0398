"""The officers' pages: what they show, to whom, and what a press of a button does."""

import pytest
from django.test import Client

from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id
from guildhall.pay.testing import make_account, pay


def test_the_list_shows_the_case_and_who_it_is_from(council, desk, opened):
    case = opened()
    page = desk().get(f"/staff/{council.slug}/cases")
    for words in (case.reference, "Ffion Jones", "Bulky waste collection", "Received", "21 November 2026", "1 case"):
        assert words in page


def test_the_list_in_welsh_says_the_same(council, desk, opened):
    opened()
    officer = desk()
    officer.client.cookies["guildhall_language"] = "cy"
    page = officer.get(f"/staff/{council.slug}/cases")
    for words in ("Achosion", "Casglu gwastraff swmpus", "Wedi dod i law", "21 Tachwedd 2026"):
        assert words in page


def test_the_list_is_searched_and_says_when_nothing_matches(council, desk, opened):
    case, officer = opened(), desk()
    assert case.reference in officer.get(f"/staff/{council.slug}/cases", q="sofas")
    assert "No cases match" in officer.get(f"/staff/{council.slug}/cases", q="piano")


@pytest.mark.parametrize(
    "query",
    [
        {"status": "lost"},
        {"service": "nowhere"},
        {"assigned": "somebody"},
        {"order": "applicant_email"},
        {"page": "-1"},
        {"page": "99999999999"},
        {"q": "x" * 5000},
        {"q": "a\x00b"},
    ],
)
def test_nonsense_in_the_address_of_the_list_is_no_error(council, desk, opened, query):
    opened()
    desk().get(f"/staff/{council.slug}/cases", **query)


def test_what_a_resident_typed_is_never_taken_for_markup(council, desk, opened):
    case = opened(applicant_name="<script>alert(1)</script>")
    officer = desk()
    for address in (f"/staff/{council.slug}/cases", case.address):
        page = officer.get(address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_an_officer_takes_a_case_from_the_list_and_stays_on_it(council, desk, opened):
    case, officer = opened(), desk()
    sent = {"version": "1", "assignee": str(officer.person_id), "list": "?q=sofas"}
    answer = officer.client.post(f"{case.address}/assign", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/staff/{council.slug}/cases?q=sofas")
    assert case.now().assignee_id == officer.person_id


def test_an_officer_is_led_nowhere_but_to_the_list_or_the_case(desk, opened):
    case, officer = opened(), desk()
    sent = {"version": "1", "assignee": str(officer.person_id), "list": "/../../elsewhere"}
    assert officer.client.post(f"{case.address}/assign", sent)["Location"] == f"{case.address}?done=assigned"


def test_a_filter_that_no_address_can_carry_leads_to_the_list_without_one(council, desk, opened):
    case, officer = opened(), desk()
    sent = {"version": "1", "assignee": str(officer.person_id), "list": "?q=a\r\nSet-Cookie: b=c"}
    assert officer.client.post(f"{case.address}/assign", sent)["Location"] == f"/staff/{council.slug}/cases"


@pytest.mark.parametrize("stranger", [{"assignee": str(new_id())}, {"assignee": "x"}, {}])
def test_a_case_cannot_be_given_to_a_stranger(desk, opened, stranger):
    case, officer = opened(), desk()
    answer = officer.client.post(f"{case.address}/assign", {"version": "1"} | stranger)
    assert answer.status_code == 200
    assert "Choose an officer who works on cases" in answer.content.decode()
    assert case.now().assignee_id is None


def test_the_case_shows_what_was_sent_and_what_can_be_done(desk, opened):
    page = desk().get(opened().address)
    for words in ("What should we collect?", "2 sofas", "Start checking", "Close without collecting", "History"):
        assert words in page
    assert "Mark as collected" not in page


def test_the_case_shows_what_was_paid_for_it(desk, opened):
    paid = pay(make_account(), now=clock.now(), amount=2400)
    page = desk().get(opened(payment_id=paid).address)
    for words in ("Payment", "£24.00", "Paid"):
        assert words in page


def test_an_action_is_asked_about_previewed_and_taken(desk, opened):
    case, officer = opened(), desk()
    assert "Tell the resident" in officer.get(f"{case.address}/do/schedule")
    sent = {"version": "1", "message_en": "On Monday.", "note": "Big van"}
    preview = officer.client.post(f"{case.address}/do/schedule", sent | {"preview": "yes"}).content.decode()
    assert "Bulky waste collection: Scheduled" in preview
    assert "On Monday." in preview
    assert case.now().version == 1
    answer = officer.client.post(f"{case.address}/do/schedule", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{case.address}?done=action")
    page = officer.get(case.address, done="action")
    for words in ("Collection booked", "On Monday.", "Big van", "The resident was told:"):
        assert words in page


def test_an_action_without_the_words_it_needs_is_asked_about_again(desk, opened):
    case = opened()
    answer = desk().client.post(f"{case.address}/do/close", {"version": "1", "note": "Too heavy"})
    page = answer.content.decode()
    assert "<title>Error: " in page
    assert 'href="#message_en"' in page
    assert "Too heavy" in page
    assert case.now().version == 1


def test_too_many_words_are_refused_and_kept(desk, opened):
    case = opened()
    long = "x" * 5001
    page = desk().client.post(f"{case.address}/do/close", {"version": "1", "message_en": long}).content.decode()
    assert "What you write must be 5,000 characters or fewer" in page
    assert long in page
    assert case.now().version == 1


def test_the_second_officer_is_told_and_gets_back_what_they_wrote(desk, opened):
    case, first, second = opened(), desk(), desk()
    first.client.post(f"{case.address}/do/check", {"version": "1"})
    answer = second.client.post(f"{case.address}/do/close", {"version": "1", "message_en": "We cannot lift it."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else was first" in page
    assert "We cannot lift it." in page
    assert case.now().state.state == "checking"


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 40])
def test_an_action_that_does_not_say_what_was_seen_is_refused(desk, opened, version):
    case = opened()
    assert desk().client.post(f"{case.address}/do/check", {"version": version}).status_code == 409
    assert case.now().version == 1


def test_an_action_for_another_role_is_forbidden(desk, opened):
    case, officer = opened(), desk()
    officer.client.post(f"{case.address}/do/close", {"version": "1", "message_en": "Sorry."})
    assert "Reopen" not in officer.get(case.address)
    assert officer.client.get(f"{case.address}/do/reopen").status_code == 403
    sent = {"version": "2", "message_en": "Sorry."}
    assert officer.client.post(f"{case.address}/do/reopen", sent).status_code == 403
    assert desk(Role.SERVICE_MANAGER).client.post(f"{case.address}/do/reopen", sent).status_code == 302


def test_an_action_the_workflow_does_not_have_is_refused(desk, opened):
    case, officer = opened(), desk()
    assert officer.client.get(f"{case.address}/do/collected").status_code == 409
    assert officer.client.get(f"{case.address}/do/burn").status_code == 409


def test_a_note_is_added_once_however_often_the_button_is_pressed(desk, opened):
    case, officer, once = opened(), desk(), str(new_id())
    for _ in range(2):
        officer.client.post(f"{case.address}/note", {"note": "The lift is broken", "once": once})
    assert [event.note for event in case.now().events] == ["The lift is broken", ""]


def test_an_empty_note_is_refused_on_the_page_of_the_case(desk, opened):
    page = desk().client.post(f"{opened().address}/note", {"note": " "}).content.decode()
    assert "<title>Error: " in page
    assert 'href="#note"' in page


def test_a_message_is_previewed_in_the_residents_language_and_sent(desk, opened):
    case, officer = opened(language="cy"), desk()
    assert "in Welsh" in officer.get(f"{case.address}/write")
    sent = {"message_cy": "Ydy e’n wlyb?", "once": str(new_id())}
    preview = officer.client.post(f"{case.address}/write", sent | {"preview": "yes"}).content.decode()
    assert "Casglu gwastraff swmpus: neges Cyngor Bwrdeistref Testford" in preview
    assert 'lang="cy"' in preview
    assert len(case.now().events) == 1
    officer.client.post(f"{case.address}/write", sent)
    assert case.now().events[0].message.cy == "Ydy e’n wlyb?"


def test_a_resident_whose_language_nobody_knows_can_be_written_to_in_both(desk, opened):
    page = desk().get(f"{opened(language=None).address}/write")
    assert 'name="message_en"' in page
    assert 'name="message_cy"' in page


def test_an_auditor_looks_and_is_offered_nothing_to_do(desk, opened):
    case, auditor = opened(), desk(Role.AUDITOR)
    page = auditor.get(case.address)
    assert "2 sofas" in page
    for words in ("Start checking", "Add note", "Write to the resident", "Assign<"):
        assert words not in page
    for way in ("do/check", "assign", "note", "write"):
        assert auditor.client.post(f"{case.address}/{way}", {"version": "1"}).status_code == 403


def test_a_finance_viewer_does_not_see_what_residents_sent(council, desk, opened):
    case, viewer = opened(), desk(Role.FINANCE_VIEWER)
    assert viewer.client.get(case.address).status_code == 403
    assert viewer.client.get(f"/staff/{council.slug}/cases").status_code == 403


def test_another_councils_officer_enters_nothing(council, other_council, desk, opened):
    case, stranger = opened(), desk(Role.OWNER, Role.CASEWORKER, of=other_council)
    for address in (f"/staff/{council.slug}/cases", case.address, f"{case.address}/write", f"{case.address}/do/check"):
        assert stranger.client.get(address).status_code == 403
    elsewhere = f"/staff/{other_council.slug}/cases/{case.reference}"
    for way in ("", "/write", "/do/check"):
        assert stranger.client.get(f"{elsewhere}{way}").status_code == 404
    for way in ("assign", "note", "write", "do/check"):
        assert stranger.client.post(f"{elsewhere}/{way}", {"version": "1", "note": "x"}).status_code == 404
    assert len(case.now().events) == 1


def test_somebody_who_has_not_signed_in_is_asked_to(opened):
    answer = Client().get(opened().address)
    assert answer.status_code == 302
    assert "/account/sign-in" in answer["Location"]


@pytest.mark.parametrize("way", ["assign", "note"])
def test_what_changes_something_is_never_a_link(desk, opened, way):
    assert desk().client.get(f"{opened().address}/{way}").status_code == 405
