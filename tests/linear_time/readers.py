"""Every function that reads text from outside, and every thing that holds some, with a way to hand it a text.

They are found, not remembered. Each public function of the rooms that read (every ``domain``, ``contact``,
``calendars``, ``spreadsheets``, the kernel, the design, all providers, passwords, and the parsing modules of every
``wire``) that takes text or bytes is a reader.
So is every function of ``pages``, private ones too, that takes text or a browser's request and is no view. Each public
class whose things hold text is asked for all of its properties, and its methods are called (also in ``queries``,
``operations`` and ``ports``). What is handed over is made as the annotations say (``made.py``). One that asks for more
has a way written down in ``ways.py``; one that reads nothing from outside stands in ``reads_nothing.py`` with the
reason. A function or class with neither fails the test.
"""

import ast
import functools
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from django.apps import AppConfig
from django.db.models import Model

from tests.linear_time.made import CannotBeMade, hints_of, made
from tests.linear_time.patterns import sources

_ROOMS = {"domain", "contact", "calendars", "spreadsheets", "kernel", "design", "providers", "pages"}
_SHELVES = {"ports", "queries", "operations"}
"""Where things are kept that hold text, and nothing is read."""
_WIRE_THAT_ASKS_AND_ANSWERS = {"urls", "views", "render", "refusals", "answers", "nowhere", "speaking", "noting"}
_OTHERS = {"guildhall.identity.operations.passwords", "guildhall.config.logs"}
_TEXT = re.compile(r"\b(str|bytes|object|Any|Typed|Body|Said|Words|Text|QueryDict|Submitted|UploadedFile)\b")

Ways = Mapping[str, Callable[[str], object]]


@dataclass(frozen=True)
class Reader:
    """A function, or a class with all that its things tell, by its full name, as something that is given a text."""

    name: str
    read: Callable[[str], object]


def found(ways: Ways, reads_nothing: Mapping[str, str]) -> Iterator[Reader]:
    """Yield every function that reads. Of one that is written down, its way counts."""
    for name, function in _functions():
        if name in ways:
            yield Reader(name, ways[name])
        elif not _reason(name, reads_nothing):
            yield Reader(name, partial(_call, _named(name), _arguments(_named(name), function)))
    for name in ways.keys() - {name for name, _ in _functions()}:
        yield Reader(name, ways[name])


def things(ways: Ways, reads_nothing: Mapping[str, str]) -> Iterator[Reader]:
    """Yield every class whose things hold text, as a reader that makes one of a text and asks it everything."""
    for name, members in _classes():
        if name not in ways and not _reason(name, reads_nothing):
            yield Reader(name, partial(ask_all, _named(name), members))


def unknown(ways: Ways, reads_nothing: Mapping[str, str]) -> list[str]:
    """Return the functions and classes that nobody knows how to give a text, and the reasons that are nobody's."""
    names = {name for name, _ in (*_functions(), *_classes())}
    return [
        *(
            f"{each.name}: {fault}"
            for each in (*found(ways, reads_nothing), *things(ways, reads_nothing))
            if (fault := _why_it_cannot_be_read(each))
        ),
        *(f"{name} is gone" for name in reads_nothing if not any(each.startswith(name) for each in names)),
    ]


def _why_it_cannot_be_read(reader: Reader) -> str:
    try:
        heard(reader.read, "a")
    except CannotBeMade as fault:
        return f"nobody knows how to make a {fault}"
    except Exception:
        return ""  # told when it is read
    return ""


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


class OutOfReach(Exception):
    """A reader goes on to the database. What it reads before is tried; what it does there is for other tests."""


def keep_from_the_database(*_connection: object) -> NoReturn:
    raise OutOfReach


def is_ours(fault: BaseException) -> bool:
    """Whether an exception is one that our own code foresees, or what keeps it from the database."""
    return type(fault).__module__.startswith("guildhall.") or isinstance(fault, OutOfReach)


def _named(name: str) -> Any:
    """Return the function or class of a full name."""
    module, _, dotted = name.rpartition(".")
    return getattr(importlib.import_module(module), dotted)


def _call(function: Callable[..., Any], arguments: Mapping[str, Any], text: str) -> object:
    result = function(**{name: made(hint, text) for name, hint in arguments.items()})
    return list(result) if isinstance(result, Iterator) else result


