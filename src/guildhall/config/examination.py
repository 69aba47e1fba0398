"""What ``doctor`` looks at, each with a plain sentence: what was found and, when it is not right, what to do."""

import shutil
import stat
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

from guildhall.config import health
from guildhall.config.installation import Installation
from guildhall.config.logins import logged_in_as
from guildhall.config.problems import Problem
from guildhall.config.real_server import VARIABLES, connect
from guildhall.config.tables import GLOBAL_TABLES
from guildhall.config.up_to_date import Tables, refuse_unfit_database
from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.tries import count_locks, count_tries_of
from guildhall.metering.queries import count_wrong_days
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import count_for_installation
from guildhall.notify.queries.facts import Miscount, list_miscounts
from guildhall.notify.queries.provider_accounts import list_provider_accounts
from guildhall.notify.queries.quarantined import count_quarantined
from guildhall.notify.queries.recount import list_miscounted_days
from guildhall.organisations import queries

RECIPE = "docs/recipes/a-server-of-your-own.md"
LEAST_ROOM = 1_000_000_000
PARTITIONS_AHEAD = timedelta(days=31)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``remedy`` is empty when all is well."""

    seen: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy


def examine(installation: Installation) -> Iterator[Finding]:
    """Look at everything, one finding at a time, as web's login: the owner sees over the walls. Nothing is changed."""
    yield from _folder(installation)
    yield from _logins(installation)
    is_migrated = yield from _migrations(installation)
    if not is_migrated:
        return  # what follows looks into the tables
    yield from _walls()
    yield from _partitions()
    yield from _audit_trails()
    yield from examine_usage()
    yield from _counts()
    yield from _worker()
    yield from examine_mail()
    yield from _quarantine()
    yield from examine_doors()
    yield from _deliveries()


def _folder(installation: Installation) -> Iterator[Finding]:
    free = shutil.disk_usage(installation.data).free
    room = f"{installation.data} has {free / 1e9:.1f} GB free"
    yield Finding(room, "" if free >= LEAST_ROOM else "make room on that disk before it is full")
    if not installation.key_file.exists():
        yield Finding("the installation's key comes from GUILDHALL_KEY")
        return
    mode = stat.S_IMODE(installation.key_file.stat().st_mode)
    seen = f"the key {installation.key_file} has mode {mode:o}"
    yield Finding(seen, "" if mode == 0o600 else f"chmod 600 {installation.key_file}: others may read it")


