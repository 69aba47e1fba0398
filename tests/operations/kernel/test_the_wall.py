"""The wall between councils, and the three verbs that carry a council into the database."""

import psycopg
import pytest
from django.db import connection

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import WrongMoment, acting_as_resident, acting_for
from guildhall.kernel.transactions import NotInATransaction, part_of_a_transaction, reading, transaction

pytestmark = pytest.mark.usefixtures("parcels")


def test_a_council_sees_its_own_rows_and_nobody_elses(a, b, put, seen):
    with acting_for(a), transaction():
        put("of a")
    with acting_for(b), transaction():
        put("of b")
    with acting_for(a), reading():
        assert seen() == {"of a"}


def test_without_a_council_there_are_no_rows(a, put, seen):
    with acting_for(a), transaction():
        put("of a")
    with reading():
        assert seen() == set()
    assert seen() == set()


def test_a_row_cannot_be_written_for_another_council(a, b):
    refused = pytest.raises(Exception, match="row-level security")
    with acting_for(a), refused, transaction(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO parcel (id, organisation_id) VALUES (%s, %s)", [new_id(), b])


def test_another_councils_row_can_be_neither_changed_nor_deleted(a, b, put):
    with acting_for(b), transaction():
        put("of b")
    with acting_for(a), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE parcel SET words = 'stolen'")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM parcel")
        assert cursor.rowcount == 0


def test_a_resident_reads_their_own_rows_in_every_council_and_writes_none(a, b, put, seen):
    resident = PersonId(new_id())
    for council, words in ((a, "mine in a"), (b, "mine in b")):
        with acting_for(council), transaction():
            put(words, resident_id=resident)
            put("somebody else's", resident_id=new_id())
    with acting_as_resident(resident), reading():
        assert seen() == {"mine in a", "mine in b"}
    with acting_as_resident(resident), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE parcel SET words = 'changed'")
        assert cursor.rowcount == 0


def test_the_setting_does_not_outlive_its_transaction(a, put, seen):
    with acting_for(a), transaction():
        put("of a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organisation', true)")
        assert cursor.fetchone() in [("",), (None,)]


def test_the_owner_is_behind_the_wall_too(a, put, as_login):
    with acting_for(a), transaction():
        put("of a")
    with as_login("owner") as owner:
        assert owner.execute("SELECT count(*) FROM parcel").fetchone() == (0,)


def test_the_writer_inserts_for_any_council_and_reads_nothing(a, b, as_login):
    with as_login("writer") as writer:
        for council in (a, b):
            writer.execute("INSERT INTO parcel (id, organisation_id) VALUES (%s, %s)", [new_id(), council])
        writer.commit()
        for forbidden in ("SELECT * FROM parcel", "UPDATE parcel SET words = ''", "DELETE FROM parcel"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                writer.execute(forbidden)
            writer.rollback()


def test_a_transaction_promises_its_commit_and_so_refuses_to_nest(a):
    with acting_for(a), transaction(), pytest.raises(RuntimeError, match="durable"), transaction():
        pass


def test_the_council_cannot_change_inside_a_transaction(a, b):
    with acting_for(a), transaction(), pytest.raises(WrongMoment), acting_for(b):
        pass


def test_a_step_of_a_transaction_is_refused_on_its_own(a):
    @part_of_a_transaction
    def step() -> str:
        return "done"

    with pytest.raises(NotInATransaction):
        step()
    with transaction():
        assert step() == "done"


def test_a_transaction_that_fails_leaves_nothing(a, put, seen):
    with acting_for(a), pytest.raises(ValueError, match="half way"), transaction():
        put("never")
        raise ValueError("half way")
    with acting_for(a), reading():
        assert seen() == set()


@pytest.mark.parametrize("change", ["UPDATE evidence SET id = 2", "DELETE FROM evidence", "TRUNCATE evidence"])
def test_evidence_cannot_be_changed_by_anybody(database, change):
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("INSERT INTO evidence VALUES (1)")
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            superuser.execute(change)
