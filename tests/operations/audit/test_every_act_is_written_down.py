"""Whatever somebody does is in the audit trail: who, what in both languages, and to which thing by its name.

Operations are found by what they are told: one that a later change adds, and nothing here drives, fails.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from guildhall.identity.testing import make_person
from guildhall.kernel.ids import PersonId
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.testing import make_sender
from guildhall.organisations.domain.audit_trail import AuditLine, Sought
from guildhall.organisations.pages.wording import details_in_words, name_of_action, name_of_actor
from guildhall.organisations.queries import list_audit
from guildhall.organisations.testing import make_council

from . import acts_of_councils, acts_of_messages, acts_of_services, acts_of_settings
from .driving import DRIVERS, House, Operation, acts_of, modules_of_operations, name_of

ACTS = (acts_of_councils, acts_of_messages, acts_of_services, acts_of_settings)
"""Modules that drive: to import them is to have their drivers in ``DRIVERS``."""
NOT_DRIVEN = {
    "organisations.operations.audit.record_audit": "writes the trail itself",
    "notify.operations.lists.recording.record_list": "writes the trail itself",
    "notify.operations.provider_accounts.audit_account": "writes the trail itself",
    "organisations.operations.services.create_service_within": "a step of create_service",
    "organisations.operations.services.put_service_online": "a step of publish",
    "organisations.operations.services.take_service_off": "a step of archive",
    "organisations.operations.invitations.invite_within": "a step of invite",
    "organisations.operations.invitations.withdraw_all": "a step of taking a council off",
    "organisations.operations.teams.join": "a step of accepting an invitation",
    "organisations.operations.teams.ensure_member": "for the sandbox and for tests: the officer does nothing",
    "services.forms.operations.versions.add_version_within": "a step of add_version",
    "services.forms.operations.versions.publish_within": "a step of publish",
    "services.forms.operations.submitting.submit": "a resident's: the case keeps it",
}
HAS_NO_NAME = {
    "council": "the trail is the council's",
    "form_version": "its service and number are said",
    "contact_block": "its lines may be somebody's address: once it is removed, they are nowhere",
}
NOTHING_ELSE_IS_WRITTEN = {
    "organisations.operations.operators.look_as_operator": "it only looks",
    "notify.operations.provider_trial.try_provider_account": "it sends a message that is nobody's",
}
TELLS_THE_DATABASE = "app.organisation"
RECORDS = 'INSERT INTO "organisations_auditevent"'
WRITES = re.compile(r"^(\d+ times:)?\s*(INSERT|UPDATE|DELETE|WITH)\b")
AN_ID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")


@pytest.fixture(scope="module")
def house(database: dict[str, str]) -> Iterator[House]:
    def arrange(statement: str, *values: object) -> None:
        with psycopg.connect(database["superuser"]) as superuser:
            superuser.execute(statement, values)

    council = make_council()
    yield House(council, make_sender(council), make_person(name="Mair Evans").id, arrange)


@dataclass(frozen=True)
class Done:
    """What of an act stands in the trail, and what was written in each transaction that wrote that."""

    lines: list[AuditLine]
    works: list[list[str]]


Do = Callable[[Operation], Done]


@pytest.fixture
def do(house: House) -> Do:
    def once(operation: Operation) -> Done:
        with acting_for(house.council.id), CaptureQueriesContext(connection) as ran:
            before = list_audit().total
            DRIVERS[operation](house)
            lines = [line for line in list_audit(Sought(actor=str(house.me))).rows if line.seq > before]
        works = works_of([query["sql"] for query in ran.captured_queries])
        return Done(lines, [work for work in works if any(RECORDS in each and str(house.me) in each for each in work)])

    return once


def acts() -> list[Operation]:
    return [operation for module in modules_of_operations() for operation in acts_of(module)]


def test_every_operation_that_is_told_who_acts_is_driven() -> None:
    found = {name_of(operation) for operation in acts()}
    driven = {name_of(operation) for operation in DRIVERS}
    assert (found - driven - NOT_DRIVEN.keys(), (driven | NOT_DRIVEN.keys()) - found) == (set(), set())


def works_of(statements: list[str]) -> Iterator[list[str]]:
    """Yield what was written in each transaction: every one begins by telling the database whose rows it sees."""
    work: list[str] = []
    for statement in [*statements, TELLS_THE_DATABASE]:
        if TELLS_THE_DATABASE in statement:
            yield work
            work = []
        elif WRITES.search(statement):
            work.append(statement)


def said_of(line: AuditLine, language: str) -> list[str]:
    """Return what an officer reads of a line: who, what, to which thing, of which service, and details."""
    with translation.override(language):
        who, what = name_of_actor(line.actor), name_of_action(line.action)
        return [who, what, line.thing, line.service_name.in_(language), *details_in_words(line)]


@pytest.mark.parametrize("operation", DRIVERS, ids=name_of)
def test_an_act_is_in_the_trail_in_words_by_the_transaction_that_does_it(operation: Operation, do: Do) -> None:
    done = do(operation)
    assert done.lines, f"{name_of(operation)} leaves no entry"
    assert name_of(operation) in NOTHING_ELSE_IS_WRITTEN or [work for work in done.works if len(work) == 1] == []
    for line in done.lines:
        assert line.told_in("en").keys() <= settings.AUDIT_DETAILS.keys()
        assert line.thing or line.object_type in HAS_NO_NAME, f"{line.action}: to what?"
        assert _kind_of(line.action), f"nobody who chooses a kind finds {line.action}"
        for language in ("en", "cy"):
            who, what, *rest = said_of(line, language)
            assert who.startswith("Mair Evans")
            assert what != line.action, f"{line.action} has no words"
            assert [each for each in rest if AN_ID.search(each)] == []


def test_an_operation_that_writes_nothing_down_is_found(monkeypatch: pytest.MonkeyPatch, do: Do) -> None:
    def rename(house: House, *, actor: PersonId) -> None:
        """Do something, and tell nobody."""

    planted = ModuleType("guildhall.planted.operations")
    rename.__module__ = planted.__name__
    vars(planted)["rename"] = rename
    assert list(acts_of(planted)) == [rename]
    monkeypatch.setitem(DRIVERS, rename, lambda house: rename(house, actor=house.me))
    assert do(rename) == Done([], [])


def _kind_of(action: str) -> list[str]:
    return [code for code, _words, first in settings.AUDIT_KINDS if action.partition(".")[0] in first]
