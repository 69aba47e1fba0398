"""Texts by SMPP, against a message centre whose codec others wrote, and against a server library as it is."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import smppy
from smpp.pdu.operations import SubmitSM
from smpp.pdu.pdu_types import CommandStatus, DataCodingDefault
from tests.conftest import AsLogin
from tests.operations.notify.message_centre import MessageCentre
from tests.threads import join

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words
from guildhall.notify.operations.provider_accounts import (
    WantedAccount,
    add_provider_account,
    switch_provider_account,
)
from guildhall.notify.operations.received import give_number
from guildhall.notify.ports import HandedOver, NotReached, NotTaken, Outgoing, TryLater, Undeliverable, Unknown
from guildhall.notify.providers.smpp.coding import code, decode
from guildhall.notify.providers.smpp.provider import Smpp, SmppSettings, make
from guildhall.notify.providers.smpp.session import Centre
from guildhall.notify.queries.received import list_received_texts
from guildhall.organisations.queries import Council

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def centre() -> Iterator[MessageCentre]:
    centre = MessageCentre()
    yield centre
    centre.close()


@pytest.fixture
def smpp(centre: MessageCentre, council: Council) -> Iterator[Smpp]:
    provider = make(
        {
            "host": "127.0.0.1",
            "port": str(centre.port),
            "system_id": "guildhall",
            "password": "s3cret",
            "account_of": str(council.id),
        }
    )
    yield provider
    provider.close()


def outgoing(number: int = 1, **changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "message_id": MessageId(UUID(int=number)),
        "organisation_id": OrganisationId(UUID(int=2)),
        "notify_service_id": NotifyServiceId(UUID(int=3)),
        "template_id": UUID(int=4),
        "template_version": 1,
        "channel": Channel.SMS,
        "recipient": "447700900123",
        "sender_name": "Bins",
        "sender": "TESTFORD",
        "words": Words("", "Put your ((thing)) out [€5]"),
        "language": "en",
        "given": Personalisation({"thing": "bin"}),
        "prefix": "Bins",
        "unsubscribe_url": None,
        "postage": "",
        "accepted_at": NOW,
        "tries": 1,
        "may_be_repeated": False,
    }
    return Outgoing(**facts | changes)


def says(words: str) -> dict[str, Any]:
    return {"words": Words("", words), "given": Personalisation({}), "prefix": None}


def until(happened: Callable[[], object]) -> None:
    """Wait a moment for something that another thread does."""
    for _ in range(200):
        if happened():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen within four seconds")


def test_a_text_is_submitted_and_named_by_the_centre(smpp: Smpp, centre: MessageCentre) -> None:
    assert smpp.hand_over([outgoing()], now=NOW) == [HandedOver(f"guildhall@127.0.0.1:{centre.port}/1")]
    [submit] = centre.submitted
    facts = submit.params
    assert (facts["source_addr"], facts["destination_addr"]) == ("TESTFORD", "447700900123")
    assert (facts["source_addr_ton"], facts["dest_addr_ton"]) == ("ALPHANUMERIC", "INTERNATIONAL")
    assert facts["data_coding"].scheme_data is DataCodingDefault.SMSC_DEFAULT_ALPHABET
    assert facts["short_message"] == b"Bins: Put your bin out \x1b\x3c\x1b\x655\x1b\x3e"
    assert facts["registered_delivery"].receipt == "SMSC_DELIVERY_RECEIPT_REQUESTED"


def test_a_text_with_a_circumflex_travels_as_ucs2(smpp: Smpp, centre: MessageCentre) -> None:
    smpp.hand_over([outgoing(**says("tŵr"))], now=NOW)
    facts = centre.submitted[0].params
    assert facts["data_coding"].scheme_data is DataCodingDefault.UCS2
    assert facts["short_message"].decode("utf-16-be") == "tŵr"


@pytest.mark.parametrize(("words", "parts"), [("x" * 160, 1), ("x" * 161, 2), ("x" * 307, 3), ("ŵ" * 71, 2)])
def test_a_long_text_goes_in_as_many_parts_as_are_charged(
    smpp: Smpp, centre: MessageCentre, words: str, parts: int
) -> None:
    assert isinstance(smpp.hand_over([outgoing(**says(words))], now=NOW)[0], HandedOver)
    said = [submit.params["short_message"] for submit in centre.submitted]
    assert len(said) == parts
    if parts > 1:
        assert [each[:6] for each in said] == [bytes([5, 0, 3, 1, parts, n]) for n in range(1, parts + 1)]
        assert b"".join(each[6:] for each in said) == (words.encode("utf-16-be") if "ŵ" in words else words.encode())
        wanted = [submit.params["registered_delivery"].receipt for submit in centre.submitted]
        assert [name == "SMSC_DELIVERY_RECEIPT_REQUESTED" for name in wanted] == [False] * (parts - 1) + [True]


def test_a_character_of_two_octets_is_not_torn_apart() -> None:
    coded = code("x" * 152 + "€" * 20, name=1)
    assert [part[6:7] + part[-2:] for part in coded.parts] == [b"xxx", b"\x1b\x1b\x65"]
    assert "".join(decode(part[6:], 0) for part in coded.parts) == "x" * 152 + "€" * 20


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (CommandStatus.ESME_RTHROTTLED, NotTaken),
        (CommandStatus.ESME_RMSGQFUL, NotTaken),
        (CommandStatus.ESME_RINVDSTADR, Undeliverable),
        (CommandStatus.ESME_RSYSERR, TryLater),
        (CommandStatus.ESME_RSUBMITFAIL, TryLater),
    ],
)
def test_what_the_centres_answers_mean(smpp: Smpp, centre: MessageCentre, status: CommandStatus, outcome: type) -> None:
    centre.status = lambda submit: status
    assert type(smpp.hand_over([outgoing()], now=NOW)[0]) is outcome


def test_one_refusal_holds_nobody_up(smpp: Smpp, centre: MessageCentre) -> None:
    def throttled(submit: SubmitSM) -> CommandStatus:
        is_fifth = submit.params["destination_addr"] == "447700900105"
        return CommandStatus.ESME_RTHROTTLED if is_fifth else CommandStatus.ESME_ROK

    centre.status = throttled
    outcomes = smpp.hand_over([outgoing(n, recipient=f"447700900{100 + n}") for n in range(50)], now=NOW)
    assert [number for number, outcome in enumerate(outcomes) if not isinstance(outcome, HandedOver)] == [5]


def test_one_line_serves_all_and_is_kept(smpp: Smpp, centre: MessageCentre) -> None:
    together = [
        threading.Thread(target=smpp.hand_over, args=([outgoing()] * 20,), kwargs={"now": NOW}) for _ in range(3)
    ]
    for each in together:
        each.start()
    for each in together:
        join(each)
    assert (len(centre.submitted), centre.binds) == (60, 1)


def test_a_line_that_was_lost_is_opened_again(smpp: Smpp, centre: MessageCentre) -> None:
    smpp.hand_over([outgoing(1)], now=NOW)
    centre.hang_up()
    until(lambda: not smpp._session.is_open)  # type: ignore[union-attr]
    assert isinstance(smpp.hand_over([outgoing(2)], now=NOW)[0], HandedOver)
    assert centre.binds == 2


def test_a_centre_that_hangs_up_before_it_answers_may_have_the_text(smpp: Smpp, centre: MessageCentre) -> None:
    def hang_up(submit: SubmitSM) -> CommandStatus:
        centre.hang_up()
        raise ConnectionError

    smpp.stay_connected()
    centre.status = hang_up
    assert isinstance(smpp.hand_over([outgoing()], now=NOW)[0], Unknown)


def test_a_centre_that_never_answers_holds_a_batch_up_no_longer_than_promised(
    centre: MessageCentre, council: Council
) -> None:
    facts = Centre("127.0.0.1", centre.port, "guildhall", "s3cret", window=2)
    smpp = Smpp(SmppSettings(facts, council.id, seconds_for_a_batch=0.3))
    smpp.stay_connected()
    centre.is_mute = True
    began = time.monotonic()
    kinds = [type(each) for each in smpp.hand_over([outgoing(number) for number in range(5)], now=NOW)]
    assert time.monotonic() - began < 2
    assert kinds == [Unknown, Unknown, NotReached, NotReached, NotReached]


def test_a_centre_that_is_away_or_does_not_know_us_has_nothing(centre: MessageCentre) -> None:
    away = make({"host": "127.0.0.1", "port": "9", "system_id": "guildhall", "password": "x"})
    stranger = make({"host": "127.0.0.1", "port": str(centre.port), "system_id": "guildhall", "password": "wrong"})
    for provider in (away, stranger):
        assert isinstance(provider.hand_over([outgoing()], now=NOW)[0], NotTaken)
    stranger.hand_over([outgoing()], now=NOW)
    assert centre.binds == 1  # it is not called again at once


def test_a_silent_centre_is_asked_whether_it_is_there(centre: MessageCentre, council: Council) -> None:
    facts = Centre("127.0.0.1", centre.port, "guildhall", "s3cret", seconds_of_silence=0.1)
    smpp = Smpp(SmppSettings(facts, council.id))
    smpp.stay_connected()
    until(lambda: centre.asked_whether_alive >= 3)
    assert centre.binds == 1
    centre.is_mute = True
    until(lambda: not smpp._session.is_open)  # type: ignore[union-attr]


def test_the_centres_own_questions_are_answered(smpp: Smpp, centre: MessageCentre) -> None:
    smpp.stay_connected()
    centre.ask_whether_alive()
    until(lambda: centre.answers == [("enquire_link_resp", CommandStatus.ESME_ROK)])
    centre.say_goodbye()
    until(lambda: len(centre.answers) == 2)
    assert centre.answers[1] == ("unbind_resp", CommandStatus.ESME_ROK)


@pytest.mark.parametrize(
    ("stat", "state", "status"),
    [
        ("DELIVRD", "DELIVERED", Status.DELIVERED),
        ("EXPIRED", "EXPIRED", Status.TEMPORARY_FAILURE),
        ("UNDELIV", "UNDELIVERABLE", Status.PERMANENT_FAILURE),
        ("REJECTD", "REJECTED", Status.PERMANENT_FAILURE),
        ("ACCEPTD", "ACCEPTED", Status.PENDING),
        ("UNKNOWN", "UNKNOWN", Status.TECHNICAL_FAILURE),
    ],
)
def test_receipts_are_kept_under_the_centres_name_for_the_text(
    smpp: Smpp, centre: MessageCentre, council: Council, as_login: AsLogin, stat: str, state: str, status: Status
) -> None:
    [taken] = smpp.hand_over([outgoing()], now=NOW)
    assert isinstance(taken, HandedOver)
    moment = datetime(2026, 7, 1, 13, 5, tzinfo=UTC)
    centre.bring_receipt("1", stat, at=moment)
    centre.bring_receipt("1", state, by_words=False)
    until(lambda: len(centre.answers) == 2)
    assert {answer for answer in centre.answers} == {("deliver_sm_resp", CommandStatus.ESME_ROK)}
    with as_login("superuser") as superuser:
        kept = superuser.execute(
            "SELECT reference, status, at FROM notify_receipt WHERE organisation_id = %s ORDER BY id", [council.id]
        ).fetchall()
    assert [each[:2] for each in kept] == [(taken.reference, status)] * 2
    assert kept[0][2] == datetime(2026, 7, 1, 12, 5, tzinfo=UTC)  # the centre's clock is London's


def test_a_receipt_that_cannot_be_kept_is_to_be_brought_again(centre: MessageCentre) -> None:
    nobodys = Smpp(SmppSettings(Centre("127.0.0.1", centre.port, "guildhall", "s3cret")))
    nobodys.stay_connected()
    centre.bring_receipt("1")
    until(lambda: centre.answers)
    assert centre.answers[0][1] is CommandStatus.ESME_RX_T_APPN


def test_a_text_that_somebody_sends_is_kept(listening: tuple[NotifyServiceId, str], centre: MessageCentre) -> None:
    service, number = listening
    centre.bring_text("447700900001", f"44{number[1:]}", "Mae'n ŵyl 📩")
    until(lambda: centre.answers)
    [text] = list_received_texts(of=service)
    assert (text.user_number, text.content) == ("447700900001", "Mae'n ŵyl 📩")


GSM, WIDE, LATIN = DataCodingDefault.SMSC_DEFAULT_ALPHABET, DataCodingDefault.UCS2, DataCodingDefault.LATIN_1
STRANGE: list[tuple[bytes, DataCodingDefault, bool, str]] = [
    ("a\0b".encode("utf-16-be"), WIDE, False, "ab"),
    (b"a\0b", LATIN, False, "ab"),
    (b"\xd8\x00\0x", WIDE, False, "\ufffdx"),
    (b"\0x\xdc\x00", WIDE, False, "x\ufffd"),
    (b"\0x\0", WIDE, False, "x\ufffd"),
    (b"\xff\xfe\xff\xff", WIDE, False, "\ufffe\uffff"),
    (b"yes\x1b", GSM, False, "yes "),
    (b"\xe1\x80", GSM, False, "a@"),
    (b"", GSM, False, ""),
    (b"\x05\0\x03\x01\x02\x01yes", GSM, True, "yes"),
    (b"yes", GSM, True, "yes"),
    (bytes(range(32, 127)), LATIN, False, bytes(range(32, 127)).decode()),
]


@pytest.fixture
def listening(smpp: Smpp) -> tuple[NotifyServiceId, str]:
    """A service and its number, and the line over which its texts come."""
    service = NotifyServiceId(new_id())
    number = give_number(service, f"07{int(clock.now().timestamp() * 1e6) % 10**9:09}", actor=None, now=clock.now())
    smpp.stay_connected()
    return service, number


def test_a_text_of_whatever_octets_is_kept_and_the_line_goes_on(
    listening: tuple[NotifyServiceId, str], centre: MessageCentre
) -> None:
    service, number = listening
    for octets, coding, has_header, _words in STRANGE:
        centre.bring_octets("447700900001", number, octets, coding, has_header=has_header)
    until(lambda: len(centre.answers) == len(STRANGE))
    assert set(centre.answers) == {("deliver_sm_resp", CommandStatus.ESME_ROK)}
    assert [text.content for text in list_received_texts(of=service)][::-1] == [words for *_, words in STRANGE]
    assert centre.binds == 1


@pytest.fixture
def broken_table(as_login: AsLogin) -> Iterator[None]:
    """A database that takes one text for what no database can keep."""
    with as_login("superuser") as superuser:
        superuser.execute(
            """
            CREATE FUNCTION nobody_keeps_it() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '22021'; END $$;
            CREATE TRIGGER nobody_keeps_it BEFORE INSERT ON notify_receivedtext
                FOR EACH ROW WHEN (NEW.user_number = '447700900666') EXECUTE FUNCTION nobody_keeps_it();
            """
        )
    yield
    with as_login("superuser") as superuser:
        superuser.execute("DROP FUNCTION nobody_keeps_it() CASCADE")


def test_what_nobody_can_keep_is_not_brought_again_nor_taken_for_kept_and_the_line_goes_on(
    listening: tuple[NotifyServiceId, str], centre: MessageCentre, broken_table: None
) -> None:
    service, number = listening
    centre.bring_torn()
    centre.bring_text("447700900666", number, "Nobody keeps this")
    centre.bring_text("447700900001", number, "Is anybody there?")
    until(lambda: len(centre.answers) == 3)
    never, kept = CommandStatus.ESME_RX_P_APPN, CommandStatus.ESME_ROK
    assert [status for _, status in centre.answers] == [never, never, kept]
    assert [text.content for text in list_received_texts(of=service)] == ["Is anybody there?"]
    assert centre.binds == 1


class Taking(smppy.Application):  # type: ignore[misc]
    """A server made of the library alone."""

    def __init__(self) -> None:
        super().__init__(name="library")
        self.taken: list[str] = []

    async def handle_bound_client(self, client: Any) -> Any:
        return client

    async def handle_unbound_client(self, client: Any) -> None:
        pass

    async def handle_sms_received(self, client: Any, source_number: str, dest_number: str, text: str) -> None:
        self.taken.append(text)


def test_a_server_of_a_library_as_it_is_takes_our_texts() -> None:
    taking, loop = Taking(), asyncio.new_event_loop()
    server = taking.create_server(loop=loop, host="127.0.0.1", port=0)
    threading.Thread(target=loop.run_forever, daemon=True).start()
    port = server.sockets[0].getsockname()[1]
    account = {"host": "127.0.0.1", "port": str(port), "system_id": "g", "password": "p", "window": "1"}
    smpp = make(account)
    outcomes = smpp.hand_over([outgoing(n, **says(f"text {n} ŵ")) for n in range(3)], now=NOW)
    smpp.close()
    loop.call_soon_threadsafe(loop.stop)
    assert outcomes == [HandedOver()] * 3
    assert taking.taken == ["text 0 ŵ", "text 1 ŵ", "text 2 ŵ"]


def test_the_worker_listens_to_a_centre_while_there_is_nothing_to_send(
    centre: MessageCentre, council: Council, settle: Callable[[], None]
) -> None:
    service = NotifyServiceId(new_id())
    number = f"07{int(clock.now().timestamp() * 1e6) % 10**9:09}"
    give_number(service, number, actor=None, now=clock.now())
    settings = {"host": "127.0.0.1", "port": str(centre.port), "system_id": "guildhall", "password": "s3cret"}
    account = add_provider_account(
        WantedAccount(Channel.SMS, "smpp", "The centre", settings), actor=None, now=clock.now()
    )
    settle()
    centre.bring_text("447700900001", number, "Is anybody there?")
    until(lambda: centre.answers)
    assert [text.content for text in list_received_texts(of=service)] == ["Is anybody there?"]
    settle()
    assert centre.binds == 1
    switch_provider_account(account.id, is_active=False, actor=None, now=clock.now())
    settle()
    until(lambda: centre.goodbyes == 1)
