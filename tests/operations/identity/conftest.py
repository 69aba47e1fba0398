from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from guildhall.config.database_urls import django_database
from guildhall.identity.testing import let_letters_be_sent

AtOnce = Callable[[Callable[[], Any], int], Sequence[Any]]


@pytest.fixture(scope="session")
def letters_can_be_sent(database: dict[str, str]) -> None:
    let_letters_be_sent()


@pytest.fixture(autouse=True)
def stands_on_the_database(letters_can_be_sent: None) -> None:
    """Every test of this ring needs it, whether or not it asks."""


@pytest.fixture
def at_once() -> Iterator[AtOnce]:
    """Do the same thing many times at once; return what came of each: a value, or the refusal that was raised."""

    def do(act: Callable[[], Any], times: int) -> Sequence[Any]:
        def one(_: int) -> Any:
            try:
                return act()
            except Exception as refusal:
                return refusal
            finally:
                connection.close()

        with ThreadPoolExecutor(min(times, 25)) as workers:
            return list(workers.map(one, range(times)))

    yield do


@pytest.fixture
def as_dispatcher(database: dict[str, str]) -> Callable[[Callable[[], Any]], Any]:
    """Do something as the worker would: with the dispatcher's login."""

    def do(act: Callable[[], Any]) -> Any:
        def work() -> Any:
            worker = connections["default"]
            worker.settings_dict = worker.settings_dict | django_database(database["dispatcher"], pooled=False)
            try:
                return act()
            finally:
                worker.close()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(work).result()

    return do
