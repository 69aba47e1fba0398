"""Fixtures of payment operations: a council's account, and work done as the worker's login."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from tests.threads import join

from guildhall.config.database_urls import django_database
from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.pay.domain.ids import PayAccountId
from guildhall.pay.testing import make_account


@pytest.fixture
def organisation(database: dict[str, str]) -> Iterator[OrganisationId]:
    """A payment needs of its council nothing but the id."""
    organisation_id = OrganisationId(new_id())
    with acting_for(organisation_id):
        yield organisation_id


@pytest.fixture
def account(organisation: OrganisationId) -> PayAccountId:
    return make_account()


@pytest.fixture
def as_worker(database: dict[str, str]) -> Callable[[Callable[[], Any]], Any]:
    """Do something as the worker would: with the dispatcher's login and for no council."""

    def work(task: Callable[[], Any]) -> Any:
        results: list[Any] = []

        def run() -> None:
            connection = connections["default"]
            connection.settings_dict = connection.settings_dict | django_database(database["dispatcher"], pooled=False)
            try:
                results.append(task())
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        join(thread)
        return results[0]

    return work


@pytest.fixture
def at_once(organisation: OrganisationId) -> Callable[..., list[Any]]:
    """Do several things at the same moment for the council, each in a thread; return results and refusals in order."""

    def run(*tasks: Callable[[], Any]) -> list[Any]:
        together, results = threading.Barrier(len(tasks)), [None] * len(tasks)

        def one(place: int, task: Callable[[], Any]) -> None:
            try:
                with acting_for(organisation):
                    together.wait(10)
                    results[place] = task()
            except Exception as refusal:
                results[place] = refusal
            finally:
                connections["default"].close()

        threads = [threading.Thread(target=one, args=numbered) for numbered in enumerate(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            join(thread)
        return results

    return run
