import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from django.db import connections

from guildhall.account.operations import load_synthetic_postcodes
from guildhall.config.database_urls import django_database
from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.operations import NewOrganisation, ensure_organisation, load_councils
from guildhall.organisations.queries import Council

T = TypeVar("T")


@pytest.fixture
def as_owner(database: dict[str, str]) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Run something as the owner's login, as commands do, on a thread and connection of its own."""

    def run(work: Callable[[], T]) -> T:
        results: list[T] = []
        problems: list[BaseException] = []

        def as_the_owner() -> None:
            settings = connections["default"].settings_dict | django_database(database["owner"], pooled=False)
            connections["default"].settings_dict = settings
            try:
                with acting_for(None):
                    results.append(work())
            except BaseException as problem:
                problems.append(problem)
            finally:
                connections["default"].close()

        thread = threading.Thread(target=as_the_owner)
        thread.start()
        thread.join(60)
        if problems:
            raise problems[0]
        return results[0]

    yield run


@pytest.fixture
def places(as_owner: Callable[[Callable[[], object]], object]) -> Council:
    """The real councils, the invented postcodes, and a council like the sandbox's, with its custodian code."""
    as_owner(load_councils)
    as_owner(load_synthetic_postcodes)
    new = NewOrganisation("sandford", "Sandford Council", "Cyngor Sandford", custodian_code="99001")
    return ensure_organisation(new, now=clock.now())
