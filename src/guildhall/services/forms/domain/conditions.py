"""Conditions: typed questions about answers, put together with all, any and not, under names of their own.

A comparison with a question that has not been answered is false, whichever way it asks: a form must not act on what
nobody said.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guildhall.services.forms.domain.questions.asking import Fact

Facts = Mapping[str, Fact]


class Condition(ABC):
    """Something that is true or false of the answers so far."""

    @abstractmethod
    def holds(self, facts: Facts) -> bool:
        """Decide whether it is true of these facts."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Return how many comparisons deciding it may take, those of conditions it names included."""

    @abstractmethod
    def asks_about(self) -> frozenset[str]:
        """Name the questions whose answers decide it."""


@dataclass(frozen=True)
class Comparison(Condition):
    """One answer compared with one value."""

    question: str
    operator: str
    value: Any = None

    @property
    def size(self) -> int:
        return 1

    def holds(self, facts: Facts) -> bool:
        fact = facts.get(self.question)
        return fact is not None and OPERATORS[self.operator](fact, self.value)

    def asks_about(self) -> frozenset[str]:
        return frozenset({self.question})


@dataclass(frozen=True)
class AllOf(Condition):
    """Every one of them."""

    of: tuple[Condition, ...]

    @property
    def size(self) -> int:
        return sum(condition.size for condition in self.of)

    def holds(self, facts: Facts) -> bool:
        return all(condition.holds(facts) for condition in self.of)

    def asks_about(self) -> frozenset[str]:
        return self._asked

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset[str]().union(*(condition.asks_about() for condition in self.of))


@dataclass(frozen=True)
class AnyOf(AllOf):
    """At least one of them."""

    def holds(self, facts: Facts) -> bool:
        return any(condition.holds(facts) for condition in self.of)


@dataclass(frozen=True)
class Not(Condition):
    """The opposite."""

    of: Condition

    @property
    def size(self) -> int:
        return self.of.size

    def holds(self, facts: Facts) -> bool:
        return not self.of.holds(facts)

    def asks_about(self) -> frozenset[str]:
        return self.of.asks_about()


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda fact, value: fact == value,
    "is_not": lambda fact, value: fact != value,
    "contains": lambda fact, value: value in fact,
    "does_not_contain": lambda fact, value: value not in fact,
    "is_at_least": lambda fact, value: fact >= value,
    "is_at_most": lambda fact, value: fact <= value,
    "is_less_than": lambda fact, value: fact < value,
    "is_more_than": lambda fact, value: fact > value,
    "is_before": lambda fact, value: fact < value,
    "is_after": lambda fact, value: fact > value,
    "is_longer_than": lambda fact, value: len(fact) > value,
    "is_shorter_than": lambda fact, value: len(fact) < value,
    "has_length": lambda fact, value: len(fact) == value,
    "is_answered": lambda fact, value: True,
}
"""What can be asked about an answer. Which of them a question allows, its kind says (services contract 2)."""

ABOUT_LENGTH = frozenset({"is_longer_than", "is_shorter_than", "has_length"})
ABOUT_NOTHING_ELSE = frozenset({"is_answered"})
