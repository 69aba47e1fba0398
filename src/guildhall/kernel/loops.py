"""Bulk work that claims its own rows: the worker runs each loop in a thread until there is nothing left to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Loop:
    """``step`` handles one batch and returns how many rows it handled; none means: rest a moment.

    A step opens its own transactions and must leave nothing half done when the process dies inside it.
    """

    name: str
    step: Callable[[datetime], int]
    rest_seconds: float = 0.5
