"""What strangers try counts against the network they share; what they can have mailed, against the mailbox and all."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
from django.test import Client, override_settings

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import operations
from guildhall.identity.domain.source import Source
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations.tries import Trier
from guildhall.identity.testing import SOMEWHERE, make_person, read_letters
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.networks import Network
from guildhall.kernel.tries import LockedOut, take_tries
from guildhall.notify.operations.unasked import TO_ONE_MAILBOX

NOW = clock.now()
PASSWORD = "correct horse 7"
ELSEWHERE = Source(Network("192.0.2.8"))
FORGOTTEN = "/account/forgotten-password"


def address() -> EmailAddress:
    return EmailAddress(f"{new_id()}@example.com")


def networks() -> list[Source]:
    return [Source(Network(f"198.51.100.{number}")) for number in range(40)]


def use_up(action: Action, source: Source, *, all_but: int, now: datetime = NOW) -> None:
    """Let others of the same network try an action until so many tries are left."""
    counted = Trier(address(), source.network).shared(action)
    for _ in range(counted.limit.tries - all_but):
        take_tries(counted, now=now)


def outcome(act: Callable[[], object]) -> str:
    """Say what came of it: nothing wrong, a wrong password, or what a lock is against."""
    try:
        act()
    except LockedOut as lock:
        return str(lock.against)
    except operations.WrongPassword:
        return "wrong"
    return "done"


def guess(email: EmailAddress, source: Source = SOMEWHERE, *, password: str = "wrong 1111") -> str:
    return outcome(lambda: operations.sign_in(email, password, source=source, now=NOW))


def register(email: EmailAddress, source: Source = SOMEWHERE) -> str:
    new = operations.NewAccount(email, "Mair", operations.read_password(PASSWORD), "en")
    return outcome(lambda: operations.begin_registration(new, source=source, now=NOW))


def reset(email: EmailAddress, source: Source = SOMEWHERE, *, later: timedelta = timedelta()) -> str:
    return outcome(lambda: operations.request_reset(email, language="en", source=source, now=NOW + later))


def test_whoever_works_through_a_list_of_accounts_runs_out_of_tries() -> None:
    use_up(Action.GIVE_PASSWORD, SOMEWHERE, all_but=3)
    assert [guess(address()) for _ in range(5)] == ["wrong"] * 3 + ["network"] * 2
    assert guess(address(), ELSEWHERE) == "wrong"


def test_wrong_codes_of_many_accounts_count_together_with_wrong_passwords() -> None:
    journeys = [operations.begin_emailed_codes(make_person().id, source=ELSEWHERE, now=NOW) for _ in range(2)]
    people = [make_person() for _ in journeys]
    use_up(Action.GIVE_PASSWORD, SOMEWHERE, all_but=1)
    answers = []
    for person, journey in zip(people, journeys, strict=True):
        try:
            operations.finish_emailed_codes(person.id, journey, "000000", source=SOMEWHERE, now=NOW)
        except (LockedOut, operations.WrongCode) as refusal:
            answers.append(type(refusal))
    assert answers == [operations.WrongCode, LockedOut]


def test_those_who_sign_in_rightly_use_up_nothing_of_their_office() -> None:
    email = address()
    operations.ensure_person(operations.KnownPerson(email, "Mair", operations.read_password(PASSWORD)), now=NOW)
    use_up(Action.GIVE_PASSWORD, SOMEWHERE, all_but=2)
    assert [guess(email, password=PASSWORD) for _ in range(4)] == ["done"] * 4
    assert [guess(address()) for _ in range(3)] == ["wrong", "wrong", "network"]


def test_registrations_are_counted_by_network_whoever_they_are_for() -> None:
    use_up(Action.ASK_FOR_CREATION_CODE, SOMEWHERE, all_but=2)
    assert [register(make_person().email), register(address()), register(address())] == ["done", "done", "network"]
    assert register(make_person().email) == "network"
    assert register(address(), ELSEWHERE) == "done"
    assert guess(address()) == "wrong", "signing in goes on"


def test_new_passwords_are_counted_by_network_whether_or_not_the_addresses_are_known() -> None:
    use_up(Action.ASK_FOR_RESET, SOMEWHERE, all_but=2)
    assert [reset(make_person().email), reset(address()), reset(address())] == ["done", "done", "network"]
    assert reset(make_person().email) == "network"
    assert reset(address(), ELSEWHERE) == "done"


def test_codes_that_are_asked_for_are_counted_by_network() -> None:
    use_up(Action.ASK_FOR_CODE, SOMEWHERE, all_but=1)
    people = [make_person(), make_person()]
    asked = [
        outcome(lambda person=person: operations.begin_emailed_codes(person.id, source=SOMEWHERE, now=NOW))
        for person in people
    ]
    assert asked == ["done", "network"]


@pytest.mark.parametrize("is_known", [True, False])
def test_a_mailbox_gets_a_dozen_unasked_emails_an_hour_from_all_networks_and_pages_together(is_known: bool) -> None:
    email, sources = make_person().email if is_known else address(), networks()
    answers = [register(email, sources.pop()) for _ in range(6)]
    answers += [reset(email, sources.pop()) for _ in range(6)]
    answers += [reset(email, sources.pop(), later=timedelta(minutes=15)) for _ in range(2)]
    assert answers == ["done"] * 12 + ["recipient"] * 2
    assert len(read_letters(email)) == TO_ONE_MAILBOX.tries
    assert reset(email, later=timedelta(hours=1)) == "done"


def test_a_mailbox_is_one_whatever_stands_behind_a_plus() -> None:
    name = new_id()
    answers = [reset(EmailAddress(f"{name}+{number}@example.com")) for number in range(14)]
    assert answers == ["done"] * 12 + ["recipient"] * 2


def test_what_was_not_sent_is_counted_against_nobody() -> None:
    """All counts are part of the transaction that writes the email: a lock of one undoes the others."""
    email = address()
    assert Counter(reset(email) for _ in range(30)) == {"done": 6, "thing": 24}
    assert [reset(email, later=timedelta(minutes=15)) for _ in range(6)] == ["done"] * 6


@override_settings(UNASKED_EMAILS_PER_HOUR=5)
def test_the_installation_sends_only_so_many_emails_that_anybody_can_ask_for(caplog: pytest.LogCaptureFixture) -> None:
    person = make_person()
    with caplog.at_level(logging.WARNING, logger="guildhall.kernel.tries"):
        answers = [reset(address(), source) for source in networks()[:8]]
    assert answers == ["done"] * 5 + ["everybody"] * 3
    assert "emails that anybody can ask the installation for" in caplog.text, "it is never silent"
    assert reset(person.email, ELSEWHERE) == "everybody"
    assert operations.begin_emailed_codes(person.id, source=ELSEWHERE, now=NOW), "whoever gave a password gets a code"


def test_the_page_says_what_to_do_and_the_same_to_whoever_has_an_account() -> None:
    use_up(Action.ASK_FOR_RESET, Source(Network("203.0.113.77")), all_but=0, now=clock.now())
    browser, welsh = Client(REMOTE_ADDR="203.0.113.77"), {"accept-language": "cy"}
    answers = [browser.post(FORGOTTEN, {"email": email}) for email in (make_person().email, address())]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].content == answers[1].content
    assert 3000 < int(answers[0]["Retry-After"]) <= 3600
    assert "Too many attempts from your internet connection" in answers[0].content.decode()
    assert "Gormod o geisiadau" in browser.post(FORGOTTEN, {"email": address()}, headers=welsh).content.decode()


@pytest.mark.parametrize(
    ("peer", "said", "status"),
    [
        ("203.0.113.77", "192.0.2.99", 429),
        ("192.0.2.99", "203.0.113.77", 303),
        ("10.0.0.2", "203.0.113.77", 429),
        ("10.0.0.2", "203.0.113.77, 192.0.2.99", 303),
        ("10.0.0.2", "rubbish\t\x7f", 303),
    ],
)
@override_settings(TRUSTED_PROXIES=[ip_network("10.0.0.0/8")])
def test_a_visitor_counts_as_the_proxies_that_the_settings_name_say(peer: str, said: str, status: int) -> None:
    use_up(Action.ASK_FOR_RESET, Source(Network("203.0.113.77")), all_but=0)
    browser = Client(REMOTE_ADDR=peer, headers={"x-forwarded-for": said})
    assert browser.post(FORGOTTEN, {"email": address()}).status_code == status


def test_one_house_of_ipv6_is_one_network() -> None:
    use_up(Action.ASK_FOR_RESET, Source(Network("2001:db8:1:2::/64")), all_but=0)
    answers = [
        Client(REMOTE_ADDR=peer).post(FORGOTTEN, {"email": address()}).status_code
        for peer in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    ]
    assert answers == [429, 429, 303]


@override_settings(UNASKED_EMAILS_PER_HOUR=2)
def test_the_page_of_the_whole_installations_limit_is_a_503() -> None:
    answers = [Client().post(FORGOTTEN, {"email": address()}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 503]
    assert "cannot send this email at the moment" in answers[2].content.decode()
