"""Reading what was sent while ten million messages are kept: lists with filters, far down too, dashboard, one lookup.

A durable database of its own is filled in SQL: several months, hundreds of services, one of them with a tenth of all
messages; then each question is asked as a program or an officer asks it, through all of Django, again and again.

    ./guildhall bench notify_reading [--messages N] [--times N]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import psycopg

from guildhall.config.installation import Installation, open_installation

MONTHS_KEPT = 3
SERVICES = 300
TARGET_MS = 50.0

MAKE_MONTH = """
DO $$
DECLARE
    first_day timestamptz := (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => {ago}))
        AT TIME ZONE 'UTC';
    name text := 'notify_message_' || to_char(first_day AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF notify_message FOR VALUES FROM (%L) TO (%L)',
        name, first_day, ((first_day AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
END $$
"""

# One message in ten is the big service's, whose emails are all but a few of what it sends.
MESSAGES = """
INSERT INTO notify_message (id, accepted_at, organisation_id, notify_service_id, template_id, template_version, channel,
    key_id, key_kind, recipient, recipient_as_given, language, personalisation, reference, sender, fragments,
    rate_multiplier, is_abroad, job_id, job_row, status, tries, next_try_at, sent_at, completed_at, provider,
    provider_reference, problem)
SELECT uuidv7(accepted_at - now()), accepted_at,
    CASE WHEN is_big THEN %(council)s ELSE md5('council' || service)::uuid END,
    CASE WHEN is_big THEN %(service)s ELSE md5('service' || service)::uuid END,
    CASE WHEN is_big THEN CASE WHEN is_text THEN %(text)s ELSE %(email)s END
        ELSE md5('template' || service || n %% 12)::uuid END,
    1, CASE WHEN is_text THEN 'sms' ELSE 'email' END, NULL, CASE WHEN n %% 997 = 0 THEN 'test' ELSE 'live' END,
    'resident' || n || '@example.com', 'resident' || n || '@example.com', 'en', %(personalisation)s,
    CASE WHEN n %% 2 = 0 THEN 'case-' || n / 20 END, '', CASE WHEN is_text THEN 1 ELSE 0 END, 1, false,
    CASE WHEN n %% 10 IN (3, 7, 9) THEN md5('list' || n / 5000)::uuid END,
    CASE WHEN n %% 10 IN (3, 7, 9) THEN n %% 5000 END,
    status, 1, CASE WHEN status = 'created' THEN accepted_at END,
    CASE WHEN status <> 'created' THEN accepted_at + interval '1 second' END,
    CASE WHEN status NOT IN ('created', 'sending') THEN accepted_at + interval '2 seconds' END, 'sandbox', '', ''
FROM (
    SELECT n, n %% 10 = 0 AS is_big, n %% %(services)s AS service,
        now() - make_interval(secs => {seconds} * (%(messages)s - n)::float / %(messages)s) AS accepted_at,
        CASE WHEN n %% 10 = 0 THEN n %% 10000 = 0 ELSE n %% 3 = 0 END AS is_text,
        CASE WHEN %(messages)s - n < 2000 AND n %% 3 = 0 THEN 'created'
            WHEN n %% 20011 < 2 THEN 'permanent-failure' WHEN n %% 211 = 0 THEN 'temporary-failure'
            WHEN n %% 97 = 0 THEN 'sending' ELSE 'delivered' END AS status
    FROM generate_series({start}, {end}) AS n
) AS made
"""
COUNTS = """
INSERT INTO notify_statuscount (id, organisation_id, notify_service_id, template_id, channel, key_kind, accepted_on,
    status, messages, is_added_up)
SELECT gen_random_uuid(), organisation_id, notify_service_id, template_id, channel, key_kind,
    (accepted_at AT TIME ZONE 'Europe/London')::date, status, count(*), true
FROM notify_message WHERE status <> 'created'
GROUP BY organisation_id, notify_service_id, template_id, channel, key_kind,
    (accepted_at AT TIME ZONE 'Europe/London')::date, status
"""
STEP = 500_000


@dataclass(frozen=True)
class Asked:
    """One question, with the milliseconds that each answer took and those of CPU in the mean; bytes of the last."""

    question: str
    milliseconds: Sequence[float]
    cpu_web: float
    cpu_database: float
    size: int

    @property
    def worst(self) -> float:
        """The 95th percentile: single answers are held up by whatever else the machine does."""
        return sorted(self.milliseconds)[int(0.95 * (len(self.milliseconds) - 1))]

    @property
    def middle(self) -> float:
        return statistics.median(self.milliseconds)


def main() -> int:
    options = _read_options()
    with _installation() as installation:
        sender = _fill(installation, options.messages)
        asked = [_ask(installation, question, ask, options.times) for question, ask in _questions(installation, sender)]
    return _report(asked, options.messages)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./guildhall bench notify_reading", description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=10_000_000, help="how many are kept")
    parser.add_argument("--times", type=int, default=40, help="how often each question is asked")
    return parser.parse_args()


@contextmanager
def _installation() -> Iterator[Installation]:
    """A fresh durable installation, thrown away afterwards."""
    os.environ.pop("DATABASE_URL", None)
    data = Path(tempfile.mkdtemp(prefix="guildhall-bench-"))
    data.chmod(0o755)
    try:
        with open_installation(data) as installation:
            os.environ.update(installation.environment("web"))
            migrate = [sys.executable, "-m", "guildhall", "migrate", "--data", str(data)]
            subprocess.run(migrate, check=True, stdout=subprocess.DEVNULL)
            django.setup()
            yield installation
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _fill(installation: Installation, messages: int) -> Any:
    """Make the big service, write the messages of all, and return its sender."""
    # Models can be imported only now that Django has found the installation.
    from guildhall.kernel.tenancy import acting_for  # noqa: PLC0415
    from guildhall.notify.queries.messages import hide_personalisation  # noqa: PLC0415
    from guildhall.notify.testing import make_sender  # noqa: PLC0415
    from guildhall.organisations.testing import make_council  # noqa: PLC0415

    assert installation.cluster is not None, "the bench has an embedded database"
    council = make_council()
    with acting_for(council.id):
        sender = make_sender(council)
    values = {
        "council": council.id,
        "service": sender.id,
        "email": sender.email,
        "text": sender.text,
        "personalisation": hide_personalisation({"name": "Jo Bloggs", "thing": "collection of a sofa and two chairs"}),
        "services": SERVICES,
        "messages": messages,
    }
    seconds = MONTHS_KEPT * 30 * 86_400
    with psycopg.connect(installation.cluster.logins_for("guildhall").superuser, autocommit=True) as superuser:
        for ago in range(1, MONTHS_KEPT + 1):
            superuser.execute(MAKE_MONTH.format(ago=ago))
        indexes = superuser.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = 'notify_message'::regclass AND NOT indisprimary"
        ).fetchall()
        for name, _definition in indexes:
            superuser.execute(f"DROP INDEX {name}")
        for start in range(1, messages + 1, STEP):
            end = min(messages, start + STEP - 1)
            superuser.execute(MESSAGES.format(seconds=seconds, start=start, end=end), values)
            _say(f"{end:,} messages")
        superuser.execute("SET maintenance_work_mem = '512MB'")
        for name, definition in indexes:
            superuser.execute(definition.replace(" ON ONLY ", " ON "))  # and on every month
            _say(f"index {name}")
        superuser.execute(COUNTS)
        superuser.execute("VACUUM (ANALYZE) notify_message, notify_statuscount")
        _say_sizes(superuser)
    return sender


def _say_sizes(superuser: psycopg.Connection) -> None:
    rows = superuser.execute(
        "SELECT parent.relname, sum(pg_relation_size(i.inhrelid)) / 1e6 FROM pg_inherits i"
        " JOIN pg_class parent ON parent.oid = i.inhparent WHERE parent.relname LIKE 'notify%' GROUP BY 1 ORDER BY 2"
    )
    for name, megabytes in rows:
        _say(f"{name}: {megabytes:,.0f} MB")


Ask = Callable[[], bytes]


def _questions(installation: Installation, sender: Any) -> Iterator[tuple[str, Ask]]:
    """Yield what programs and officers ask, each as something that can be asked again."""
    from django.test import Client  # noqa: PLC0415

    from guildhall.identity.testing import make_person, sign_in  # noqa: PLC0415
    from guildhall.kernel.audiences import Role  # noqa: PLC0415
    from guildhall.kernel.tenancy import acting_for  # noqa: PLC0415
    from guildhall.organisations.testing import make_officer  # noqa: PLC0415

    with psycopg.connect(installation.cluster.logins_for("guildhall").superuser) as superuser:  # type: ignore[union-attr]
        far = superuser.execute(
            "SELECT id FROM notify_message WHERE notify_service_id = %s AND key_kind = 'live' AND job_id IS NULL"
            " ORDER BY accepted_at DESC OFFSET (SELECT count(*) * 9 / 20 FROM notify_message"
            " WHERE notify_service_id = %s) LIMIT 1",
            [sender.id, sender.id],
        ).fetchone()[0]  # type: ignore[index]
        reference = superuser.execute(
            "SELECT reference, recipient FROM notify_message WHERE notify_service_id = %s AND id = %s", [sender.id, far]
        ).fetchone()

    def api(path: str) -> Ask:
        return lambda: _get(Client(), path, {"Authorization": sender.bearer()})

    yield "one message by its id", api(f"/v2/notifications/{far}")
    yield "an id that nobody sent", api("/v2/notifications/0190a000-0000-7000-8000-000000000000")
    for what, query in (
        ("list: the newest 250", ""),
        ("list: far down", f"?older_than={far}"),
        ("list: failed", "?status=failed"),
        ("list: failed, far down", f"?status=failed&older_than={far}"),
        ("list: a status that none has", "?status=pending"),
        ("list: texts, of which there are few", "?template_type=sms"),
        ("list: with those of lists, far down", f"?include_jobs=true&older_than={far}"),
        ("list: one reference", f"?reference={reference[0] if reference else ''}"),
    ):
        yield what, api(f"/v2/notifications{query}")

    with acting_for(sender.council.id):
        person, officer = make_person(), Client()
        make_officer(sender.council, Role.OWNER, person_id=person.id)
        sign_in(officer, person.id, has_second_factor=True)
    here = f"/staff/{sender.council.slug}/messages/bulky-waste"
    recipient = reference[1] if reference else ""
    for what, path in (
        ("page: dashboard", f"{here}/dashboard"),
        ("page: one template's figures", f"{here}/dashboard/templates/{sender.email}"),
        ("page: sent", f"{here}/sent"),
        ("page: sent, failed ones", f"{here}/sent?status=failed"),
        ("page: sent, to one recipient", f"{here}/sent?search={recipient}"),
        ("page: sent, one reference", f"{here}/sent?search={reference[0] if reference else ''}"),
    ):
        yield what, lambda path=path: _get(officer, path, {})  # type: ignore[misc]


def _get(client: Any, path: str, headers: dict[str, str]) -> bytes:
    answer = client.get(path, headers=headers)
    if answer.status_code not in (200, 404):
        raise SystemExit(f"{path}: {answer.status_code} {answer.content[:500]!r}")
    return bytes(answer.content)


def _ask(installation: Installation, question: str, ask: Ask, times: int) -> Asked:
    for _ in range(3):
        answer = ask()
    took = []
    web, database = time.process_time(), _cpu_of_database(installation)
    for _ in range(times):
        begun = time.perf_counter()
        answer = ask()
        took.append(1000 * (time.perf_counter() - begun))
    web, database = time.process_time() - web, _cpu_of_database(installation) - database
    _say(question)
    return Asked(question, took, 1000 * web / times, 1000 * database / times, len(answer))


def _cpu_of_database(installation: Installation) -> float:
    """Return the seconds of CPU that the sessions of web's login have used."""
    assert installation.cluster is not None, "the bench has an embedded database"
    logins = installation.cluster.logins_for("guildhall")
    with psycopg.connect(logins.superuser) as superuser:
        sessions = superuser.execute("SELECT pid FROM pg_stat_activity WHERE usename LIKE '%_web'").fetchall()
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for (pid,) in sessions]
    return sum(int(field) for each in fields for field in each[11:13]) / os.sysconf("SC_CLK_TCK")


def _report(asked: Sequence[Asked], messages: int) -> int:
    print(f"\nReading with {messages:,} messages kept, a tenth of them one service's:\n")
    heading = ("median ms", "p95 ms", "CPU web", "CPU db", "answer kB")
    print(f"{'question':40} " + " ".join(f"{word:>10}" for word in heading))
    for each in asked:
        cells = (each.middle, each.worst, each.cpu_web, each.cpu_database, each.size / 1000)
        print(f"{each.question:40} " + " ".join(f"{cell:>10.1f}" for cell in cells))
    missed = [each for each in asked if each.middle > TARGET_MS]
    print(f"\nTarget: each under {TARGET_MS:.0f} ms: {'MISSED by ' + str(len(missed)) if missed else 'met'}")
    return 1 if missed else 0


def _say(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
