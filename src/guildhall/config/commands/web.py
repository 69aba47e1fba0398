"""``./guildhall web``: pages and APIs, served by granian over WSGI."""

import gc
import os
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from guildhall.config.installation import DEFAULT_PORT, Installation
from guildhall.config.lifeline import die_with_parent
from guildhall.config.metrics_port import find_place
from guildhall.config.real_server import refuse_mighty_login

Application = Callable[..., Any]

THREADS = 64
WAITING_REQUESTS = 1024
SECONDS_TO_FINISH = 8
OBJECTS_BETWEEN_COLLECTIONS = 20_000  # a request makes few that only a collection could free


def run(options: Namespace, installation: Installation) -> int:
    """Serve until told to stop. Refuses to start as a login to whom the wall between councils would not apply."""
    refuse_mighty_login("DATABASE_URL", installation.addresses["web"])
    application, watched_at = _load(), find_place()
    server = Granian(
        "guildhall.config.wsgi:application",
        address=options.host,
        port=options.port or DEFAULT_PORT,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("GUILDHALL_WEB_PROCESSES") or os.cpu_count() or 1),
        blocking_threads=int(os.environ.get("GUILDHALL_WEB_THREADS") or THREADS),
        backpressure=WAITING_REQUESTS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        websockets=False,
        metrics_enabled=watched_at is not None,
        metrics_address=watched_at.address if watched_at else "127.0.0.1",
        metrics_port=watched_at.port if watched_at else 0,
    )
    server.serve(target_loader=partial(_in_each_process, application), wrap_loader=False)
    return 0


def _load() -> Application:
    """Load the application whole, once: the processes that granian forks share it, and a killed one is soon back."""
    application: Application = import_module("guildhall.config.wsgi").application
    import_module("guildhall.config.urls")  # Django would wait for the first request, and fail only then
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection looks through it again, and no fork copies it for that
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    return application


def _in_each_process(application: Application) -> Application:
    """Tie the process to granian's first one, which it must not outlive."""
    die_with_parent()
    return application
