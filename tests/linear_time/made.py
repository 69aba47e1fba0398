"""Things that hold text, made of a text by what their fields say they are: whatever kind of thing it is."""

import dataclasses
import types
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, QueryDict

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class CannotBeMade(Exception):
    """Nobody says how such a thing is made of a text."""


def split(text: str) -> list[str]:
    """Return the text as many short ones."""
    return [text[place : place + 4] for place in range(0, len(text), 4)]


def mapping(text: str) -> dict[str, object]:
    """Return an object with the text as a value, as a key, and in many short keys."""
    return {**dict.fromkeys(split(text), "x"), text: "x", "name": text}


def request(text: str) -> HttpRequest:
    """Return a request that has a text wherever a browser may put one."""
    made = HttpRequest()
    made.method, made.path = "POST", f"/{text}"
    made.GET, made.POST = submitted(text), submitted(text)
    made.COOKIES = {name: text for name in (*_NAMES, text)}
    made.META = {"QUERY_STRING": text, "REMOTE_ADDR": text, **{f"HTTP_{name.upper()}": text for name in _HEADERS}}
    made.FILES["file"] = file(text)
    return made


def submitted(text: str) -> QueryDict:
    """Return what a form was sent with: a text in each box, and many more in the same ones."""
    made = QueryDict(mutable=True)
    for name in (*_NAMES, text):
        made.setlist(name, [*split(text)[:1_000], text])
    return made


def file(text: str) -> UploadedFile:
    return SimpleUploadedFile(text[:255] or "a", text.encode())


_NAMES = ("q", "name", "search", "page", "next", "lang", "status", "channel", "older_than", "done", "to", "folder", "year")
_HEADERS = ("accept_language", "x_forwarded_for", "authorization", "idempotency_key", "user_agent", "referer")

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


def _of_several(origin: Any, of: tuple[Any, ...], text: str) -> Any:
    if origin in (Union, types.UnionType):
        return made(next(each for each in of if each is not type(None)), text)
    if origin is Literal:
        return of[0]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return mapping(text) if of[0] is str and of[1] in (str, object, Any) else {made(of[0], text): made(of[1], text)}
    if origin is tuple and of[-1] is not Ellipsis:
        return tuple(made(each, text) for each in of)
    if isinstance(origin, type) and (issubclass(origin, Collection) or origin is Iterable):
        items = split(text) if of[0] is str else [made(of[0], text)]
        return items if origin is Iterable or origin.__module__ == "collections.abc" else origin(items)
    raise CannotBeMade(str(origin))


def _instance(kind: type, text: str) -> Any:
    if issubclass(kind, Enum):
        return next(iter(kind))
    if dataclasses.is_dataclass(kind) and "__init__" not in vars(kind):
        hints = get_type_hints(kind)
        asked = {each.name: hints[each.name] for each in dataclasses.fields(kind) if each.init and _is_wanted(each)}
    elif "__init__" in vars(kind):
        asked = {name: hint for name, hint in get_type_hints(kind.__init__).items() if name != "return"}
    elif hasattr(kind, "_fields"):
        asked = get_type_hints(kind)
    else:
        raise CannotBeMade(kind.__name__)
    return kind(**{name: made(hint, text) for name, hint in asked.items()})


def _is_wanted(field: dataclasses.Field[Any]) -> bool:
    """Whether a field has to be given, or is worth it: one with a value of its own may be left as it is, unless it
    holds text."""
    has_its_own = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    return not has_its_own or field.type in (str, "str", "str | None", "bytes")
