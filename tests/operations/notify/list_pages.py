"""What tests of the officers' pages of lists share: somebody who may send, a file, and a page's words."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.testing import Sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

WRONG = "email address,name,thing\njo@example.com,Jo,sofa\nnobody,=1+1,bed\nal@example.com,,chair\n"
RIGHT = WRONG.replace("nobody", "no@example.com").replace("al@example.com,,", "al@example.com,Al,")


def make_list_officer(council: Council, *roles: Role) -> Client:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, *roles or (Role.CASEWORKER,), person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


def lists_of(sender: Sender) -> str:
    return f"/staff/{sender.council.slug}/messages/bulky-waste/lists"


def upload(officer: Client, sender: Sender, content: str | bytes, *, template: TemplateId | None = None) -> str:
    """Upload a file and return where its list is."""
    octets = content.encode() if isinstance(content, str) else content
    sent = {"file": SimpleUploadedFile("people.csv", octets), "language": "both"}
    answer = officer.post(f"{lists_of(sender)}/upload/{template or sender.email}", sent)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def send_now(officer: Client, here: str) -> None:
    """Have a list sent at once."""
    assert officer.post(f"{here}/start", {"when": "now", "send": "yes"}).status_code == 302


def body(answer: Any) -> str:
    """Return a page's or a file's text."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8-sig")
