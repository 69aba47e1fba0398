"""XGov conditions, routes and fees become ours."""

from typing import Any

from guildhall.kernel.outside import whole_number
from guildhall.services.forms.domain.reading_conditions import DEEPEST
from guildhall.services.forms.domain.xgov.expressions import Alternatives, Compared, Member, NotUnderstood, read
from guildhall.services.forms.domain.xgov.pairing import Object, objects
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
            self.source.problems.note(place, "xgov_unknown_condition", value=name)
            return name
        self.conditions[name] = {}
        self._depth += 1
        try:
            if self._depth > DEEPEST:
                raise NotUnderstood(name)
            self.conditions[name] = self._condition(read(found.get("value")), f"conditions[{name}]")
        except NotUnderstood as fault:
            self.source.problems.note(f"conditions[{name}]", "xgov_expression", what=fault.what)
        finally:
            self._depth -= 1
        return name

    def fees(self) -> list[Document]:
        """Return the fees."""
        return [self._fee(fee, f"fees[{place}]") for place, fee in enumerate(objects(self.source.form, "fees"))]

    def _fee(self, fee: Object, place: str) -> Document:
        charged: Document = {
            "amount_pence": fee.get("amount"),
            "description": self.source.words(fee, {}, "description"),
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
            raise NotUnderstood(compared.field)
        if compared.operator not in _OPERATORS:
            raise NotUnderstood(compared.operator)
        field, value = self.source.field(question_id), compared.value
        if field.get("type") == "YesNoField":
            value = _YES_NO.get(value.lower(), value)
        wanted: Document = {"q": question_id, "op": _OPERATORS[compared.operator], "value": value}
        if "length" in compared.operator or "er than" in compared.operator:
            number = whole_number(value)
            wanted["value"] = value if number is None else number
        return wanted
