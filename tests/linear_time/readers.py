"""Every function that reads text from outside, with a way to hand it a text.

It is found, not remembered: each public function of the rooms that read (every ``domain``, ``contact``, the kernel, the
design, all providers, passwords, and the parsing modules of every ``wire``) that takes text is a reader. Most are
called as their annotations say. One that asks for more has a way written down in ``ways.py``; one that reads nothing
from outside stands in ``reads_nothing.py`` with the reason. A function with neither fails the test.
"""

import ast
import functools
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from guildhall.design.languages import Text as BothLanguages
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words
from guildhall.notify.wire.notify_v2.fields import Window
from tests.linear_time.patterns import sources

_ROOMS = {"domain", "contact", "kernel", "design", "providers"}
_WIRE_THAT_ASKS_AND_ANSWERS = {"urls", "views", "render", "refusals", "answers", "nowhere", "speaking", "noting"}
_OTHERS = {"guildhall.identity.operations.passwords", "guildhall.config.logs"}
_TEXT = re.compile(r"\b(str|bytes|object|Any|Typed|Body|Said|Words|Text)\b")

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """A function, by its full name, as something that is given a text."""

    name: str
    read: Callable[[str], object]


def split(text: str) -> list[str]:
    """Return the text as many short ones."""
    return [text[place : place + 4] for place in range(0, len(text), 4)]


def mapping(text: str) -> dict[str, object]:
    """Return an object with the text as a value, as a key, and in many short keys."""
    return {**dict.fromkeys(split(text), "x"), text: "x", "name": text}


_MAKERS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "str | None": str,
    "object": str,
    "Any": str,
    "Typed": str,
    "bytes": lambda text: text.encode(),
    "bytes | None": lambda text: text.encode(),
    "Iterable[bytes]": lambda text: [text.encode()],
    "Iterable[str]": split,
    "Iterable[object]": split,
    "Sequence[str]": split,
    "Collection[str]": split,
    "list[str]": split,
    "tuple[str, ...]": lambda text: tuple(split(text)),
    "Container[str]": frozenset,
    "Mapping[str, object]": mapping,
    "Mapping[str, str]": mapping,
    "Mapping[str, Any]": mapping,
    "dict[str, object]": mapping,
    "Mapping[str, Sequence[str]]": lambda text: {text: [text]},
    "Body": mapping,
    "Said": mapping,
    "Personalisation": lambda text: Personalisation({"name": text}),
    "Words": lambda text: Words(text, text),
    "Text": lambda text: BothLanguages(text, text),
    "bool": lambda text: True,
    "int": lambda text: 1,
    "float": lambda text: 1.5,
    "date": lambda text: date(2026, 3, 2),
    "datetime": lambda text: NOW,
    "UUID": lambda text: UUID(int=1),
    "Channel": lambda text: Channel.EMAIL,
    "Window": lambda text: Window(NOW, timedelta(days=1)),
}


def found(ways: Mapping[str, Callable[[str], object]], reads_nothing: Mapping[str, str]) -> Iterator[Reader]:
    """Yield every reader. Of one that is written down, its way counts."""
    for name, function in _functions():
        if name in ways:
            yield Reader(name, ways[name])
        elif not _reason(name, reads_nothing) and (arguments := _arguments(function)) is not None:
            yield Reader(name, _caller(name, arguments))
    for name in ways.keys() - {name for name, _ in _functions()}:
        yield Reader(name, ways[name])


def unknown(ways: Mapping[str, Callable[[str], object]], reads_nothing: Mapping[str, str]) -> list[str]:
    """Return the functions that take text and that nothing is known of, and the reasons that are nobody's."""
    names = {name for name, _ in _functions()}
    return [
        *(
            f"{name} takes text"
            for name, function in _functions()
            if name not in ways and not _reason(name, reads_nothing) and _arguments(function) is None
        ),
        *(f"{name} is gone" for name in reads_nothing if not any(each.startswith(name) for each in names)),
    ]


def forget() -> None:
    """Empty the caches in which our code keeps what it has read."""
    for cache in _caches():
        cache.cache_clear()


@functools.cache
def _caches() -> tuple[Any, ...]:
    """Return the caches of functions that are asked something; one that keeps a file of ours may keep it."""
    return tuple(
        function
        for name, module in list(sys.modules.items())
        if name.startswith("guildhall.")
        for function in vars(module).values()
        if hasattr(function, "cache_clear") and inspect.signature(function).parameters
    )


def heard(read: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call a reader; that it refuses is as good as that it reads."""
    try:
        return read(*given, **named)
    except Exception as refusal:
        if not is_ours(refusal):
            raise
        return None


def is_ours(fault: BaseException) -> bool:
    """Whether an exception is one that our own code foresees."""
    return type(fault).__module__.startswith("guildhall.")


def _caller(name: str, arguments: Sequence[tuple[str, str]]) -> Callable[[str], object]:
    module, _, dotted = name.rpartition(".")
    function = getattr(importlib.import_module(module), dotted)
    makers = [(argument, _MAKERS[annotation]) for argument, annotation in arguments]

    def call(text: str) -> object:
        result = function(**{argument: make(text) for argument, make in makers})
        return list(result) if isinstance(result, Iterator) else result

    return call


def _reason(name: str, reads_nothing: Mapping[str, str]) -> str | None:
    parts = name.split(".")
    return next((why for end in range(len(parts), 0, -1) if (why := reads_nothing.get(".".join(parts[:end])))), None)


@functools.cache
def _functions() -> tuple[tuple[str, ast.FunctionDef], ...]:
    """Return the public functions of the rooms that read, and the public methods of their classes, that take text."""
    return tuple(
        (f"{name}.{dotted}", function)
        for name, tree in sources()
        if _is_a_room_that_reads(name)
        for dotted, function in _public(tree)
        if any(_TEXT.search(annotation) for _, annotation in _annotated(function))
        if not any(annotation == "HttpRequest" for _, annotation in _annotated(function))
    )


def _is_a_room_that_reads(name: str) -> bool:
    parts = name.split(".")
    if "wire" in parts:
        return parts[-1] not in _WIRE_THAT_ASKS_AND_ANSWERS and "described" not in parts
    return bool(_ROOMS & {*parts}) or name in _OTHERS


def _public(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for each in node.body:
                if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                    yield f"{node.name}.{each.name}", each


def _annotated(function: ast.FunctionDef) -> list[tuple[str, str]]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return [(each.arg, ast.unparse(each.annotation)) for each in arguments if each.annotation]


def _arguments(function: ast.FunctionDef) -> list[tuple[str, str]] | None:
    """Return the arguments with which a function can be called as its annotations say; None when it asks for more."""
    asked = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    if any(each.arg == "self" for each in asked):
        return None
    optional = {
        *(each.arg for each in function.args.args[len(function.args.args) - len(function.args.defaults) :]),
        *(
            each.arg
            for each, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            if default is not None
        ),
    }
    given = [(name, kind) for name, kind in _annotated(function) if name not in optional or kind in ("str", "bytes")]
    return given if all(kind in _MAKERS for _, kind in given) else None
