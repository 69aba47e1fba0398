"""Work by the clock. The worker runs each job once per tick, however many workers there are."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from procrastinate.contrib.django import app

from guildhall.kernel import clock

Job = Callable[[datetime], None]


def every(*, minutes: int = 0, seconds: int = 0) -> Callable[[Job], Job]:
    """Run ``job(now)`` every so many minutes or seconds; it lives in ``<module>/jobs.py`` and acts for no council."""
    cron = f"*/{minutes} * * * *" if minutes else f"* * * * * */{seconds}"

    def register(job: Job) -> Job:
        name = f"{job.__module__}.{job.__qualname__}"

        @wraps(job)
        def tick(timestamp: int) -> None:
            job(clock.now())

        app.periodic(cron=cron)(app.task(name=name, queue="periodic", queueing_lock=name)(tick))
        return job

    return register
