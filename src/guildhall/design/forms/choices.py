"""Questions answered by choosing."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.design.forms.asking import Field, Option, Params, Problem, Submitted, Value


@dataclass(frozen=True)
class Choice(Field):
    """Answers to choose from. Nobody types one, so what is longer than any of them is cut and is none of them."""

    options: Sequence[Option] = ()
    is_small: bool = False
    is_inline: bool = False

    def read(self, submitted: Submitted) -> Value:
        return self._cut(str(submitted.get(self.name, "") or "")).replace("\x00", "").strip()

    def _cut(self, chosen: str) -> str:
        return chosen[: max((len(option.value) for option in self.options), default=0) + 1]

    def _items(self, chosen: tuple[str, ...]) -> list[Params]:
        return [self._item(option, chosen) for option in self.options]

    def _item(self, option: Option, chosen: tuple[str, ...]) -> Params:
        if option.divider:
            return {"divider": option.label}
        item: Params = {"value": option.value, "text": option.label, "checked": option.value in chosen}
        return item | ({"hint": {"text": option.hint}} if option.hint else {})

    def _classes(self) -> Params:
        wanted = {"small": self.is_small, "inline": self.is_inline}
        return {"classes": " ".join(f"govuk-{self.component}--{name}" for name, is_on in wanted.items() if is_on)}


@dataclass(frozen=True)
class RadiosField(Choice):
    """One of several."""

    component = "radios"

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        options = {"name": self.name, "idPrefix": self.name, "items": self._items((str(value),))}
        return self._in_fieldset(problems) | self._classes() | options


@dataclass(frozen=True)
class SelectField(Choice):
    """One of many, in a list that opens. Radios are easier where there are few."""

    component = "select"

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        items = [
            {"value": option.value, "text": option.label, "selected": option.value == value} for option in self.options
        ]
        return self._labelled(problems) | {"items": items}


@dataclass(frozen=True)
class CheckboxesField(Choice):
    """Any number of several."""

    component = "checkboxes"

    def empty(self) -> Value:
        return ()

    def read(self, submitted: Submitted) -> Value:
        chosen = submitted.getlist(self.name)[: len(self.options) + 1]
        return tuple(self._cut(str(value)) for value in chosen)

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        chosen = tuple(value) if isinstance(value, tuple) else (str(value),)
        options = {"name": self.name, "idPrefix": self.name, "items": self._items(chosen)}
        return self._in_fieldset(problems) | self._classes() | options
