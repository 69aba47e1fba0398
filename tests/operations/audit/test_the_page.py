"""Officers find in the audit trail what somebody did, of one kind, for one service, on some days; and take it away."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.kernel.visitor import Language
from guildhall.organisations.operations import Subject, record_audit
from guildhall.organisations.queries import Council, Service
from guildhall.organisations.testing import OFFICER, make_officer, make_service

TODAY = clock.london_day(clock.now())
LONG_AGO = timedelta(days=40)


def owner(council: Council, client: Client, language: Language = "en") -> PersonId:
    person = make_person(name="Mair Evans", language=language).id
    make_officer(council, person_id=person)
    sign_in(client, person, has_second_factor=True)
    return person


@pytest.fixture
def service(council: Council) -> Service:
    return make_service(council)


@pytest.fixture
def me(council: Council, client: Client, service: Service) -> PersonId:
    me = owner(council, client)
    record("folder.added", "Mine", service, me)
    record("key.revoked", "Old", None, OFFICER, ago=LONG_AGO)
    return me


def record(action: str, name: str, service: Service | None, actor: PersonId, *, ago: timedelta = timedelta()) -> None:
    subject = Subject("folder", "1", name, service.id if service else None)
    with transaction():
        record_audit(action, subject, actor=actor, now=clock.now() - ago)


def found(client: Client, council: Council, **asked: object) -> list[str]:
    answer = client.get(f"/staff/{council.slug}/audit/trail.csv", asked)
    rows = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    return [row["Which"] for row in rows if row["Which"] in ("Mine", "Old")]


def test_the_trail_is_narrowed_by_who_what_service_and_days(
    council: Council, client: Client, me: PersonId, service: Service
) -> None:
    before: date = TODAY - timedelta(days=30)
    for asked, expected in (
        ({}, ["Old", "Mine"]),
        ({"who": me}, ["Mine"]),
        ({"who": OFFICER}, ["Old"]),
        ({"kind": "keys"}, ["Old"]),
        ({"kind": "templates"}, ["Mine"]),
        ({"service": service.id}, ["Mine"]),
        ({"since": before}, ["Mine"]),
        ({"until": before}, ["Old"]),
        ({"since": TODAY, "until": TODAY}, ["Mine"]),
        ({"who": me, "kind": "keys"}, []),
    ):
        assert found(client, council, **asked) == expected, asked


def test_a_day_that_is_none_is_refused(council: Council, client: Client, me: PersonId) -> None:
    page = client.get(f"/staff/{council.slug}/audit", {"since": "2026-02-30"}).content.decode()
    assert "First day: enter a day, like 2026-11-30" in page
    page = client.get(f"/staff/{council.slug}/audit", {"since": TODAY, "until": "2026-01-01"}).content.decode()
    assert "The last day must be the first day or later" in page


def test_no_spreadsheet_calculates_what_is_taken_away(council: Council, client: Client, me: PersonId) -> None:
    record("folder.added", '=HYPERLINK("https://evil.example","x")', None, me)
    answer = client.get(f"/staff/{council.slug}/audit/trail.csv")
    cells = [cell for row in csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))] == []


def test_the_trail_is_in_welsh_for_a_reader_of_welsh(council: Council, me: PersonId) -> None:
    reader = Client()
    owner(council, reader, "cy")
    page = reader.get(f"/staff/{council.slug}/audit").content.decode()
    for words in ("Ychwanegwyd ffolder", "Casglu gwastraff swmpus", "Diddymwyd allwedd", "Rhif 1"):
        assert words in page
    table = reader.get(f"/staff/{council.slug}/audit/trail.csv").getvalue().decode("utf-8-sig")
    assert table.startswith("Rhif,Pryd,Pwy,Beth")
    assert "Ychwanegwyd ffolder" in table


def test_programs_get_the_chain_and_no_other_councils(
    council: Council, other_council: Council, client: Client, me: PersonId
) -> None:
    with acting_for(other_council.id):
        record("folder.added", "Theirs", None, me)
    answer = client.get(f"/staff/{council.slug}/audit/trail.jsonl")
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert "Theirs" not in [line["object_name"] for line in lines]
    assert [line["previous_hash"] for line in lines[:-1]] == [line["hash"] for line in lines[1:]]
