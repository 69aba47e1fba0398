"""What a claim reads and writes depends on what it takes, not on how much waits: no large list slows the others."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from guildhall.kernel.ids import new_id
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations.calling import _claim as claim_callbacks
from guildhall.notify.operations.claims import claim as claim_messages
from guildhall.notify.operations.letters.examining import _claim as claim_letters

AsDispatcher = Callable[[Callable[[], int]], int]
Claim = Callable[[datetime], Sequence[object]]

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WAITING, FEW = 3000, 300
"""Far more than a claim takes; and far less than waits."""
ROUNDS = 3
"""A connection that rests tells some seconds later what it did for earlier tests, which disturbs one round."""

MESSAGES = """
INSERT INTO notify_message (id, accepted_at, organisation_id, notify_service_id, template_id, template_version, channel,
    key_kind, recipient, recipient_as_given, language, personalisation, sender, fragments, rate_multiplier, is_abroad,
    status, tries, next_try_at, provider, provider_reference, problem)
SELECT gen_random_uuid(), %(at)s, %(council)s, %(council)s, %(council)s, 1, 'email', 'live', 'jo@example.com',
    'jo@example.com', 'en', '', '', 0, 1, false, 'created', 0, %(at)s, '', '', '' FROM generate_series(1, %(number)s)
"""
CALLBACKS = """
INSERT INTO notify_callback (id, organisation_id, notify_service_id, kind, about_id, body, queued_at, tries,
    next_try_at, outcome)
SELECT gen_random_uuid(), %(council)s, %(council)s, 'delivery-status', %(council)s, '', %(at)s, 0, %(at)s, ''
FROM generate_series(1, %(number)s)
"""
LETTERS = """
INSERT INTO notify_letterfile (id, organisation_id, message_id, accepted_at, content, may_go_abroad, problem,
    pages_at_fault, tries)
SELECT gen_random_uuid(), %(council)s, gen_random_uuid(), %(at)s, '', false, '', '{}', 0
FROM generate_series(1, %(number)s)
"""
CHANGED_IN_PLACE = "SELECT sum(n_tup_hot_upd) FROM pg_stat_user_tables WHERE relname LIKE 'notify_message%'"
MONTHS = """
SELECT {} FROM pg_class JOIN pg_inherits ON inhrelid = oid
WHERE inhparent = 'notify_message'::regclass AND relname LIKE '%2%'
"""
ROWS_READ = """
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_user_tables WHERE relname LIKE %s
"""


@pytest.mark.parametrize(
    ("table", "fill", "claim"),
    [
        ("notify_message", MESSAGES, lambda now: claim_messages(Channel.EMAIL, at_most=10, now=now)),
        ("notify_callback", CALLBACKS, claim_callbacks),
        ("notify_letterfile", LETTERS, claim_letters),
    ],
    ids=["messages", "callbacks", "letters"],
)
def test_a_claim_reads_no_more_however_much_one_council_has_waiting(
    table: str, fill: str, claim: Claim, as_dispatcher: AsDispatcher, database: dict[str, str]
) -> None:
    """Nothing was ever counted of these rows: the planner knows of a small table, as in the minute of a large list."""
    with psycopg.connect(database["superuser"], autocommit=True) as superuser:

        def rows_read() -> int:
            found = superuser.execute(ROWS_READ, [f"{table}%"]).fetchone()
            return int(found[0]) if found else 0

        def read_by_a_claim() -> int:
            councils = [new_id(), new_id(), new_id()]
            for council, number in zip(councils, [1, WAITING, 1], strict=True):
                superuser.execute(fill, {"council": council, "number": number, "at": LONG_AGO})
            before = rows_read()
            try:
                assert as_dispatcher(lambda: counted(claim)) > 2
                return rows_read() - before
            finally:
                superuser.execute(f"DELETE FROM {table} WHERE organisation_id = ANY(%s)", [councils])

        assert min(read_by_a_claim() for _ in range(ROUNDS)) < FEW


def counted(claim: Claim) -> int:
    """Claim, and have the server count at once what was read for it."""
    claimed = claim(LONG_AGO)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT 1")
    return len(claimed)


def test_a_claim_needs_no_new_entry_in_any_index(as_dispatcher: AsDispatcher, database: dict[str, str]) -> None:
    """Every message is claimed: half of each page is left free, so that there is room for what a claim changes."""
    with psycopg.connect(database["superuser"], autocommit=True) as superuser:

        def changed_in_place() -> int:
            found = superuser.execute(CHANGED_IN_PLACE).fetchone()
            return int(found[0]) if found else 0

        def changed_by_a_claim() -> int:
            council = new_id()
            superuser.execute(MESSAGES, {"council": council, "number": FEW, "at": LONG_AGO})
            before = changed_in_place()
            try:
                assert as_dispatcher(lambda: counted(claim_all_messages)) == FEW
                return changed_in_place() - before
            finally:
                superuser.execute("DELETE FROM notify_message WHERE organisation_id = %s", [council])

        as_dispatcher(lambda: counted(lambda now: []))  # what its connection did before is told now
        assert FEW in [changed_by_a_claim() for _ in range(ROUNDS)]


def claim_all_messages(now: datetime) -> Sequence[object]:
    return claim_messages(Channel.EMAIL, at_most=FEW, now=now)


def test_every_month_has_room_for_claims_and_those_to_come_as_well(database: dict[str, str]) -> None:
    with psycopg.connect(database["superuser"]) as superuser:
        [(last,)] = superuser.execute(MONTHS.format("max(relname)")).fetchall()
        superuser.execute(f"DROP TABLE {last}")
        assert superuser.execute("SELECT notify_message_make_months()").fetchone() == (1,)
        assert superuser.execute(MONTHS.format("DISTINCT reloptions")).fetchall() == [(["fillfactor=50"],)]
        superuser.rollback()
