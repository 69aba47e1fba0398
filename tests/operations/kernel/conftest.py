"""A small walled table and event of the kernel's own, so that its promises are tested without any other module."""

from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.walls import AppendOnly, CouncilWall

WALL = CouncilWall("parcel", web="SELECT, INSERT, UPDATE, DELETE", writer="INSERT", resident_column="resident_id")
TABLE = """CREATE TABLE parcel (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL DEFAULT nullif(current_setting('app.organisation', true), '')::uuid,
    resident_id uuid,
    words text
)"""


@pytest.fixture(scope="module")
def parcels(database: dict[str, str]) -> Iterator[None]:
    """The table ``parcel``, walled in exactly as a migration would, while one file's tests run."""
    with psycopg.connect(database["owner"], autocommit=True) as owner:
        for statement in [TABLE, *WALL.sql, "CREATE TABLE evidence (id int)", *AppendOnly("evidence").sql]:
            owner.execute(statement)
        yield
        owner.execute("DROP TABLE parcel, evidence")


@pytest.fixture
def a() -> OrganisationId:
    return OrganisationId(new_id())


@pytest.fixture
def b() -> OrganisationId:
    return OrganisationId(new_id())


def put_parcel(words: str, *, resident_id: UUID | None = None) -> UUID:
    identity = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO parcel (id, resident_id, words) VALUES (%s, %s, %s)", [identity, resident_id, words]
        )
    return identity


def seen_parcels() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM parcel")
        return {words for (words,) in cursor.fetchall()}


@pytest.fixture
def put() -> Iterator[Callable[..., UUID]]:
    yield put_parcel


@pytest.fixture
def seen() -> Iterator[Callable[[], set[str]]]:
    yield seen_parcels
