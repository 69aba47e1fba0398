"""Whether the process lives (``/healthz``) and whether it is fit to serve (``/readyz``): for supervisors and people."""

from collections.abc import Callable
from datetime import timedelta

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone

WORKER_HEARD_WITHIN = timedelta(seconds=30)

_migrations_seen_in_order = False


@anyone
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process lives, asking nobody else."""
    return HttpResponse("alive\n", content_type="text/plain")


@anyone
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether database, migrations and worker are in order: 200 when all are, else 503."""
    found = {name: _look(check) for name, check in _CHECKS.items()}
    is_ready = all(word == "ok" for word in found.values())
    response = JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503)
    vars(response)["_has_been_logged"] = True  # who asks whether we are ready takes no for an answer, not for an error
    return response


def migrations_in_order() -> str:
    """Return "ok", or what is the matter. Looked at closely until it is in order, and then taken as known."""
    global _migrations_seen_in_order
    if not _migrations_seen_in_order:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return f"{len(missing)} to run: ./guildhall migrate"
        _migrations_seen_in_order = True
    return "ok"


def worker_heard_lately() -> str:
    """Return "ok", or how long ago a worker was last heard of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        (heard_at,) = cursor.fetchone() or (None,)
    if heard_at is None:
        return "no worker runs"
    return "ok" if clock.now() - heard_at < WORKER_HEARD_WITHIN else f"not heard of since {heard_at:%H:%M:%S} UTC"


def _database_answers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _look(check: Callable[[], str]) -> str:
    try:
        return check()
    except Error:
        return "no answer from the database"


_CHECKS = {"database": _database_answers, "migrations": migrations_in_order, "worker": worker_heard_lately}

urlpatterns = [path("healthz", healthz), path("readyz", readyz)]
