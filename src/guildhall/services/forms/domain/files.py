"""Definitions as they come in files: ours, or XGov's with or without a Welsh twin."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from guildhall.services.forms.domain.messages import problem_words
from guildhall.services.forms.domain.parsing import DefinitionInvalid, parse
from guildhall.services.forms.domain.reading import Problem
from guildhall.services.forms.domain.xgov import import_xgov, looks_like_xgov

LONGEST_NUMBER = 25


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
        return json.loads(
            file,
            object_pairs_hook=_without_repeats,
            parse_int=_number(int),
            parse_float=_number(float),
            parse_constant=_no_number,
        )
    except _Refused as refused:
        raise DefinitionInvalid((Problem(place, refused.words),)) from refused
    except RecursionError as fault:
        raise DefinitionInvalid((Problem(place, problem_words("too_deep")),)) from fault
    except json.JSONDecodeError as fault:
        where = problem_words("not_json", line=fault.lineno, column=fault.colno)
        raise DefinitionInvalid((Problem(place, where),)) from fault
    except ValueError as fault:
        raise DefinitionInvalid((Problem(place, problem_words("not_text")),)) from fault


class _Refused(ValueError):
    """The file is JSON, but says what cannot be kept."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.words = problem_words(key, **values)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Keep an object's keys. One that is there twice is refused, because one of the two would be lost."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Refused("key_twice", value=name[:100])
        found[name] = value
    return found


def _number(read: Callable[[str], int | float]) -> Callable[[str], int | float]:
    """Return a reader of numbers that looks at the length first: no form counts in so many digits."""

    def bounded(digits: str) -> int | float:
        number = read(digits) if len(digits) <= LONGEST_NUMBER else inf
        if not isfinite(number):
            raise _Refused("number_too_big")
        return number

    return bounded


def _no_number(word: str) -> Any:
    raise _Refused("number_too_big")
