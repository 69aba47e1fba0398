"""Three verbs for talking to the database, each of which says what it means.

``transaction``                one whole unit of work, committed when it returns; never inside another
``part_of_a_transaction``      a step of somebody else's unit of work; never on its own
``reading``                    a look: joins the unit of work that is open, or opens a short one

All three carry the council that is acting (see ``tenancy``) into the database. Each works as a decorator and,
but for ``part_of_a_transaction``, as a context manager.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar, overload

from django.db import connection
from django.db.transaction import atomic

from guildhall.kernel.tenancy import tell_the_database

P = ParamSpec("P")
R = TypeVar("R")


class NotInATransaction(Exception):
    """A step of a unit of work was called on its own: a bug in the caller."""


@overload
def transaction() -> AbstractContextManager[None]: ...
@overload
def transaction(work: Callable[P, R]) -> Callable[P, R]: ...
def transaction(work: Callable[P, R] | None = None) -> AbstractContextManager[None] | Callable[P, R]:
    """Do one whole unit of work: all of it is durably committed on return, or none of it happened.

    :raises RuntimeError: another transaction is open, so that the commit could not be promised.
    """
    return _unit_of_work() if work is None else _unit_of_work()(work)


@overload
def reading() -> AbstractContextManager[None]: ...
@overload
def reading(look: Callable[P, R]) -> Callable[P, R]: ...
def reading(look: Callable[P, R] | None = None) -> AbstractContextManager[None] | Callable[P, R]:
    """Look at rows within the council's wall, in the open transaction or a short one of its own.

    Rows of the ORM are useless after it: outside a transaction the wall hides what they refer to. Return values.
    """
    return _look() if look is None else _look()(look)


def part_of_a_transaction(step: Callable[P, R]) -> Callable[P, R]:
    """Mark a step that joins its caller's transaction, so that both happen or neither.

    :raises NotInATransaction: the caller has none open.
    """

    @wraps(step)
    def joined(*args: P.args, **kwargs: P.kwargs) -> R:
        if not connection.in_atomic_block:
            raise NotInATransaction(f"{step.__qualname__} is a step of a transaction: open one around it")
        return step(*args, **kwargs)

    return joined


@contextmanager
def _unit_of_work() -> Iterator[None]:
    with atomic(durable=True):
        tell_the_database()
        yield


@contextmanager
def _look() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
        return
    with atomic():
        tell_the_database()
        yield
