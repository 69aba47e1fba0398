"""Templates taken over from GOV.UK Notify keep their ids, so that a council's programs need not change."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import ports, queries
from guildhall.notify.domain.api_key import NotAnApiKey
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations import archive_template, save_template
from guildhall.notify.operations.taking_over import TakenOver, take_over_templates
from guildhall.notify.ports import SourceRefused, SourceUnreachable
from guildhall.notify.providers.govuk_templates import GovukTemplates
from guildhall.notify.testing import AUTHOR, make_sender
from guildhall.organisations.queries import Council

SERVICE, SECRET = str(uuid4()), str(uuid4())
KEY = f"moving - house-{SERVICE}-{SECRET}"
OFFICER = PersonId(uuid4())


class FarSide:
    """Notify's API as far as its templates go: it checks the token as the contract says, and lists what it is given."""

    def __init__(self) -> None:
        self.templates: list[dict[str, object]] = []
        self.answer: bytes | None = None

    def add(self, **words: object) -> TemplateId:
        template = {
            "id": str(uuid4()),
            "type": "email",
            "name": "A name",
            "subject": "A subject",
            "body": "Hello ((name))",
        }
        self.templates.append(template | words)
        return TemplateId(UUID(str(self.templates[-1]["id"])))

    def reply(self, path: str, bearer: str) -> tuple[int, bytes]:
        if self.answer is not None:
            return 200, self.answer
        token = jwt.decode(bearer.removeprefix("Bearer "), OctKey.import_key(SECRET), algorithms=["HS256"])
        is_good = token.claims["iss"] == SERVICE and abs(token.claims["iat"] - clock.now().timestamp()) < 30
        return (200, json.dumps({"templates": self.templates}).encode()) if is_good else (403, b"{}")


@pytest.fixture
def far_side() -> Iterator[FarSide]:
    side = FarSide()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                status, body = side.reply(self.path, self.headers["Authorization"])
            except Exception:
                status, body = 403, b"{}"
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        before = ports.template_source()
        ports.connect_template_source(GovukTemplates(f"http://127.0.0.1:{server.server_address[1]}"))
        yield side
        ports.connect_template_source(before)
        server.shutdown()


@pytest.fixture
def take_over(sender: NotifyServiceId) -> Callable[..., TakenOver]:
    def take(key: str = KEY) -> TakenOver:
        return take_over_templates(sender, key, saved_by="officer@testford.example", actor=OFFICER, now=clock.now())

    return take


def test_a_template_is_copied_with_its_id(
    far_side: FarSide, take_over: Callable[..., TakenOver], sender: NotifyServiceId
) -> None:
    email = far_side.add(name="Reminder", subject="Your ((thing))", body="# Hello")
    text = far_side.add(type="sms", subject=None, name="Text", body="Hello")
    assert take_over().added == ["Reminder", "Text"]
    copied = queries.get_template(email, of=sender)
    assert (copied.name, copied.pair, copied.version) == ("Reminder", Pair(Words("Your ((thing))", "# Hello")), 1)
    assert queries.get_template(text, of=sender).pair.english == Words("", "Hello")


def test_words_are_composed_as_if_they_had_been_written_here(
    far_side: FarSide, take_over: Callable[..., TakenOver], sender: NotifyServiceId
) -> None:
    email = far_side.add(name="Lly\u0302n\x00", subject="w\u0302yl ((enw\u0302))", body="Di\u0302olch\x00")
    assert take_over().added == ["Llŷn"]
    copied = queries.get_template(email, of=sender)
    assert (copied.name, copied.pair.english) == ("Llŷn", Words("ŵyl ((enŵ))", "Dîolch"))
    assert take_over().unchanged == ["Llŷn"]


def test_taking_over_again_changes_nothing_unless_the_words_have_changed_there(
    far_side: FarSide, take_over: Callable[..., TakenOver], sender: NotifyServiceId
) -> None:
    template = far_side.add(body="One")
    take_over()
    assert take_over().unchanged == ["A name"]
    far_side.templates[0]["body"] = "Two"
    assert take_over().renewed == ["A name"]
    assert [each.pair.english.body for each in queries.list_versions(template, of=sender)] == ["Two", "One"]


def test_welsh_that_was_written_here_stays(
    far_side: FarSide, take_over: Callable[..., TakenOver], sender: NotifyServiceId
) -> None:
    template = far_side.add(body="One")
    take_over()
    pair = Pair(Words("A subject", "One"), Words("Pwnc", "Un"))
    save_template(template, opened=1, name="A name", pair=pair, by=AUTHOR, now=clock.now())
    far_side.templates[0]["body"] = "Two"
    take_over()
    assert queries.get_template(template).pair == Pair(Words("A subject", "Two"), Words("Pwnc", "Un"))


def test_a_template_that_was_put_away_here_comes_back(
    far_side: FarSide, take_over: Callable[..., TakenOver], sender: NotifyServiceId
) -> None:
    template = far_side.add()
    take_over()
    archive_template(template, actor=OFFICER, now=clock.now())
    assert take_over().renewed == ["A name"]
    assert not queries.get_template(template).is_archived


def test_another_councils_template_is_not_touched(
    far_side: FarSide, take_over: Callable[..., TakenOver], other_council: Council
) -> None:
    theirs = make_sender(other_council)
    far_side.add(id=str(theirs.email), name="Theirs", body="Changed")
    assert take_over().refused == ["Theirs"]
    with acting_for(other_council.id):
        assert queries.get_template(theirs.email).version == 1


def test_a_key_that_is_not_accepted_copies_nothing(far_side: FarSide, take_over: Callable[..., TakenOver]) -> None:
    far_side.add()
    with pytest.raises(SourceRefused):
        take_over(f"name-{SERVICE}-{uuid4()}")
    with pytest.raises(NotAnApiKey):
        take_over("name-of-the-key")


@pytest.mark.parametrize("answer", [b"", b"<html>", b'{"templates": [{"id": 7}]}', b"\xff", b'{"a":' + b"[" * 100_000])
def test_an_answer_that_cannot_be_read_copies_nothing(
    far_side: FarSide, take_over: Callable[..., TakenOver], answer: bytes
) -> None:
    far_side.answer = answer
    with pytest.raises(SourceUnreachable):
        take_over()


def test_kinds_of_template_that_are_not_known_here_are_left_there(
    far_side: FarSide, take_over: Callable[..., TakenOver]
) -> None:
    far_side.add(type="broadcast")
    assert take_over() == TakenOver()
