"""Questions, answers and problems together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from guildhall.design.forms.asking import Asked, Field, Params, Problem, Submitted, Value


@dataclass(frozen=True, init=False)
class Form:
    """Questions, answers and problems together. Every change returns a new form."""

    fields: tuple[Field, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def __init__(
        self, *fields: Field, values: Mapping[str, Value] | None = None, problems: Iterable[Problem] = ()
    ) -> None:
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "values", dict(values or {}))
        object.__setattr__(self, "problems", tuple(problems))

    def read(self, submitted: Submitted) -> "Form":
        """Return the form with what the browser sent."""
        return Form(*self.fields, values={each.name: each.read(submitted) for each in self.fields})

    def refuse(self, name: str, message: str, part: str = "") -> "Form":
        """Return the form with one more thing wrong, about the field ``name`` (or one part of it)."""
        return self.refuse_all([Problem(name, message, part)])

    def refuse_all(self, problems: Iterable[Problem]) -> "Form":
        """Return the form with more things wrong."""
        return Form(*self.fields, values=self.values, problems=(*self.problems, *problems))

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)

    def text(self, name: str) -> str:
        """Return the answer to a field of one input; empty when there is none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the boxes that were ticked."""
        value = self.values.get(name, ())
        return tuple(value) if isinstance(value, tuple) else ()

    def parts(self, name: str) -> Mapping[str, str]:
        """Return the answer to a date, a name or an address."""
        value = self.values.get(name, {})
        return value if isinstance(value, Mapping) else {}

    def __getitem__(self, name: str) -> Asked:
        """Return one field for its macro, by name: ``form.email`` or ``form["email"]`` in a template."""
        asked = self._field(name)
        problems = tuple(problem for problem in self.problems if problem.field == name)
        return Asked(asked, self.values.get(name, asked.empty()), problems)

    def __iter__(self) -> Iterator[Asked]:
        return (self[each.name] for each in self.fields)

    def summary(self) -> list[Params]:
        """Return the entries of the error summary, in the order of the questions, each leading to its field."""
        order = {each.name: place for place, each in enumerate(self.fields)}
        ordered = sorted(self.problems, key=lambda problem: order.get(problem.field, len(order)))
        return [{"text": problem.message} | self._link(problem) for problem in ordered]

    def _link(self, problem: Problem) -> Params:
        found = next((each for each in self.fields if each.name == problem.field), None)
        return {"href": f"#{found.anchor(problem.part)}"} if found else {}

    def _field(self, name: str) -> Field:
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)
