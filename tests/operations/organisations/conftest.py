"""What the tests of councils share."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.threads import join

from guildhall.kernel.refusals import Refused

AtOnce = Callable[..., list[object]]


@pytest.fixture
def at_once() -> AtOnce:
    return run_at_once


def run_at_once(*works: Callable[[], object]) -> list[object]:
    """Start all of them at the same moment, each on a connection of its own; return results and refusals."""
    barrier = threading.Barrier(len(works))
    results: list[object] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            results.append(work())
        except Refused as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)
    return results
