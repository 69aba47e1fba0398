"""XGov conditions, routes and fees become ours."""

import re
from collections.abc import Callable
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from guildhall.services.forms.domain.reading_conditions import DEEPEST, LARGEST
from guildhall.services.forms.domain.xgov.components import KINDS, whole
from guildhall.services.forms.domain.xgov.expressions import Alternatives, Compared, Member, NotUnderstood, TooBig, read
from guildhall.services.forms.domain.xgov.pairing import NOTHING, Object, objects
from guildhall.services.forms.domain.xgov.source import Source

Document = dict[str, Any]

_OPERATORS = {
    word: word.replace(" ", "_")
    for word in (
        "is",
        "is not",
        "contains",
        "does not contain",
        "is at least",
        "is at most",
        "is less than",
        "is more than",
        "is longer than",
        "is shorter than",
        "has length",
        "is before",
        "is after",
    )
}
_YES_NO = {"true": "yes", "false": "no"}
_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "is at least": ge,
    "is at most": le,
    "is less than": lt,
    "is more than": gt,
}
_NUMBER = re.compile(r"-?[0-9]++(?:\.[0-9]++)?")
MOST_CHOICES = 100
"""A condition that compares a choice by its size becomes one comparison for each choice that fits."""


class Deciding:
    """The conditions that are used, read as they are met; the others decide nothing and are left behind."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.conditions: Document = {}
        self._depth = 0

    def use(self, name: str, place: str) -> str:
        """Carry a condition over and return its name."""
        if name in self.conditions:
            return name
        found = self.source.conditions.get(name)
        if found is None:
            self.source.problems.note(place, "xgov_unknown_condition", value=name[:80])
            return name
        self.conditions[name] = {}
        self._depth += 1
        try:
            if self._depth > DEEPEST:
                raise TooBig
            self.conditions[name] = self._condition(read(found.get("value")), f"conditions[{name}]")
        except NotUnderstood as fault:
            self.source.problems.note(f"conditions[{name[:80]}]", "xgov_expression", what=fault.what)
        except TooBig:
            self.source.problems.note(f"conditions[{name[:80]}]", "condition_too_big", most=LARGEST)
        finally:
            self._depth -= 1
        return name

    def fees(self) -> list[Document]:
        """Return the fees."""
        return [self._fee(fee, f"fees[{place}]") for place, fee in enumerate(objects(self.source.form, "fees"))]

    def _fee(self, fee: Object, place: str) -> Document:
        charged: Document = {
            "amount_pence": fee.get("amount"),
            "description": self.source.words(fee, {}, "description", place),
        }
        if fee.get("multiplier"):
            charged["multiply_by"] = self.source.field_id(str(fee["multiplier"])) or str(fee["multiplier"])
        if fee.get("condition"):
            charged["if"] = self.use(str(fee["condition"]), place)
        return charged

    def _condition(self, alternatives: Alternatives, place: str) -> Document | str:
        groups = [self._all(group, place) for group in alternatives]
        return groups[0] if len(groups) == 1 else {"any": groups}

    def _all(self, members: list[Member], place: str) -> Document | str:
        read_members = [self._member(member, place) for member in members]
        return read_members[0] if len(read_members) == 1 else {"all": read_members}

    def _member(self, member: Member, place: str) -> Document | str:
        return self._compared(member, place) if isinstance(member, Compared) else self.use(member.name, place)

    def _compared(self, compared: Compared, place: str) -> Document:
        question_id = self.source.field_id(compared.field)
        if question_id is None:
            raise NotUnderstood(compared.field[:80])
        if compared.operator not in _OPERATORS:
            raise NotUnderstood(compared.operator[:80])
        field, value = self.source.fields[question_id], compared.value
        if field.get("type") == "YesNoField":
            value = _YES_NO.get(value.lower(), value)
        if KINDS.get(str(field.get("type"))) == "radios" and compared.operator in _ORDER:
            return self._one_of_those(question_id, field, compared)
        wanted: Document = {"q": question_id, "op": _OPERATORS[compared.operator], "value": value}
        if "length" in compared.operator or "er than" in compared.operator:
            length = whole(value)
            wanted["value"] = value if length is None else length
        return wanted

    def _one_of_those(self, question_id: str, field: Object, compared: Compared) -> Document:
        """Compare what was chosen from a list of numbers: it is one of those that are big or small enough."""
        items = objects(self.source.lists.get(str(field.get("list")), NOTHING), "items")
        numbers = {str(item.get("value")): _number(str(item.get("value"))) for item in items[:MOST_CHOICES]}
        bound = _number(compared.value)
        if bound is None or None in numbers.values():
            raise NotUnderstood(f"{compared.operator} {compared.value}"[:80])
        fits = _ORDER[compared.operator]
        chosen = [value for value, number in numbers.items() if number is not None and fits(number, bound)]
        if not chosen or len(items) > MOST_CHOICES:
            raise NotUnderstood(f"{compared.operator} {compared.value}"[:80])
        return {"any": [{"q": question_id, "op": "is", "value": value} for value in chosen]}


def _number(words: str) -> Decimal | None:
    return Decimal(words) if len(words) <= 20 and _NUMBER.fullmatch(words) else None