_ROLE = """
SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
       EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
               AND pg_has_role(current_user, relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


def _logins(installation: Installation) -> Iterator[Finding]:
    for login, address in installation.addresses.items():
        with connect(VARIABLES[login], address) as session:
            name, *rights, owns_tables = session.execute(_ROLE).fetchone() or ("nobody", False)
        too_mighty = any(rights) or (owns_tables and login != "owner")
        yield Finding(
            f"the login {name} ({login}) reaches the database"
            + (" with rights it must not have" if too_mighty else ""),
            f"take SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION and ownership from {name}"
            if too_mighty
            else "",
        )


def _migrations(installation: Installation) -> Generator[Finding, None, bool]:
    """Return whether the tables are those that this version knows."""
    try:
        refuse_unfit_database(installation.addresses["owner"], needs=Tables.ANY)
    except Problem as problem:
        yield Finding("migrations: this database has been through more of them", str(problem))
        return False
    found = health.migrations_in_order()
    yield Finding(f"migrations: {found}", "" if found == "ok" else "run ./guildhall migrate")
    return found == "ok"


@dataclass(frozen=True)
class _Table:
    name: str
    is_partition: bool
    is_forced: bool
    is_a_councils: bool
    has_policy: bool
    is_granted: bool

    @property
    def hole(self) -> str:
        """What is wrong with the wall here, or nothing."""
        if self.is_partition:
            is_way_round = self.is_granted and not self.is_forced
            return f"the partition {self.name} can be read past its table's wall" if is_way_round else ""
        if self.name in GLOBAL_TABLES:
            return ""
        if not self.is_a_councils:
            return f"the table {self.name} belongs to no council and is not on the list of those that may"
        return "" if self.is_forced and self.has_policy else f"the table {self.name} has no wall between councils"


_TABLES = """
SELECT c.relname, c.relispartition, c.relrowsecurity AND c.relforcerowsecurity,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organisation_id'
               AND NOT a.attisdropped),
       EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND 0 = ANY(p.polroles)
               AND pg_get_expr(p.polqual, p.polrelid) LIKE '%app.organisation%'),
       EXISTS (SELECT 1 FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""


def _walls() -> Iterator[Finding]:
    """Every council's table has its wall, and every other table is on the written list."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [_Table(*row) for row in cursor.fetchall()]
    holes = [table.hole for table in tables if table.hole]
    for hole in holes:
        yield Finding(hole, "somebody changed the tables by hand: restore them, councils could see each other's rows")
    if not holes:
        yield Finding(f"the wall between councils stands around all {len(tables)} tables")


_PARTITIONED = """
SELECT p.partrelid::regclass::text, pg_relation_size(p.partdefid),
       (SELECT max(substring(pg_get_expr(c.relpartbound, c.oid) FROM $$TO \\('([0-9-]+)$$))
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = p.partrelid)
FROM pg_partitioned_table p
"""


def _partitions() -> Iterator[Finding]:
    """Rows that found no month land in the default partition. Its size tells: the wall hides its rows even from us."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONED)
        tables = cursor.fetchall()
    wanted = f"{clock.now() + PARTITIONS_AHEAD:%Y-%m-%d}"
    for table, strayed, last in tables:
        yield Finding(
            f"the default partition of {table} is {'in use' if strayed else 'empty'}",
            f"create the missing months of {table} and move the rows there" if strayed else "",
        )
        if last is not None and last < wanted:
            yield Finding(f"{table} has partitions until {last} only", "see that a worker runs: it creates them ahead")


def _audit_trails() -> Iterator[Finding]:
    with logged_in_as("owner"):
        councils = queries.list_audited_councils()
    faults = 0
    for council in councils:
        with acting_for(council):
            fault = queries.verify_audit()
        if fault is not None:
            faults += 1
            yield Finding(
                f"the audit trail of council {council} is broken at row {fault.seq}: {fault.reason}",
                "keep a copy of the database as it is, and find out who changed the row",
            )
    if not faults:
        yield Finding(f"audit trails looked at: {len(councils)}, all whole")


def _counts() -> Iterator[Finding]:
    """What the counts of messages say of yesterday and today must be what the messages themselves say."""
    today = clock.london_day(clock.now())
    with logged_in_as("owner"):
        councils = queries.list_audited_councils()
    miscounts: list[Miscount] = []
    for council in councils:
        with acting_for(council):
            miscounts += list_miscounts(since=today - timedelta(days=1), until=today)
    for each in miscounts:
        yield Finding(
            f"service {each.notify_service_id}: {each.counted} messages are counted as {each.status}, "
            f"there are {each.messages}",
            "its dashboard is wrong by that; keep a copy of the database, and tell us how it came about",
        )
    if not miscounts:
        yield Finding("the counts of messages of yesterday and today agree with a recount")


def examine_usage() -> Iterator[Finding]:
    """The sums of days are what their acts make, and the acts of the last two days what the messages make."""
    with logged_in_as("owner"):
        councils = queries.list_audited_councils()
    today, faults = clock.london_day(clock.now()), 0
    lately = [today - timedelta(days=ago) for ago in (2, 1)]
    for council in councils:
        with acting_for(council):
            wrong, miscounted = count_wrong_days(), list_miscounted_days(lately)
        if wrong:
            yield Finding(f"{wrong} days of council {council} are added up wrongly", "run ./guildhall recount")
        for day in miscounted:
            yield Finding(f"the use of {day} of council {council} is not what its messages make", "tell the developers")
        faults += bool(wrong or miscounted)
    if not faults:
        yield Finding(f"councils whose use was added up again: {len(councils)}, all counted right")


def _worker() -> Iterator[Finding]:
    found = health.worker_heard_lately()
    yield Finding(f"worker: {found}", "" if found == "ok" else "start it: ./guildhall, or ./guildhall worker")


def examine_mail() -> Iterator[Finding]:
    """Somebody carries the installation's own emails: without its code nobody registers, the first operator neither."""
    with acting_for(queries.get_platform().id):
        accounts = [each for each in list_provider_accounts() if each.is_active and each.channel is Channel.EMAIL]
    others = {"the mail server of GUILDHALL_SMTP_URL": settings.SMTP_URL, "the sandbox's inbox": settings.SANDBOX}
    carriers = [each.name for each in accounts] or [name for name, is_there in others.items() if is_there][:1]
    seen = f"codes and links are emailed by {', '.join(carriers)}" if carriers else "nobody carries emails: they wait"
    yield Finding(seen, "" if carriers else f"set GUILDHALL_SMTP_URL, or nobody can register ({RECIPE})")


def _quarantine() -> Iterator[Finding]:
    given_up = count_quarantined(since=clock.now() - timedelta(days=7))
    remedy = "see /operator/installation/given-up for whose they were, and tell the developers" if given_up else ""
    yield Finding(f"{given_up} messages were given up in seven days because they kept others waiting", remedy)


def examine_doors() -> Iterator[Finding]:
    """Visitors can be told apart, and none of the limits that keep strangers out keeps everybody out."""
    if settings.OVER_TLS and not settings.TRUSTED_PROXIES:
        seen = "no proxy is trusted, although one ends TLS: all its visitors are counted as one network"
        yield Finding(seen, f"set GUILDHALL_TRUSTED_PROXIES to the proxy's address ({RECIPE})")
    else:
        yield Finding(f"proxies that may say who a visitor is: {len(settings.TRUSTED_PROXIES) or 'none'}")
    now, emails = clock.now(), count_for_installation()
    sent, most = count_tries_of(emails, now=now), emails.limit.tries
    remedy = (
        f"see in the log which networks ask; if they are residents, set GUILDHALL_UNASKED_EMAILS_PER_HOUR ({RECIPE})"
    )
    yield Finding(f"{sent} of {most} {emails.action} were sent this hour", remedy if sent >= most else "")
    locked = ", ".join(f"{number} × {action}" for action, number in sorted(count_locks(now=now).items()))
    yield Finding(f"locked out at the moment: {locked or 'nobody'}")


def _deliveries() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (failed,) = cursor.fetchone() or (0,)
    remedy = "look into the log for the reason; the deliveries stay in procrastinate_jobs" if failed else ""
    yield Finding(f"{failed} deliveries of events were given up", remedy)
