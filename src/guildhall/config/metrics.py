"""What waits to be done, told to whoever watches the installation, in Prometheus's form. It names nobody."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

from django.db import Error, close_old_connections, connection
from prometheus_client import GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from guildhall.config.metrics_server import answering
from guildhall.config.ports import Place, listening_at
from guildhall.kernel import clock
from guildhall.notify.queries.quarantined import count_quarantined
from guildhall.notify.queries.waiting import count_due_messages, count_other_work

_JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"


@contextlib.contextmanager
def told_at(place: Place) -> Iterator[None]:
    """Tell what waits to whoever asks at a place, until the end.

    :raises Problem: another program has the port.
    """
    registry = CollectorRegistry()
    for each in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR, _Work()):
        registry.register(each)
    with listening_at(place) as listener, answering(listener, lambda: generate_latest(registry)):
        yield


class _Work(Collector):
    """What waits, looked up when somebody asks."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the numbers; without a database only that there is none."""
        try:
            found = [*_messages(), _quarantined(), _other_work(), _jobs()]
        except Error:
            found = []
        finally:
            close_old_connections()
        yield GaugeMetricFamily("guildhall_database_up", "Whether the database answers", value=float(bool(found)))
        yield from found


def _messages() -> Iterator[GaugeMetricFamily]:
    due = GaugeMetricFamily("guildhall_messages_due", "Messages that wait to be handed over", labels=["channel"])
    longest = GaugeMetricFamily(
        "guildhall_messages_due_seconds", "For how long the first of them has waited", labels=["channel"]
    )
    for each in count_due_messages(now=clock.now()):
        due.add_metric([str(each.channel)], each.messages)
        longest.add_metric([str(each.channel)], each.longest.total_seconds())
    yield due
    yield longest


def _quarantined() -> GaugeMetricFamily:
    given_up = count_quarantined(since=clock.now() - timedelta(days=1))
    return GaugeMetricFamily("guildhall_messages_quarantined", "Messages given up within a day", value=given_up)


def _other_work() -> GaugeMetricFamily:
    due = GaugeMetricFamily("guildhall_work_due", "Other work that waits, by what it is", labels=["kind"])
    for kind, count in count_other_work(now=clock.now()).items():
        due.add_metric([kind], count)
    return due


def _jobs() -> GaugeMetricFamily:
    jobs = GaugeMetricFamily("guildhall_jobs", "Deliveries of events and periodic jobs", labels=["state"])
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        found = dict(cursor.fetchall())
    for state in ("todo", "doing", "failed"):
        jobs.add_metric([state], found.get(state, 0))
    return jobs
