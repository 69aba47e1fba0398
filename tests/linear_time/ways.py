"""How readers that ask for more than a text are given one."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.http.cookie import parse_cookie

from guildhall.contact.email_address import parse_email_address
from guildhall.contact.postal_address import PostalAddress
from guildhall.design.forms import (
    CheckboxesField,
    Choice,
    DateField,
    EmailField,
    Field,
    Form,
    Group,
    LongTextField,
    NumberField,
    Option,
    Part,
    PasswordField,
    RadiosField,
    TextField,
)
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.speaking import _language_of_browser
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.networks import client_network
from guildhall.kernel.secrets import seal, unseal
from guildhall.kernel.unlogged import unlogged, without_secrets
from guildhall.notify.domain.bounce import read_bounce
from guildhall.notify.domain.callbacks import read_address
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.document import read_file
from guildhall.notify.domain.email_message import write_email
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.paper.printing import Letter, LetterPart, _as_json
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words
from guildhall.notify.pages.previews import in_our_looks
from guildhall.notify.ports import Outgoing
from guildhall.notify.providers import firetext, govuk_notify, mmg
from guildhall.notify.providers.mail import write_mail
from guildhall.notify.providers.one_by_one import Answer
from guildhall.notify.providers.smpp.pdu import Delivered
from guildhall.notify.providers.smpp.receipts import read_receipt
from guildhall.notify.wire.notify_v2.auth import find_issuer
from guildhall.notify.wire.notify_v2.fields import Window
from guildhall.notify.wire.notify_v2.parse import read_email, read_json, read_text_message
from guildhall.pay.domain.card_form import Typed, accept
from guildhall.pay.queries import Account
from guildhall.pay.wire.pay_v1.parse import read_creation
from guildhall.services.forms.domain.parsing import parse
from guildhall.services.forms.domain.questions.asking import Chosen
from guildhall.services.forms.domain.xgov import import_xgov
from guildhall.services.forms.testing import EVERY_KIND, asked, both, document, options, page
from guildhall.spreadsheets.quoting import keeps_to_the_rules
from tests.linear_time.lists import read_list, read_opendocument, read_workbook
from tests.linear_time.made import NOW, mapping, split
from tests.linear_time.readers import heard

_WINDOW = Window(NOW, timedelta(days=1))
_TODAY = date(2026, 3, 2)
_ID = "f163deaf-2d3f-4ec6-98fc-f23fa511518f"
_QUESTIONS = {question.kind: question for each in parse(EVERY_KIND).pages for question in each.questions}
_PARTS = (
    "day",
    "month",
    "year",
    "full_name",
    "first_name",
    "address1",
    "address2",
    "town_or_city",
    "postcode",
    "other",
)
_ACCOUNT = Account(1, None, "test", "An account", "sandbox", False)  # type: ignore[arg-type]


def _check_every_question(text: str) -> None:
    for kind, question in _QUESTIONS.items():
        question.check(text, today=_TODAY)
        if kind in ("date", "name", "address"):
            question.check(dict.fromkeys(_PARTS, text), today=_TODAY)
        if kind in ("radios", "checkboxes"):
            question.check(Chosen(tuple(split(text)), text), today=_TODAY)


def _mail(head: str, body: str = "") -> bytes:
    return f"From: a@b.example\nMIME-Version: 1.0\n{head}\n\n{body}".encode()


def _report(part: str) -> bytes:
    return _mail(
        'Content-Type: multipart/report; boundary="b"',
        f"--b\nContent-Type: message/delivery-status\n\nA: b\n\nAction: failed\n{part}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{_ID}@a.example>\n{part}\n--b--\n",
    )


def _read_mails(text: str) -> None:
    """Read reports with a text wherever a stranger may put one."""
    boundary = text[:60].replace('"', "")
    for mail in (
        _mail(f'Date: {text}\nContent-Type: multipart/report; boundary="{boundary}"; {text}', f"--{boundary}\n{text}"),
        _report(f"Diagnostic-Code: {text}\nStatus: {text}\nMessage-ID: {text}"),
    ):
        read_bounce(mail, now=NOW)


def _outgoing(text: str) -> Outgoing:
    return Outgoing(
        message_id=MessageId(UUID(_ID)),
        organisation_id=OrganisationId(UUID(int=1)),
        notify_service_id=NotifyServiceId(UUID(int=2)),
        template_id=UUID(int=3),
        template_version=1,
        channel=Channel.EMAIL,
        recipient="a@b.example",
        sender_name=text[:255],
        sender="c@d.example",
        words=Words(text, text[:100]),
        language="en",
        given=Personalisation({"name": text}),
        prefix=None,
        unsubscribe_url=f"https://e.example/{text}",
        postage="",
        accepted_at=NOW,
        tries=1,
        may_be_repeated=False,
    )


def _read_request(text: str) -> None:
    body: dict[str, Any] = {
        "template_id": _ID,
        "personalisation": {**mapping(text), "file": {"file": text, "filename": text, "retention_period": text}},
    }
    email = {**body, "email_address": f"a@{text}", "reference": text, "one_click_unsubscribe_url": f"https://{text}"}
    for field, value in (email | {"scheduled_for": text, "sanitise_content_for": split(text), text: 1}).items():
        heard(read_email, {**email, field: value}, _WINDOW)
    heard(read_text_message, {**body, "phone_number": f"07{text}", "sms_sender_id": text}, _WINDOW)
    read_json(json.dumps(email).encode())


def _pay(text: str) -> None:
    wanted = {"amount": 100, "reference": "r", "description": "d", "return_url": "https://a.example"}
    for field in (
        "reference",
        "description",
        "return_url",
        "email",
        "language",
        "metadata",
        "prefilled_cardholder_details",
    ):
        value: object = {text: text, **mapping(text)} if field[0] in "mp" else text
        heard(read_creation, json.dumps({**wanted, field: value}).encode(), repeat_key=text, account=_ACCOUNT)


def _token(text: str) -> None:
    def part(said: str) -> str:
        return base64.urlsafe_b64encode(json.dumps({"alg": said, "iss": said}).encode()).rstrip(b"=").decode()

    for token in (text, f"{text}.{text}.{text}", f"{part(text)}.{part(text)}.AAAA"):
        find_issuer(f"Bearer {token}")


def _letter(text: str) -> None:
    words = Words("a", f"{text}\n\n((name))")
    part = LetterPart("en", words)
    heard(_as_json, Letter("A council", text, (text,), (part,), Personalisation({"name": text}), _TODAY))


def _definition(text: str) -> None:
    """Read a form in which a text stands wherever words may."""
    said = {"en": text, "cy": text}
    form = document(
        page(asked("a", "text", hint=said), guidance=said, heading=said),
        page(asked("b", "radios", options=options("x", "y", hint=said)), show_if={"q": "a", "op": "is", "value": text}),
        conditions={text: {"q": text, "op": text, "value": text}},
        fees=[{"amount_pence": 1, "description": both("Fee"), "if": text}],
    )
    heard(parse, form)


def _xgov(text: str) -> None:
    components = [
        {"type": "TextField", "name": "a", "title": text, "hint": text},
        {"type": "Details", "name": "c", "title": "c", "content": text},
    ]
    form = {
        "startPage": "/a",
        "name": "a",
        "pages": [
            {"path": "/a", "title": text, "components": components, "next": [{"path": "/b", "condition": "c"}]},
            {"path": "/b", "title": "b", "components": []},
        ],
        "lists": [],
        "conditions": [{"name": "c", "value": text}],
        "fees": [{"amount": 1, "description": "d", "condition": "c"}],
    }
    heard(lambda: import_xgov(form, form, workflow="bulky-waste"))


def _read_answer(text: str) -> None:
    """Read what a provider may say, and how it may say it."""
    said: dict[str, Any] = {"code": 1, "description": text, "Error": text, "id": text, "errors": [{"error": text}]}
    for body in (text.encode(), json.dumps(said).encode(), json.dumps({text: text}).encode()):
        for status in (200, 201, 400, 500):
            answer = Answer(status, body)
            _ = answer.words
            for read in (firetext._read, govuk_notify._read, mmg._read):
                read(answer)


def _box(kind: type[Field]) -> Field:
    more: dict[str, Any] = {"options": (Option("a", "A"), Option("b", "B"))} if issubclass(kind, Choice) else {}
    return kind("q", "Question", **more, **({"of": (Part("p", "Part"),)} if kind is Group else {}))


_BOXES = [
    _box(kind)
    for kind in (
        TextField,
        EmailField,
        NumberField,
        PasswordField,
        LongTextField,
        RadiosField,
        DateField,
        CheckboxesField,
        Group,
    )
]


def _read_boxes(text: str) -> None:
    """Read boxes of every kind, with a text in each of their inputs."""
    for box in _BOXES:
        submitted = QueryDict(mutable=True)
        for name in box.input_names():
            submitted.setlist(name, [text, *split(text)])
        form = Form(box).read(submitted)
        form.summary()
        form.is_too_long("q")


def _without_secrets(text: str) -> None:
    with unlogged([text[:20] or "x", text]):
        without_secrets(f"{text} {text}")


WAYS: Mapping[str, Callable[[str], object]] = {
    "guildhall.notify.domain.callbacks.read_address": lambda text: [
        heard(read_address, url, may_be_loopback=True) for url in (text, f"https://{text}", f"https://a.b/{text}")
    ],
    "guildhall.design.pages.leading.lead_to": lambda text: [
        lead_to(address, otherwise="/") for address in (text, f"/{text}", f"{settings.BASE_URL}/{text}")
    ],
    "guildhall.kernel.networks.client_network": lambda text: [
        client_network(peer, said, proxies=[ip_network("0.0.0.0/0"), ip_network("::/0")])
        for peer, said in ((text, text), ("10.0.0.1", text), ("10.0.0.1", "10.0.0.1," * len(text)), ("::1", "::1,"))
    ],
    "guildhall.kernel.secrets.unseal": lambda text: [
        unseal(token, "tests", kept_for=None) for token in (text, f"{seal(text, 'tests')}{text}", seal(text, "tests"))
    ],
    "guildhall.kernel.unlogged.without_secrets": _without_secrets,
    "guildhall.contact.email_address.parse_email_address": lambda text: [
        heard(parse_email_address, typed) for typed in (text, f"{text}@a.example", f"a@{text}", f"a@{text}.example")
    ],
    "guildhall.notify.domain.document.read_file": lambda text: read_file({"file": text, "filename": text}),
    "guildhall.spreadsheets.quoting.keeps_to_the_rules": lambda text: keeps_to_the_rules(text, ","),
    "guildhall.notify.providers.smpp.receipts.read_receipt": lambda text: read_receipt(
        Delivered("1", "2", 4, 0, text.encode(), {}), centre="c", now=NOW
    ),
    "guildhall.notify.wire.notify_v2.auth.find_issuer": _token,
    "a postal address": lambda text: PostalAddress(f"a\nb\n{text}", True).lines,
    "the languages of a browser": _language_of_browser,
    "cookies": parse_cookie,
}
"""Readers that are tried with everything: by the function's name, or by what is read where it is no single function."""

