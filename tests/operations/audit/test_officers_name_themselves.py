"""What an officer or an operator sends by a form reaches only operations that are told who acts.

Those are all driven, and found in the trail, by ``test_every_act_is_written_down``.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType
from typing import Any

from tests.addresses import patterns

from guildhall.kernel.audiences import find_audience, methods_of

from .driving import WHO_ACTS, name_of

CHANGES_NOTHING = {
    "notify.operations.accepting.counting.limit_of_day": "a number",
    "notify.operations.one_off.prepare_one": "how a message will read: nothing is written",
    "organisations.operations.teams.roles_of": "reads a form",
    "services.forms.operations.drafts.keep_answers": "a preview: answers that are never submitted",
    "services.forms.operations.drafts.start_draft": "a preview: answers that are never submitted",
    "services.forms.operations.versions.review": "what is wrong with a form: nothing is written",
}


def called_by(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Yield the functions of ours that are named in a function: called, handed on, or returned."""
    names = vars(sys.modules[function.__module__])
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Name | ast.Attribute):
            found = held_by(names, ast.unparse(node).split("."))
            if isinstance(found, FunctionType) and found.__module__.startswith("guildhall."):
                yield inspect.unwrap(found)


@cache
def tree_of(function: Callable[..., Any]) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def held_by(names: dict[str, Any], path: list[str]) -> object:
    found: object = names.get(path[0])
    for name in path[1:]:
        found = getattr(found, name, None)
    return found


def operations_of(view: Callable[..., Any]) -> set[Callable[..., Any]]:
    """Return the operations that a view comes to, by functions of pages."""
    seen, waiting, operations = {view}, [view], set()
    while waiting:
        for each in called_by(waiting.pop()):
            if ".operations" in each.__module__:
                operations.add(each)
            elif ".pages" in each.__module__ and each not in seen:
                seen.add(each)
                waiting.append(each)
    return operations


def silent_operations() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for _route, name, entry in patterns():
        audience = find_audience(entry.callback)
        if (
            audience is None
            or audience.kind not in ("officers", "operators")
            or "POST" not in methods_of(entry.callback)
        ):
            continue
        for operation in operations_of(inspect.unwrap(entry.callback)):
            if not WHO_ACTS & set(inspect.signature(operation).parameters):
                found.setdefault(name_of(operation), set()).add(name)
    return found


def test_what_officers_send_reaches_only_operations_that_are_told_who_acts() -> None:
    silent = silent_operations()
    assert silent.keys() == CHANGES_NOTHING.keys(), silent
