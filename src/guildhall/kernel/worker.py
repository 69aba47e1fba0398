"""The worker: delivers announced events, runs periodic jobs, and turns the loops, until it is told to stop.

A worker that is killed leaves its delivery marked as being done; the next beat of any worker notices that its heart has
stopped and delivers again. A database that goes away is waited for.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.db import Error as DatabaseError
from django.db import close_old_connections
from procrastinate import App, JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg import Error as DriverError

from guildhall.kernel import clock
from guildhall.kernel.loops import Loop

log = structlog.get_logger(__name__)

AT_ONCE = 4
HEARTBEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 8.0
PATIENCE_SECONDS = 0.5


def work(loops: Sequence[Loop]) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
    stop = threading.Event()
    turning = [threading.Thread(target=_turn, args=(loop, stop), name=f"loop-{loop.name}") for loop in loops]
    for thread in turning:
        thread.start()
    try:
        asyncio.run(_deliver_until_told_to_stop())
    finally:
        stop.set()
        for thread in turning:
            thread.join()


def _turn(loop: Loop, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            handled = loop.step(clock.now())
        except (DatabaseError, DriverError) as fault:
            log.warning("loop_waits_for_the_database", loop=loop.name, fault=str(fault))
            handled = 0
        except Exception:
            log.exception("loop_failed", loop=loop.name)
            handled = 0
        if not handled:
            close_old_connections()
            stop.wait(loop.rest_seconds)


async def _deliver_until_told_to_stop() -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    while not told_to_stop.is_set():
        try:
            await _deliver(told_to_stop)
        except (ConnectorException, DriverError) as fault:
            log.warning("worker_waits_for_the_database", fault=str(fault))
            await asyncio.sleep(PATIENCE_SECONDS)


async def _deliver(told_to_stop: asyncio.Event) -> None:
    """Deliver until told to stop, or until a part of it ends by itself, as procrastinate's do when a query fails."""
    await sync_to_async(close_old_connections)()
    worker_app = app.with_connector(DjangoConnector().get_worker_connector())
    async with worker_app.open_async():
        delivering = asyncio.create_task(
            worker_app.run_worker_async(
                name="guildhall",
                concurrency=AT_ONCE,
                delete_jobs="successful",
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                shutdown_graceful_timeout=20.0,
                install_signal_handlers=False,
                task_middleware=[_with_a_living_connection],
            )
        )
        rescuing = asyncio.create_task(_rescue(worker_app))
        waiting = asyncio.create_task(told_to_stop.wait())
        parts = (delivering, rescuing, waiting)
        ended, going = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in going:
            part.cancel()
        await asyncio.wait(parts)
        for part in ended:
            part.result()


def _with_a_living_connection(deliver: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    close_old_connections()
    return deliver()


async def _rescue(worker_app: App) -> None:
    """Queue again what a dead worker was doing."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        stalled = await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS)
        for job in stalled:
            log.warning("delivery_rescued", job=job.id)
            await worker_app.job_manager.retry_job(job)
