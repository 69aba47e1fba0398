import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from tests.threads import join

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import NotInATransaction, transaction
from guildhall.organisations import models, queries
from guildhall.organisations.operations import Subject, record_audit
from guildhall.organisations.queries import Council

NOW = clock.now()


def record(action: str = "test.done", **details: str) -> None:
    record_audit(action, Subject("test", "1"), actor=None, details=details, now=NOW)


def record_one(action: str = "test.done", **details: str) -> None:
    with transaction():
        record(action, **details)


def tamper(as_login: Callable, statement: str, *values: object) -> None:
    """Do what only somebody with the owner's password and bad intent could do."""
    with as_login("owner") as owner:
        for table in ("organisations_auditevent", "organisations_auditlink"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY")
        owner.execute(statement, values)
        for table in ("organisations_auditevent", "organisations_auditlink"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY")


def event_number(council: Council, seq: int) -> object:
    with transaction():
        return models.AuditLink.objects.get(seq=seq).event_id


def test_events_are_numbered_and_chained_as_they_commit(council: Council) -> None:
    for name in ("one", "two", "three"):
        record_one("test.done", name=name)
    lines = queries.list_audit().rows
    assert [(line.seq, line.details["name"]) for line in lines] == [(3, "three"), (2, "two"), (1, "one")]
    assert queries.verify_audit() is None


def test_awkward_characters_do_not_break_the_chain(council: Council) -> None:
    record_one("test.done", words='Ynys Môn – "ŵy" \\ \t </script> 🏛️')
    assert queries.verify_audit() is None


def test_an_event_whose_transaction_fails_leaves_no_gap(council: Council) -> None:
    record_one()
    with pytest.raises(ZeroDivisionError), transaction():
        record()
        raise ZeroDivisionError
    record_one()
    assert [line.seq for line in queries.list_audit().rows] == [2, 1]
    assert queries.verify_audit() is None


def test_eight_parallel_writers_make_one_unbroken_chain(council: Council) -> None:
    barrier = threading.Barrier(8)

    def write() -> None:
        barrier.wait(10)
        with acting_for(council.id):
            for _ in range(20):
                record_one()
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        join(writer)
    assert queries.list_audit().total == 160
    assert queries.verify_audit() is None


def test_recording_early_in_a_transaction_holds_nobody_up(council: Council) -> None:
    """The chain's lock is the last one taken: two transactions may record first and meet on other rows after."""
    done = threading.Event()

    def another() -> None:
        with acting_for(council.id):
            record_one("test.second")
        connection.close()
        done.set()

    with transaction():
        record("test.first")
        thread = threading.Thread(target=another)
        thread.start()
        assert done.wait(10), "the second transaction waited for the first"
    join(thread)
    assert [line.action for line in queries.list_audit().rows] == ["test.first", "test.second"]


def test_the_trail_is_written_only_in_the_transaction_of_the_act(council: Council) -> None:
    with pytest.raises(NotInATransaction):
        record()


def test_each_council_has_a_chain_of_its_own(council: Council, other_council: Council, as_owner: Callable) -> None:
    record_one("test.ours")
    with acting_for(other_council.id):
        record_one("test.theirs")
        assert [(line.seq, line.action) for line in queries.list_audit().rows] == [(1, "test.theirs")]
    assert [(line.seq, line.action) for line in queries.list_audit().rows] == [(1, "test.ours")]
    assert {council.id, other_council.id} <= set(as_owner(queries.list_audited_councils))


def test_no_login_may_change_or_remove_an_event(council: Council, as_login: Callable) -> None:
    record_one()
    for login in ("web", "dispatcher", "writer"):
        for verb in ("DELETE FROM organisations_auditevent", "UPDATE organisations_auditevent SET action = 'x'"):
            with as_login(login) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(verb)


def test_the_trigger_forbids_even_the_owner(council: Council, as_login: Callable) -> None:
    record_one()
    for verb in (
        "DELETE FROM organisations_auditevent",
        "UPDATE organisations_auditlink SET hash = ''",
        "TRUNCATE organisations_auditevent CASCADE",
    ):
        with as_login("owner") as owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
            owner.execute(verb)


def test_web_cannot_write_the_chain_itself(council: Council, as_login: Callable) -> None:
    for verb in (
        "INSERT INTO organisations_auditlink (id) VALUES (gen_random_uuid())",
        "UPDATE organisations_audithead SET seq = 0",
    ):
        with as_login("web") as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(verb)


def test_a_changed_event_is_found_and_named(council: Council, as_login: Callable) -> None:
    for _ in range(3):
        record_one()
    statement = "UPDATE organisations_auditevent SET actor = 'nobody' WHERE id = %s"
    tamper(as_login, statement, event_number(council, 2))
    fault = queries.verify_audit()
    assert fault is not None and (fault.seq, fault.reason) == (2, "the event was changed")


def test_a_removed_event_is_found_and_named(council: Council, as_login: Callable) -> None:
    for _ in range(3):
        record_one()
    tamper(as_login, "DELETE FROM organisations_auditlink WHERE organisation_id = %s AND seq = 2", council.id)
    fault = queries.verify_audit()
    assert fault is not None and (fault.seq, fault.reason) == (2, "the event is missing")


def test_a_trail_cut_short_is_found(council: Council, as_login: Callable) -> None:
    for _ in range(3):
        record_one()
    tamper(as_login, "DELETE FROM organisations_auditlink WHERE organisation_id = %s AND seq = 3", council.id)
    fault = queries.verify_audit()
    assert fault is not None and fault.seq == 3


def test_an_event_slipped_in_beside_the_chain_is_found(council: Council, as_login: Callable) -> None:
    record_one()
    statement = (
        "INSERT INTO organisations_auditevent (id, organisation_id, at, actor, action, object_type, object_id, details,"
        " canonical) VALUES (gen_random_uuid(), %s, now(), '', 'forged', '', '', '{}', '{}')"
    )
    tamper(as_login, statement, council.id)
    fault = queries.verify_audit()
    assert fault is not None and fault.seq == 2
