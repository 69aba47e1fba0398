"""Things that hold text, made of a text by what their fields say they are: whatever kind of thing it is."""

import collections.abc
import dataclasses
import functools
import inspect
import re
import types
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Set
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, QueryDict

from guildhall.design.forms import Form, TextField
from guildhall.kernel.visitor import NOBODY
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.personalisation import Personalisation

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class CannotBeMade(Exception):
    """Nobody says how such a thing is made of a text."""


def split(text: str) -> list[str]:
    """Return the text as many short ones."""
    return list(_pieces(text))


@functools.lru_cache(maxsize=8)
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(text[place : place + 4] for place in range(0, len(text), 4))


def mapping(text: str) -> dict[str, object]:
    """Return an object with the text as a value, as a key, and in many short keys."""
    return {**dict.fromkeys(split(text), "x"), text: "x", "name": text}


def request(text: str) -> HttpRequest:
    """Return a request that has a text wherever a browser may put one, of somebody who has not signed in."""
    made = HttpRequest()
    made.method, made.path, made.path_info = "POST", f"/{text}", f"/{text}"
    made.GET = made.POST = submitted(text)
    made.COOKIES = dict.fromkeys((*_NAMES, text), text)
    headers = {f"HTTP_{name}": text for name in ("ACCEPT_LANGUAGE", "X_FORWARDED_FOR", "AUTHORIZATION", "REFERER")}
    made.META = {"QUERY_STRING": text, "REMOTE_ADDR": text, **headers}
    made.FILES["file"] = file(text)
    made.visitor = NOBODY  # type: ignore[attr-defined]
    return made


def submitted(text: str) -> QueryDict:
    """Return what a form was sent with: a text in each box, many more in the same one, and one in a box of its name."""
    made = QueryDict(mutable=True)
    made.update(dict.fromkeys((*_NAMES, text), text))
    made.setlist("q", split(text))
    return made


def form(text: str) -> Form:
    """Return a form with a text in each box."""
    return Form(*(TextField(name, "Question") for name in _NAMES), values=dict.fromkeys(_NAMES, text))


def file(text: str) -> UploadedFile:
    return SimpleUploadedFile(text[:255] or "a", text.encode())


_NAMES = ("q", "name", "search", "page", "next", "lang", "status", "older_than", "done")

_PLAIN: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    object: str,
    Any: str,
    bytes: str.encode,
    bool: lambda text: True,
    int: lambda text: 1,
    float: lambda text: 1.5,
    Decimal: lambda text: Decimal(1),
    date: lambda text: NOW.date(),
    datetime: lambda text: NOW,
    time: lambda text: NOW.time(),
    timedelta: lambda text: timedelta(days=1),
    UUID: lambda text: UUID(int=1),
    type(None): lambda text: None,
    HttpRequest: request,
    QueryDict: submitted,
    UploadedFile: file,
    Form: form,
    Fraction: lambda text: Fraction(1, 2),
    Personalisation: lambda text: Personalisation({"name": text}),
    Channel: lambda text: Channel.EMAIL,
}


def made(kind: Any, text: str) -> Any:
    """Return a thing of a kind, with the text wherever it has room for one.

    :raises CannotBeMade: it is made of something else.
    """
    if kind in _PLAIN:
        return _PLAIN[kind](text)
    if isinstance(kind, NewType):
        return made(kind.__supertype__, text)
    if isinstance(kind, TypeVar):
        return text
    origin = get_origin(kind)
    if origin is not None:
        return _of_several(origin, get_args(kind), text)
    if isinstance(kind, type):
        return _instance(kind, text)
    raise CannotBeMade(str(kind))


@functools.cache
def hints_of(asked: Any) -> Mapping[str, Any]:
    """Return what annotations say that something is given."""
    return get_type_hints(asked)


def _of_several(origin: Any, of: tuple[Any, ...], text: str) -> Any:
    if origin in (Union, types.UnionType):
        return made(next(each for each in of if each is not type(None)), text)
    if origin is Literal:
        return of[0]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return mapping(text) if of[0] is str and of[1] in (str, object, Any) else {made(of[0], text): made(of[1], text)}
    if origin is collections.abc.Callable:
        return str
    if origin is re.Pattern:
        return re.compile("a")
    if origin is tuple and of[-1] is not Ellipsis:
        return tuple(made(each, text) for each in of)
    if isinstance(origin, type) and (issubclass(origin, Collection) or origin in (Iterable, Container)):
        items = split(text) if of[0] is str else [made(of[0], text)]
        if issubclass(origin, Set):
            return frozenset(items)
        return items if origin.__module__ == "collections.abc" else origin(items)
    raise CannotBeMade(str(origin))


def _instance(kind: type, text: str) -> Any:
    if issubclass(kind, Enum):
        return next(iter(kind))
    if inspect.isabstract(kind):
        return _instance(next(_concrete(kind)), text)
    return kind(**{name: made(hint, text) for name, hint in _asked_of(kind).items()})


@functools.cache
def _asked_of(kind: type) -> Mapping[str, Any]:
    """Return what a class is made of."""
    if dataclasses.is_dataclass(kind) and "__init__" not in vars(kind):
        fields = [each for each in dataclasses.fields(kind) if each.init and _is_wanted(each)]
        return {each.name: hints_of(kind)[each.name] for each in fields}
    if "__init__" in vars(kind):
        return {name: hint for name, hint in hints_of(kind.__init__).items() if name != "return"}
    if hasattr(kind, "_fields"):
        return hints_of(kind)
    if kind.__init__ is object.__init__ and kind.__module__.startswith("guildhall."):
        return {}
    raise CannotBeMade(kind.__name__)


def _concrete(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        if inspect.isabstract(each):
            yield from _concrete(each)
        else:
            yield each


def _is_wanted(field: dataclasses.Field[Any]) -> bool:
    """Whether a field has to be given, or is worth it: one with a value of its own may be left as it is, unless it
    holds text."""
    has_its_own = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    return not has_its_own or field.type in (str, "str", "str | None", "bytes")