def ask_all(kind: type, members: Sequence[ast.FunctionDef], text: str) -> None:
    """Make a thing of a text and ask it for each of its properties, and each of its methods as its annotations say."""
    thing = made(kind, text)
    for member in members:
        method = inspect.getattr_static(kind, member.name)
        if isinstance(method, property | functools.cached_property):
            heard(getattr, thing, member.name)
        else:
            heard(_call, getattr(thing, member.name), _arguments(getattr(kind, member.name), member), text)


def _reason(name: str, reads_nothing: Mapping[str, str]) -> str | None:
    parts = name.split(".")
    return next((why for end in range(len(parts), 0, -1) if (why := reads_nothing.get(".".join(parts[:end])))), None)


@functools.cache
def _functions() -> tuple[tuple[str, ast.FunctionDef], ...]:
    """Return the functions that take text: the public ones of the rooms that read, and all of pages but the views."""
    return tuple(
        (f"{name}.{node.name}", node)
        for name, node in _definitions()
        if isinstance(node, ast.FunctionDef) and _is_a_room_that_reads(name) and reads(name, node)
    )


@functools.cache
def _classes() -> tuple[tuple[str, tuple[ast.FunctionDef, ...]], ...]:
    """Return the public classes whose things hold text, or take it, each with what it can be asked."""
    return tuple(
        (f"{name}.{kind.name}", asked)
        for name, kind in _definitions()
        if isinstance(kind, ast.ClassDef) and not kind.name.startswith("_") and (asked := _asked_of(kind))
        if _holds_text(kind) and _is_of_things(_named(f"{name}.{kind.name}"))
    )


@functools.cache
def _definitions() -> tuple[tuple[str, ast.stmt], ...]:
    """Return the functions and classes of every room, each with the name of its module."""
    return tuple(
        (name, node)
        for name, tree in sources(among=_is_a_room_of_things)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    )


def _asked_of(kind: ast.ClassDef) -> tuple[ast.FunctionDef, ...]:
    methods = (each for each in kind.body if isinstance(each, ast.FunctionDef))
    return tuple(each for each in methods if not each.name.startswith("_"))


def _holds_text(kind: ast.ClassDef) -> bool:
    fields = (ast.unparse(each.annotation) for each in kind.body if isinstance(each, ast.AnnAssign))
    methods = (each for each in kind.body if isinstance(each, ast.FunctionDef))
    return any(map(_TEXT.search, fields)) or any(map(_takes_text, methods))


def _is_of_things(kind: type) -> bool:
    """Whether there are things of a class that hold something, not only promises, refusals and rows."""
    is_promised = getattr(kind, "_is_protocol", False) or inspect.isabstract(kind)
    return not is_promised and not issubclass(kind, BaseException | Model | AppConfig)


def reads(module: str, function: ast.FunctionDef) -> bool:
    """Whether a function of a module that reads takes text, and hands none of it to a view."""
    if is_of_pages(module):
        return _takes_text(function) and not _answers(function)
    return _takes_text(function) and not function.name.startswith("_") and not _is_asked(function)


def _is_a_room_that_reads(name: str) -> bool:
    parts = name.split(".")
    if "wire" in parts:
        return parts[-1] not in _WIRE_THAT_ASKS_AND_ANSWERS and "described" not in parts
    return bool(_ROOMS & {*parts}) or name in _OTHERS


def _is_a_room_of_things(name: str) -> bool:
    parts = name.split(".")
    return parts[-1] not in ("testing", "models", "apps") and (_is_a_room_that_reads(name) or bool(_SHELVES & {*parts}))


def is_of_pages(name: str) -> bool:
    return "pages" in name.split(".")


def _takes_text(function: ast.FunctionDef) -> bool:
    return any(_TEXT.search(annotation) or annotation == "HttpRequest" for annotation in _annotated(function).values())


def _is_asked(function: ast.FunctionDef) -> bool:
    """Whether a function is given a browser's request."""
    return "HttpRequest" in _annotated(function).values()


def _answers(function: ast.FunctionDef) -> bool:
    """Whether a function is a view, or part of one: what it reads it reads by the functions that are tried."""
    return "Response" in ast.unparse(function.returns or ast.Constant(None))


def _annotated(function: ast.FunctionDef) -> dict[str, str]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return {each.arg: ast.unparse(each.annotation) for each in arguments if each.annotation}


def _arguments(function: Callable[..., Any], written: ast.FunctionDef) -> dict[str, Any]:
    """Return what a function is to be given: what it cannot do without, and every text."""
    hints, parameters = hints_of(function), inspect.signature(function).parameters
    return {
        name: hints[name]
        for name in _annotated(written)
        if parameters[name].default is inspect.Parameter.empty or hints[name] in (str, bytes)
    }
