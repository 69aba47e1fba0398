"""What only tracking's tests need."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from guildhall.config.database_urls import django_database


@pytest.fixture
def as_dispatcher(database: dict[str, str]) -> Callable[[Callable[[], object]], None]:
    """Run a piece of work as the worker does: as the dispatcher's login, under no council."""

    def run(work: Callable[[], object]) -> None:
        def in_thread() -> None:
            connections["default"].settings_dict = connections["default"].settings_dict | django_database(
                database["dispatcher"], pooled=False
            )
            work()
            connections["default"].close()

        thread = threading.Thread(target=in_thread)
        thread.start()
        thread.join(60)

    return run
