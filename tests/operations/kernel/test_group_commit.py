"""Group commit: every row is durable before its caller is answered, and a bad row fails alone."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from psycopg import pq

from guildhall.kernel.group_commit import GroupCommit, QueueFull, RowRefused, WriterDown
from guildhall.kernel.ids import new_id

INSERT = (
    b"INSERT INTO parcel (id, organisation_id, words) SELECT id, organisation_id, words "
    b"FROM json_to_recordset($1::json) AS row(id uuid, organisation_id uuid, words text) ON CONFLICT DO NOTHING"
)


@pytest.fixture
def writer(parcels, database) -> GroupCommit:
    return GroupCommit("parcels", lambda: pq.PGconn.connect(database["writer"].encode()), INSERT)


def row(organisation_id: UUID, words: str = "", identity: object = None) -> bytes:
    return json.dumps(
        {"id": str(identity or new_id()), "organisation_id": str(organisation_id), "words": words}
    ).encode()


def words_of(database: dict[str, str], organisation_id: UUID) -> list[str]:
    with psycopg.connect(database["superuser"]) as superuser:
        found = superuser.execute("SELECT words FROM parcel WHERE organisation_id = %s", [organisation_id])
        return sorted(words for (words,) in found)


def test_two_hundred_callers_at_once_are_all_written(writer, database, a):
    with ThreadPoolExecutor(50) as callers:
        list(callers.map(lambda n: writer.submit(row(a, f"{n:03}")), range(200)))
    assert words_of(database, a) == [f"{n:03}" for n in range(200)]


def test_a_bad_row_fails_alone(writer, database, a):
    def submit(n: int) -> str:
        try:
            writer.submit(row(a, str(n), identity="not an id" if n == 7 else None))
        except RowRefused:
            return "refused"
        return "written"

    with ThreadPoolExecutor(20) as callers:
        answers = list(callers.map(submit, range(20)))
    assert answers == ["refused" if n == 7 else "written" for n in range(20)]
    assert len(words_of(database, a)) == 19


def test_a_lost_connection_repeats_the_batch_and_writes_it_once(writer, database, a):
    writer.submit(row(a, "before"))
    with psycopg.connect(database["superuser"], autocommit=True) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'guildhall_writer' "
            "AND datname = current_database()"
        )
    writer.submit(row(a, "after"))
    assert words_of(database, a) == ["after", "before"]


def test_a_database_that_stays_away_is_reported(a):
    away = GroupCommit("away", lambda: pq.PGconn.connect(b"host=/nowhere"), INSERT, patience=0.2)
    with pytest.raises(WriterDown):
        away.submit(row(a))


def test_a_full_queue_refuses(database, a):
    full = GroupCommit("full", lambda: pq.PGconn.connect(database["writer"].encode()), INSERT, room=0)
    with pytest.raises(QueueFull):
        full.submit(row(a))
