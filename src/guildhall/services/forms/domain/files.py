"""Definitions as they come in files: ours, or XGov's with or without a Welsh twin."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guildhall.services.forms.domain.messages import problem_words
from guildhall.services.forms.domain.parsing import DefinitionInvalid, parse
from guildhall.services.forms.domain.reading import Problem
from guildhall.services.forms.domain.xgov import import_xgov, looks_like_xgov


@dataclass(frozen=True)
class Read:
    """A definition that hangs together, where it came from, and what was left out on the way."""

    document: Mapping[str, Any]
    source: str
    notes: tuple[Problem, ...] = ()


def read_definition(file: bytes, welsh: bytes | None, *, workflow: str) -> Read:
    """Read a definition from a file. ``welsh`` and ``workflow`` are for XGov's, which need them.

    :raises DefinitionInvalid: with everything that is wrong with it.
    """
    document = _decoded(file, "file")
    twin = _decoded(welsh, "welsh") if welsh else None
    if looks_like_xgov(document):
        imported = import_xgov(document, twin, workflow=workflow)
        return Read(imported.document, "xgov", imported.notes)
    if twin is not None:
        raise DefinitionInvalid((Problem("welsh", problem_words("welsh_not_needed")),))
    parse(document)
    return Read(document, "guildhall")


def _decoded(file: bytes, place: str) -> Any:
    try:
        return json.loads(file, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        key = "key_twice" if isinstance(fault, _KeyTwice) else "not_json"
        raise DefinitionInvalid((Problem(place, problem_words(key, value=str(fault)[:100])),)) from fault


def _refuse_constant(name: str) -> None:
    """Refuse ``NaN`` and ``Infinity``, which Python reads and JSON has not."""
    raise ValueError(name)


class _KeyTwice(ValueError):
    """An object names a key twice, so one of the two would be lost."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _KeyTwice(next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1))
    return found
