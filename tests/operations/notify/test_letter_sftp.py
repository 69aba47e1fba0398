"""Letters to a printer's server over SFTP: a real client, a real server, keys that are checked on both sides."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.operations.notify.printers_server import PrintersServer, printers_server

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations as notify
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.personalisation import NOTHING_GIVEN
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations import NewMessage, NotifyServiceId
from guildhall.notify.operations.templates import Author
from guildhall.notify.ports import HandedOver, NotTaken, Outgoing
from guildhall.notify.providers.letter_sftp import LetterSftp, NotAnSftpAddress, make
from guildhall.notify.queries.remembered import forget_services, known_service
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADDRESS = {"address_line_1": "Mx One", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrintersServer]:
    folder = tmp_path / "inbox"
    folder.mkdir()
    with printers_server(folder) as running:
        yield running


@pytest.fixture
def letter(council: Council, sender: NotifyServiceId) -> Outgoing:
    forget_services()
    template = notify.add_template(
        notify_service_id=sender,
        channel=Channel.LETTER,
        name="x",
        pair=Pair(Words("s", "Dear all")),
        by=Author(None, "o@x.example"),
        now=clock.now(),
    )
    wanted = NewMessage(Channel.LETTER, "", "", None, template.id, ADDRESS, (), None, None, None)
    prepared = notify.prepare(wanted, sender=known_service(sender), kind=KeyKind.LIVE, key_id=None, now=NOW)
    with transaction():
        notify.write_prepared([prepared])
    return Outgoing(
        message_id=prepared.id,
        organisation_id=OrganisationId(council.id),
        notify_service_id=sender,
        template_id=template.id,
        template_version=1,
        channel=Channel.LETTER,
        recipient="",
        sender_name="",
        sender="",
        words=template.pair.english,
        language="en",
        given=NOTHING_GIVEN,
        prefix=None,
        unsubscribe_url=None,
        postage="second",
        accepted_at=NOW,
        tries=1,
        may_be_repeated=False,
    )


def printer(server: PrintersServer, **changes: str) -> LetterSftp:
    settings = {"host": "127.0.0.1", "port": str(server.port), "user": "council"}
    settings |= {"host_key": server.host_key, "private_key": server.private_key}
    return make(settings | changes)


def hand_over(provider: LetterSftp, letter: Outgoing) -> object:
    with acting_for(None):
        [outcome] = provider.hand_over([letter], now=NOW)
    return outcome


def test_letters_arrive_whole_with_their_list_and_arrive_again_under_the_same_names(
    server: PrintersServer, letter: Outgoing
) -> None:
    place = f"2026-11-20/second-{letter.message_id}.pdf"
    for _ in range(2):
        assert hand_over(printer(server), letter) == HandedOver(place)
    names = sorted(each.name for each in (server.folder / "2026-11-20").iterdir())
    assert [name for name in names if name.endswith(".part")] == []
    assert len(names) == 2
    assert (server.folder / place).read_bytes().startswith(b"%PDF-")
    [manifest] = (server.folder / "2026-11-20").glob("letters-*.json")
    assert json.loads(manifest.read_text())["letters"][0]["file"] == place


def test_a_server_with_another_key_gets_no_letter(server: PrintersServer, letter: Outgoing, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with printers_server(tmp_path / "other") as other:
        outcome = hand_over(printer(server, host_key=other.host_key), letter)
    assert isinstance(outcome, NotTaken)
    assert "Host key verification failed" in outcome.problem
    assert list(server.folder.iterdir()) == []


def test_a_key_that_the_server_does_not_know_is_not_let_in(
    server: PrintersServer, letter: Outgoing, tmp_path: Path
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other").mkdir()
    with printers_server(tmp_path / "more" / "other") as other:
        outcome = hand_over(printer(server, private_key=other.private_key), letter)
    assert isinstance(outcome, NotTaken)
    assert "Permission denied" in outcome.problem


def test_a_server_that_is_away_has_not_taken_the_letter(server: PrintersServer, letter: Outgoing) -> None:
    assert isinstance(hand_over(printer(server, port="1"), letter), NotTaken)


@pytest.mark.parametrize(
    "changes", [{"host": "-oProxyCommand=x"}, {"folder": 'x"\nrm *'}, {"user": "-x"}, {"host": ""}]
)
def test_settings_are_never_read_as_orders(server: PrintersServer, changes: dict[str, str]) -> None:
    with pytest.raises(NotAnSftpAddress):
        printer(server, **changes)
