"""Every pattern that the code compiles, and what is done with it. One that cannot be found is told, not left out."""

import ast
import functools
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.code import tree_of

PACKAGE = Path(__file__).parents[2] / "src" / "guildhall"

Use = Callable[[re.Pattern[Any], Any], object]
Assignment = ast.Assign | ast.AnnAssign


def _walk(pattern: re.Pattern[Any], text: Any) -> None:
    for _ in pattern.finditer(text):
        pass


USES: Mapping[str, Use] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "finditer": _walk,
}
_WALKS = frozenset({"search", "findall", "sub", "subn", "split", "finditer"})
"""Methods that try a pattern at one place after the other, as ``finditer`` does."""

_FUNCTIONS = _WALKS | {"match", "fullmatch", "template"}
"""Functions of ``re`` that compile what they are given and keep it to themselves."""


@dataclass(frozen=True)
class Found:
    """A pattern with the place that names it, and the ways in which it is used there; all, when that cannot be told."""

    place: str
    pattern: re.Pattern[Any]
    uses: frozenset[str]


def sources(
    *, that_say: str = "", among: Callable[[str], bool] = lambda name: True
) -> Iterator[tuple[str, ast.Module]]:
    """Yield the name and code of every module with some word in it. Migrations only hold what the database runs."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("guildhall", *path.relative_to(PACKAGE).with_suffix("").parts)
        name = ".".join(parts).removesuffix(".__init__")
        if "migrations" in parts or not among(name):
            continue
        if that_say in path.read_text(encoding="utf-8"):
            yield name, tree_of(path)


def hidden_patterns(name: str, tree: ast.Module) -> list[str]:
    """Return the places of a module where a pattern is compiled or used that no constant of the module holds."""
    seen = {id(call) for place in (*_statements(tree), *_makers(tree)) for call in ast.walk(place)}
    return [
        f"{name}:{node.lineno} {ast.unparse(node)[:80]}"
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module == "re")
        or (isinstance(node, ast.Attribute) and _is_of_re(node, *_FUNCTIONS))
        or (isinstance(node, ast.Call) and _is_of_re(node.func, "compile") and id(node) not in seen)
    ]


def patterns(name: str, tree: ast.Module) -> Iterator[Found]:
    """Yield the patterns of a module's constants, of its classes' and of its functions that do nothing but make one."""
    module = importlib.import_module(name)
    makers = {function.name for function in _makers(tree) if not function.args.args}
    constants = [constant for statement in _statements(tree) for constant in _names(statement)]
    for constant in (*constants, *makers):
        held = _value(module, constant)
        for number, pattern in enumerate(_within(held() if constant in makers else held)):
            place = f"{name}.{constant}" + (f"[{number}]" if number else "")
            yield Found(place, pattern, frozenset(USES) if constant in makers else _uses_of(constant, tree))


def _value(module: ModuleType, dotted: str) -> Any:
    return functools.reduce(getattr, dotted.split("."), module)


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns that a constant holds: it is one, is a method of one, or has some inside."""
    owner = getattr(value, "__self__", None)
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(owner, re.Pattern):
        yield owner
    elif isinstance(value, Mapping):
        yield from _within((*value.keys(), *value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _within(each)


def _statements(tree: ast.Module) -> Iterator[Assignment]:
    """Yield the assignments to a module's names."""
    return (statement for statement in tree.body if isinstance(statement, Assignment))


def _makers(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield the functions that make a pattern from a data file, or for the module's constants and for nobody else."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and "re.Pattern" in ast.unparse(
            function.returns or ast.Constant(None)
        ):
            called_within = [
                call
                for body in tree.body
                if isinstance(body, ast.FunctionDef | ast.ClassDef)
                for call in ast.walk(body)
                if isinstance(call, ast.Call) and ast.unparse(call.func) == function.name
            ]
            if not function.args.args or (function.name.startswith("_") and not called_within):
                yield function


def _names(statement: Assignment) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names = [name for target in targets for name in getattr(target, "elts", [target])]
    return [name.id for name in names if isinstance(name, ast.Name)]


def _is_of_re(node: ast.AST, *names: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr in names) == ("re", True)
    )


def _uses_of(constant: str, tree: ast.Module) -> frozenset[str]:
    """Return the ways in which a module uses its constant; all, if anything is done with it that cannot be told."""
    named = sum(isinstance(node, ast.Name) and node.id == constant for node in ast.walk(tree))
    taken = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == constant
    ]
    uses = {"finditer" if method in _WALKS else method for method in taken}
    is_plain = constant.startswith("_") and 0 < len(taken) == named - 1 and USES.keys() >= uses
    return frozenset(uses) if is_plain else frozenset(USES)
