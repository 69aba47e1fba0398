"""``./guildhall worker``: stored deliveries and periodic jobs by procrastinate, bulk flows by loops that claim rows."""

import asyncio
import threading
from argparse import Namespace
from collections.abc import Callable
from typing import Any

import structlog
from django.db import Error, close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from guildhall.config import wiring
from guildhall.config.installation import Installation
from guildhall.kernel import clock
from guildhall.kernel.loops import Loop

CONCURRENT_JOBS = 4
SECONDS_BETWEEN_HEARTBEATS = 5
SECONDS_UNTIL_GIVEN_UP = 20
SECONDS_TO_FINISH = 8
SECONDS_AFTER_TROUBLE = 1.0

log = structlog.get_logger(__name__)


def run(options: Namespace, installation: Installation) -> int:
    """Work until told to stop. Several workers may run: each row and each delivery is claimed by one of them."""
    stopping = threading.Event()
    threads = [threading.Thread(target=turn, args=(loop, stopping), name=loop.name) for loop in wiring.LOOPS]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_deliver())
    finally:
        stopping.set()
        for thread in threads:
            thread.join(SECONDS_TO_FINISH)
    return 0


def turn(loop: Loop, stopping: threading.Event) -> None:
    """Turn one loop until told to stop: without pause while there is work, resting when there is none.

    Trouble in a step (a database that restarts, a provider's surprise) is logged, and the step is tried again.
    """
    while not stopping.is_set():
        try:
            handled = loop.step(clock.now())
        except Error:
            log.warning("the database did not answer", loop=loop.name, exc_info=True)
            handled, rest = 0, SECONDS_AFTER_TROUBLE
        except Exception:
            log.exception("a step failed", loop=loop.name)
            handled, rest = 0, SECONDS_AFTER_TROUBLE
        else:
            rest = loop.rest_seconds
        finally:
            connection.close()  # back to the pool, which throws broken ones away
        if not handled:
            stopping.wait(rest)


async def _deliver() -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        rescuing = asyncio.create_task(_rescue_forever(worker_app))
        try:
            await worker_app.run_worker_async(
                concurrency=CONCURRENT_JOBS,
                delete_jobs="successful",
                update_heartbeat_interval=SECONDS_BETWEEN_HEARTBEATS,
                stalled_worker_timeout=SECONDS_UNTIL_GIVEN_UP,
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
                task_middleware=[_with_fresh_connections],
            )
        finally:
            rescuing.cancel()


async def _rescue_forever(worker_app: Any) -> None:
    """Hand the jobs of workers that were killed to those that live."""
    while True:
        stalled = await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SECONDS_UNTIL_GIVEN_UP)
        for job in stalled:
            await worker_app.job_manager.retry_job(job)
        await asyncio.sleep(SECONDS_BETWEEN_HEARTBEATS)


def _with_fresh_connections(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    close_old_connections()
    try:
        return call_next()
    finally:
        connection.close()
