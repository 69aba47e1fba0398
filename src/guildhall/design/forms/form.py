"""Questions, answers and problems together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from guildhall.design.forms.asking import Asked, Field, Params, Problem, Submitted, Value
from guildhall.design.forms.lengths import TooLong


class TypedTooMuch(Exception):
    """An answer was asked for that is longer than may be read; ``form`` says so beside its question.

    No refusal: a view that catches refusals must not take the form for one that it may act on. Where a view lets it
    through, the form is shown again on a page of its own (``design.pages.too_long``).
    """

    def __init__(self, form: "Form") -> None:
        super().__init__("an answer is longer than may be read")
        self.form = form


@dataclass(frozen=True, init=False)
class Form:
    """Questions, answers and problems together. Every change returns a new form."""

    fields: tuple[Field, ...]
    typed: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def __init__(
        self, *fields: Field, values: Mapping[str, Value] | None = None, problems: Iterable[Problem] = ()
    ) -> None:
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "typed", dict(values or {}))
        object.__setattr__(self, "problems", tuple(problems))

    def read(self, submitted: Submitted) -> "Form":
        """Return the form with what the browser sent; refused where more was typed than a question takes."""
        typed = {each.name: each.read(submitted) for each in self.fields}
        problems = (problem for each in self.fields for problem in each.find_too_long(typed[each.name]))
        return Form(*self.fields, values=typed, problems=problems)

    def refuse(self, name: str, message: str, part: str = "") -> "Form":
        """Return the form with one more thing wrong, about the field ``name`` (or one part of it)."""
        return self.refuse_all([Problem(name, message, part)])

    def refuse_all(self, problems: Iterable[Problem]) -> "Form":
        """Return the form with more things wrong."""
        return Form(*self.fields, values=self.typed, problems=(*self.problems, *problems))

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)

    def is_too_long(self, name: str) -> bool:
        """Say whether more was typed into a field than may be read, so that there is no answer to take."""
        value = self.typed.get(name, "")
        return any(isinstance(each, TooLong) for each in (value.values() if isinstance(value, Mapping) else (value,)))

    @property
    def values(self) -> Mapping[str, Value]:
        """Return every answer.

        :raises TypedTooMuch: one is longer than may be read; so for each of the four below.
        """
        return {name: self.answer(name) for name in self.typed}

    def answer(self, name: str) -> Value:
        """Return an answer of whatever kind."""
        if self.is_too_long(name):
            raise TypedTooMuch(self)
        return self.typed.get(name, "")

    def text(self, name: str) -> str:
        """Return the answer to a field of one input; empty when there is none."""
        value = self.answer(name)
        return value if isinstance(value, str) else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the boxes that were ticked."""
        value = self.answer(name)
        return tuple(value) if isinstance(value, tuple) else ()

    def parts(self, name: str) -> Mapping[str, str]:
        """Return the answer to a date, a name or an address."""
        value = self.answer(name)
        return value if isinstance(value, Mapping) else {}

    def __getitem__(self, name: str) -> Asked:
        """Return one field for its macro, by name: ``form.email`` or ``form["email"]`` in a template."""
        asked = self._by_name[name]
        return Asked(asked, self.typed.get(name, asked.empty()), tuple(self._problems_by_name.get(name, ())))

    def __iter__(self) -> Iterator[Asked]:
        return (self[each.name] for each in self.fields)

    def summary(self) -> list[Params]:
        """Return the entries of the error summary, in the order of the questions, each leading to its field."""
        order = {each.name: place for place, each in enumerate(self.fields)}
        ordered = sorted(self.problems, key=lambda problem: order.get(problem.field, len(order)))
        return [{"text": problem.message} | self._link(problem) for problem in ordered]

    def _link(self, problem: Problem) -> Params:
        found = self._by_name.get(problem.field)
        return {"href": f"#{found.anchor(problem.part)}"} if found else {}

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in reversed(self.fields)}

    @cached_property
    def _problems_by_name(self) -> Mapping[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            found.setdefault(problem.field, []).append(problem)
        return found
