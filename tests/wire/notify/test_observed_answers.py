"""Every request that was observed on the reference implementation gets the answer that was observed there.

The cases are tests/contracts/notify/api_responses.json. Ids, moments and hosts are of their installation; they
are compared by what they stand for.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from tests.contracts import cases

from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models, operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId, SenderAddressId, TemplateId
from guildhall.notify.domain.template import NO_WORDS, Choices, Pair, Postage, Words
from guildhall.notify.operations.templates import Author
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import sign
from guildhall.organisations import operations as organisations
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.operations import WantedKey
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service

SERVICE = "4492497f-8f76-4e2d-8917-6fc1db01796b"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SHORTENED = re.compile(r"((.)\2*)\.\.\.<(\d+) chars>")
OBSERVED: list[dict[str, Any]] = cases("notify/api_responses.json")
OURS = {"post fax": 404}
"""What the reference does by mistake: an unknown channel is an unknown address."""


@dataclass(frozen=True)
class Reference:
    """A service like the one that was observed, and what its ids are here."""

    service: NotifyServiceId
    secret: str
    ids: dict[str, str]

    def ours(self, text: str) -> str:
        for theirs, mine in self.ids.items():
            text = text.replace(theirs, mine)
        return text

    def like(self, told: str) -> str:
        """Return an answer with every id, moment and host as what it stands for."""
        for theirs, mine in self.ids.items():
            told = told.replace(mine, theirs)
        told = told.replace(f"@{settings.EMAIL_DOMAIN}", "@their.domain").replace("@notify.tools", "@their.domain")
        told = told.replace(settings.BASE_URL, "their://host").replace("https://notify.example.test", "their://host")
        told = ID.sub(lambda found: found[0] if found[0] in self.ids else "an id", told)
        return MOMENT.sub("a moment", told)


@pytest.fixture
def reference(council: Council) -> Reference:
    service = make_service(council, slug="functional-tests")
    with acting_for(council.id):
        with transaction():
            sender = operations.ensure_notify_service(service.id, "Functional Tests")
            operations.ensure_sender(
                SenderAddressId(new_id()), notify_service_id=sender, channel=Channel.SMS, address="07700900500"
            )
            models.NotifyService.objects.filter(id=sender).update(
                prefixes_texts=False, may_text_abroad=True, may_send_letters=True
            )
        forget_services()
        ids = {each["id"]: str(_write(sender, each)) for each in _templates()}
        wanted = WantedKey(service.id, Platform.NOTIFY, KeyKind.LIVE, "live key")
        secret = organisations.create_key(wanted, actor=None, now=clock.now()).secret
    return Reference(sender, secret, ids | {SERVICE: str(sender)})


def _templates() -> list[dict[str, Any]]:
    """Return the templates of the service that was observed."""
    listed: list[dict[str, Any]] = next(each for each in OBSERVED if each["case"] == "iat -29 ok")["response"][
        "templates"
    ]
    return listed


def _write(sender: NotifyServiceId, template: dict[str, Any]) -> TemplateId:
    """Add a template, and save it as often as theirs was."""
    name, pair = template["name"], Pair(Words(template["subject"] or "", template["body"]), NO_WORDS)
    choices = Choices(
        postage=Postage(template["postage"]) if template["postage"] else None,
        contact_block_id=_block(sender, template["letter_contact_block"]),
    )
    added = operations.add_template(
        notify_service_id=sender,
        channel=Channel(template["type"]),
        name=name,
        pair=pair,
        by=Author(None, template["created_by"]),
        now=clock.now(),
        choices=choices,
    )
    for version in range(1, template["version"]):
        operations.save_template(
            added.id, opened=version, name=name, pair=pair, by=Author(None, template["created_by"]), now=clock.now()
        )
    return added.id


def _block(sender: NotifyServiceId, lines: str | None) -> UUID | None:
    if lines is None:
        return None
    with transaction():
        return models.ContactBlock.objects.create(notify_service_id=sender, lines=lines).id


Bearer = Callable[[Reference, float], str]


def _signed(**claims: object) -> Bearer:
    """Return a token with these claims beside the usual ones; None leaves one out, a number of ``iat`` is added."""

    def bearer(reference: Reference, at: float) -> str:
        usual = {"iss": str(reference.service), "iat": int(at)}
        changed = {name: int(at) + value if isinstance(value, int) else value for name, value in claims.items()}
        said = {name: value for name, value in (usual | changed).items() if value is not None}
        return sign(said, reference.secret)

    return bearer


BEARERS: dict[str, Bearer] = {
    "no auth": lambda reference, at: "",
    "old iat": _signed(iat=-60),
    "future iat": _signed(iat=60),
    "iat -29 ok": _signed(iat=-29),
    "iat -32": _signed(iat=-32),
    "HS512": lambda reference, at: sign(
        {"iss": str(reference.service), "iat": int(at)}, reference.secret, algorithm="HS512"
    ),
    "no iss": _signed(iss=None),
    "iss not uuid": _signed(iss="not-a-uuid"),
    "unknown service": _signed(iss=str(uuid4())),
    "wrong secret": lambda reference, at: sign({"iss": str(reference.service), "iat": int(at)}, str(uuid4())),
    "exp expired": _signed(exp=-60),
}


@pytest.mark.parametrize("case", OBSERVED, ids=lambda case: case["case"])
def test_an_observed_request_gets_the_observed_answer(
    case: dict[str, Any], reference: Reference, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)  # a second more or less decides some of the answers
    told = _ask(case, reference, client, at.timestamp())
    if case["case"] in OURS:
        assert told.status_code == OURS[case["case"]]
        return
    assert told.status_code == case["status"], told.content
    assert json.loads(reference.like(told.content.decode())) == json.loads(
        reference.like(json.dumps(case["response"], ensure_ascii=False))
    )


def _ask(case: dict[str, Any], reference: Reference, client: Client, at: float) -> Any:
    request = case["request"]
    bearer = BEARERS.get(case["case"], _signed())(reference, at)
    headers = {"Authorization": bearer} if bearer else {}
    path = reference.ours(request["path"])
    if request["method"] == "GET":
        return client.get(path, headers=headers)
    body = request["body"] if isinstance(request["body"], str) else json.dumps(request["body"])
    whole = SHORTENED.sub(lambda found: found[2] * int(found[3]), reference.ours(body))
    return client.post(path, whole, content_type="application/json", headers=headers)
