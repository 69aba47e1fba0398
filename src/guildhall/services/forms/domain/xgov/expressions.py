"""Conditions of XGov definitions, in both of their shapes: a line of code, or a list of comparisons.

In both, "and" binds tighter than "or".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guildhall.services.forms.domain.reading_conditions import LARGEST
from guildhall.services.forms.domain.xgov.pairing import text_of

_COMPARISON = re.compile(
    r"\s*+(?P<field>[A-Za-z_][\w.\-]*+)\s*+(?P<operator>==|!=|>=|<=|>|<)\s*+"
    r"(?P<value>'[^']*+'|\"[^\"]*+\"|true|false|-?\d++(?:\.\d++)?)\s*+"
)
_COORDINATOR = re.compile(r"(and|or|&&|\|\|)\b|(&&|\|\|)")
_WORDS = {"==": "is", "!=": "is not", ">=": "is at least", "<=": "is at most", ">": "is more than", "<": "is less than"}


class NotUnderstood(ValueError):
    """The condition says something we cannot say. ``what`` is the part."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class TooBig(ValueError):
    """The condition goes on for longer than anybody would take to decide it."""


@dataclass(frozen=True)
class Compared:
    """One comparison, in XGov's words."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True)
class Named:
    """Another condition, by name."""

    name: str


Member = Compared | Named
Alternatives = list[list[Member]]
"""Any of these, of each of which all must hold."""


def read(value: object) -> Alternatives:
    """Return what a condition's value says.

    :raises NotUnderstood: it says more than comparisons joined by and/or.
    :raises TooBig: it has more of them than a condition may.
    """
    if isinstance(value, str):
        return _from_code(value)
    rows = value.get("conditions") if isinstance(value, Mapping) else None
    if isinstance(rows, list) and len(rows) > LARGEST:
        raise TooBig
    if not isinstance(rows, list) or not rows:
        raise NotUnderstood(str(value)[:80])
    return _grouped([(_coordinator(row), _member(row)) for row in rows])


def _from_code(code: str) -> Alternatives:
    pairs: list[tuple[str, Member]] = []
    place, coordinator = 0, "and"
    while len(pairs) < LARGEST:
        found = _COMPARISON.match(code, place)
        if not found:
            raise NotUnderstood(code.strip()[:80])
        value = found["value"].strip("'\"")
        pairs.append((coordinator, Compared(found["field"], _WORDS[found["operator"]], value)))
        place = found.end()
        if place == len(code):
            return _grouped(pairs)
        joined = _COORDINATOR.match(code, place)
        if not joined:
            raise NotUnderstood(code.strip()[:80])
        coordinator = "or" if joined[0] in ("or", "||") else "and"
        place = joined.end()
    raise TooBig


def _grouped(pairs: list[tuple[str, Member]]) -> Alternatives:
    groups: Alternatives = []
    for coordinator, member in pairs:
        if coordinator == "or" or not groups:
            groups.append([])
        groups[-1].append(member)
    return groups


def _coordinator(row: Any) -> str:
    return "or" if isinstance(row, Mapping) and row.get("coordinator") == "or" else "and"


def _member(row: Any) -> Member:
    if not isinstance(row, Mapping):
        raise NotUnderstood(str(row)[:80])
    if isinstance(row.get("conditionName"), str):
        return Named(row["conditionName"])
    field, value = row.get("field"), row.get("value")
    if not isinstance(field, Mapping) or not isinstance(row.get("operator"), str):
        raise NotUnderstood(str(dict(row))[:80])
    if isinstance(value, Mapping):
        if value.get("type", "Value") != "Value":
            raise NotUnderstood(str(value.get("type")))
        value = value.get("value")
    return Compared(str(field.get("name", "")), row["operator"], text_of(value))
