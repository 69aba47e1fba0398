"""Every operation that somebody does: found by its signature, and driven by a few lines that do it once."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import guildhall
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId
from guildhall.notify.testing import Sender
from guildhall.organisations.queries import Council

WHO_ACTS = {"actor", "by", "operator", "inviter", "officer"}
"""What operations call the one who acts."""

Operation = Callable[..., Any]


@dataclass(frozen=True)
class House:
    """A council with a service that sends, and an officer: only what the officer does is looked for in the trail."""

    council: Council
    sender: Sender
    me: PersonId
    arrange: Callable[..., None]
    """Do by a statement what only the worker may: ``arrange("UPDATE … WHERE id = %s", id)``."""

    def by_me(self) -> dict[str, Any]:
        return {"actor": self.me, "now": clock.now()}


Drives = Callable[[House], object]
DRIVERS: dict[Operation, Drives] = {}


def doing(operation: Operation) -> Callable[[Drives], Drives]:
    """Say that this function does the operation, as ``house.me``; what it needs before, somebody else does."""

    def keep(drives: Drives) -> Drives:
        DRIVERS[inspect.unwrap(operation)] = drives
        return drives

    return keep


def modules_of_operations() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(guildhall.__path__, "guildhall."):
        if ".operations" in found.name:
            yield importlib.import_module(found.name)


def acts_of(module: ModuleType) -> Iterator[Operation]:
    """Yield the public functions that the module defines and that are told who acts."""
    for name, held in vars(module).items():
        function = inspect.unwrap(held) if inspect.isfunction(held) else None
        if function is None or name.startswith("_") or function.__module__ != module.__name__:
            continue
        if WHO_ACTS & set(inspect.signature(function).parameters):
            yield function


def name_of(operation: Operation) -> str:
    return f"{operation.__module__.removeprefix('guildhall.')}.{operation.__name__}"