COMPOSED: Mapping[str, Callable[[str], object]] = {
    "guildhall.notify.domain.email_message.write_email": lambda text: write_email(
        text, f"{text}((name))", Personalisation({"name": text})
    ),
    "guildhall.notify.domain.bounce.read_bounce": _read_mails,
    "guildhall.notify.providers.mail.write_mail": lambda text: write_mail(
        _outgoing(text), domain="a.example", names_end="b.example", now=NOW
    ),
    "guildhall.notify.wire.notify_v2.parse.read_email": _read_request,
    "guildhall.pay.wire.pay_v1.parse.read_creation": _pay,
    "guildhall.pay.domain.card_form.accept": lambda text: accept(Typed(*[text] * 11), today=_TODAY),
    "guildhall.services.forms.domain.parsing.parse": _definition,
    "guildhall.services.forms.domain.xgov.importing.import_xgov": _xgov,
    "every question's check": _check_every_question,
    "what a provider answers": _read_answer,
    "every box of a form": _read_boxes,
    "a list, opened and checked": read_list,
    "a workbook": read_workbook,
    "an OpenDocument spreadsheet": read_opendocument,
    "a letter as it is set": _letter,
    "a preview in our looks": in_our_looks,
}
"""Readers of many texts at once, put together from readers that are tried by themselves: tried with a few texts."""
