"""Whether the process lives (``/healthz``) and whether it is fit to serve (``/readyz``): for supervisors and people.

``/healthcheck`` says it in GOV.UK Pay's words (pay contract 1), to whoever watched that. Whom to tell when the house is
not fit at all stands in ``/.well-known/security.txt``.

They are answered before Django: who asks knows this machine by whatever name or number it has at hand, and has neither
session nor language.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import Error, close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor

from guildhall.config.security_txt import TEXT, security_txt
from guildhall.design.pages.policy import headers_of_every_answer
from guildhall.kernel import clock
from guildhall.kernel.fast_path import Application

WORKER_HEARD_WITHIN = timedelta(seconds=30)
ALIVE = (("Content-Type", "text/plain"), ("Cache-Control", "no-store"), *headers_of_every_answer().items())
FOUND = (("Content-Type", "application/json"), *ALIVE[1:])

_migrations_seen_in_order = False

Answer = tuple[str, tuple[tuple[str, str], ...], bytes]


def with_health(inside: Application) -> Application:
    """Return the application that answers the addresses of health itself, whatever host was asked for."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = ANSWERS.get(environ["PATH_INFO"])
        if answer is None:
            return inside(environ, start_response)
        method = environ["REQUEST_METHOD"]
        status, headers, body = answer() if method in ("GET", "HEAD") else _NOT_ALLOWED
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [b"" if method == "HEAD" else body]

    return application


def _healthz() -> Answer:
    """Say that this process lives, asking nobody else."""
    return "200 OK", ALIVE, b"alive\n"


def _readyz() -> Answer:
    """Say whether database, migrations and worker are in order: 200 when all are, else 503."""
    try:
        found = {name: _look(check) for name, check in _CHECKS.items()}
    finally:
        close_old_connections()  # as Django does after each of its requests
    is_ready = all(word == "ok" for word in found.values())
    status = "200 OK" if is_ready else "503 Service Unavailable"
    return status, FOUND, json.dumps({"ready": is_ready, **found}).encode()


def _healthcheck() -> Answer:
    """Say whether this process and its database answer (alphagov/pay-publicapi, HealthCheckResource.java)."""
    try:
        is_there = _look(_database_answers) == "ok"
    finally:
        close_old_connections()
    # PostgreSQL ends a deadlock itself, after a second: there is none that could stay.
    found = {"ping": True, "deadlocks": True, "database": is_there}
    status = "200 OK" if is_there else "503 Service Unavailable"
    return status, FOUND, json.dumps({name: {"healthy": is_well} for name, is_well in found.items()}).encode()


def _security_txt() -> Answer:
    return "200 OK", (*TEXT, *headers_of_every_answer().items()), security_txt().encode()


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
_NOT_ALLOWED: Answer = ("405 Method Not Allowed", (("Allow", "GET, HEAD"), *ALIVE), b"only GET and HEAD\n")
ANSWERS: Mapping[str, Callable[[], Answer]] = {
    "/healthz": _healthz,
    "/readyz": _readyz,
    "/healthcheck": _healthcheck,
    "/healthcheck/": _healthcheck,
    "/.well-known/security.txt": _security_txt,
}
