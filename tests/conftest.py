"""What every ring of tests stands on: a real PostgreSQL with the real logins, and a council per test.

Tests commit for real and roll nothing back: the council's wall keeps them apart, as it keeps councils apart. The
default connection is web's login, so the wall is in force. The domain ring needs none of this and starts no database.
"""

import base64
import gc
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

gc.set_threshold(100_000, 50, 1000)  # while tests are found, Python would look through all of them again and again

os.environ["DJANGO_SETTINGS_MODULE"] = "guildhall.config.settings"
os.environ.setdefault("GUILDHALL_KEY", base64.b64encode(b"a key that only the tests use 32b").decode()[:44])
os.environ.setdefault("GUILDHALL_SANDBOX", "1")
sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1])]

import django  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()
settings.ALLOWED_HOSTS.append("testserver")  # what Django's client calls us

import psycopg  # noqa: E402
import pytest  # noqa: E402
from argon2 import PasswordHasher  # noqa: E402
from django.db import connections  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402
from jinja2 import FileSystemBytecodeCache  # noqa: E402

from guildhall.config import wiring  # noqa: E402
from guildhall.config.database_urls import django_database  # noqa: E402
from guildhall.identity.operations import passwords  # noqa: E402
from guildhall.kernel import clock, events  # noqa: E402
from guildhall.kernel.tenancy import acting_for  # noqa: E402
from tests import databases  # noqa: E402
from tests.fast_path import FastPathClient  # noqa: E402
from tests.other_login import OtherLogin  # noqa: E402

if importlib.util.find_spec("guildhall.organisations.testing"):
    from guildhall.organisations.queries import Council
    from guildhall.organisations.testing import make_council

hypothesis_settings.register_profile("guildhall", deadline=None)  # how long a test takes is no promise
hypothesis_settings.load_profile("guildhall")

Settle = Callable[[], None]
AsLogin = Callable[[str], AbstractContextManager[psycopg.Connection]]
AsOwner = Callable[[Callable[[], Any]], Any]


_announced_before: list[int] = []


@pytest.fixture(autouse=True)
def stand_on_the_database(request: pytest.FixtureRequest) -> None:
    """Give every ring but the domain's a database, and forget what earlier tests announced and nobody delivered."""
    if "tests/domain/" not in request.node.path.as_posix():
        request.getfixturevalue("database")
        with connections["default"].cursor() as cursor:
            cursor.execute("DELETE FROM kernel_trycount")  # all tests of a run come from one network
            cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
            _announced_before.append(cursor.fetchone()[0])


@pytest.fixture(autouse=True, scope="session")
def pages_are_compiled_once() -> None:
    """Keep the code of compiled templates from one process to the next; a template that changed is compiled again."""
    kept = databases.HOME / "pages"
    kept.mkdir(parents=True, exist_ok=True)
    engines["jinja2"].env.bytecode_cache = FileSystemBytecodeCache(str(kept))  # type: ignore[attr-defined]


@pytest.fixture(autouse=True, scope="session")
def passwords_cost_little() -> Iterator[None]:
    """Encode passwords at next to no cost: at the real one, signing in would be a tenth of what tests do."""
    with _encoding_with(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        yield


@pytest.fixture
def real_password_cost() -> Iterator[None]:
    """Encode passwords at the cost at which the product does."""
    with _encoding_with(_PRODUCTS_HASHER):
        yield


_PRODUCTS_HASHER = passwords._HASHER


@contextmanager
def _encoding_with(hasher: PasswordHasher) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", hasher)
        passwords._nobodys_password.cache_clear()
        yield
    passwords._nobodys_password.cache_clear()


@pytest.fixture(scope="session")
def database() -> Iterator[dict[str, str]]:
    """A migrated database of this run's own; the default connection is web's."""
    with databases.fresh_copy() as urls:
        settings.LOGIN_URLS.update(urls)
        connections.settings["default"].update(django_database(urls["web"], pooled=False))
        connections["default"].settings_dict.update(connections.settings["default"])
        yield urls
        connections.close_all()


@pytest.fixture(scope="session")
def dispatcher_login(database: dict[str, str]) -> Iterator[OtherLogin]:
    """The worker's login, for all tests of this process."""
    login = OtherLogin(database["dispatcher"])
    yield login
    login.end()


@pytest.fixture(scope="session")
def owner_login(database: dict[str, str]) -> Iterator[OtherLogin]:
    """The login of commands, for all tests of this process."""
    login = OtherLogin(database["owner"])
    yield login
    login.end()


@pytest.fixture
def as_dispatcher(dispatcher_login: OtherLogin) -> Callable[[Callable[[], int]], int]:
    """Run a step of the worker's as its login, for no council, and return how much it handled."""
    return dispatcher_login.do


@pytest.fixture
def as_login(database: dict[str, str]) -> AsLogin:
    """A raw connection as one of the logins: ``with as_login("writer") as connection``."""

    @contextmanager
    def connect(login: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(database[login]) as connection:
            yield connection

    return connect


@pytest.fixture
def council(database: dict[str, str]) -> Iterator["Council"]:
    """A fresh live council, on whose behalf the test acts."""
    made = make_council()
    with acting_for(made.id):
        yield made


@pytest.fixture
def other_council(database: dict[str, str]) -> "Council":
    """Another fresh live council, to whom nothing of the first may show."""
    with acting_for(None):
        return make_council()


@pytest.fixture
def client() -> Client:
    return FastPathClient()


@pytest.fixture
def as_owner(owner_login: OtherLogin) -> AsOwner:
    """Do something as the owner's login, as commands do, and return what it returned: ``as_owner(load_councils)``."""

    def run(work: Callable[[], Any]) -> Any:
        def for_no_council() -> Any:
            with acting_for(None):
                return work()

        return owner_login.do(for_no_council)

    return run


@pytest.fixture
def settle(dispatcher_login: OtherLogin) -> Settle:
    """Do what the worker would do, as the dispatcher's login, until nothing is left: deliveries, then loops."""
    return lambda: dispatcher_login.do(_work_until_idle)


def _work_until_idle() -> None:
    while _deliver_what_waits() or any(loop.step(clock.now()) for loop in wiring.LOOPS):
        pass


def _deliver_what_waits() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT id, args FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'reactions' AND id > %s",
            [_announced_before[-1]],
        )
        waiting = cursor.fetchall()
    for job, arguments in waiting:
        with connections["default"].cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job])
        events.deliver(**json.loads(arguments))
    return len(waiting)
