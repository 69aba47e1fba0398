"""The one reader of JSON that programs send: within bounds, in time that grows with the length alone.

How long a body may be is for its address to say. What stands in it is bounded here: how deep it goes, and that each of
its values can be kept and counted with.
"""

import re

import msgspec

from guildhall.kernel.refusals import Invalid

DEEPEST = 32
"""How many objects and lists may stand one inside the other."""

_NUMBERS = range(-(2**63), 2**64)
_MANY_DIGITS = re.compile(rb"[0-9]{19}")


class NotJson(Invalid):
    """It is not JSON, or holds what nobody can keep or count with."""


def read_json(body: bytes) -> object:
    """Return what a body says, whose values can all be kept.

    :raises NotJson: it is not JSON; goes deeper than anybody means; holds a character that no text of the database
        has, or a number of more than 64 bits. Numbers that are none (``NaN``) are not JSON.
    """
    read = read_any_json(body)
    # At a glance nearly every body is sound, and is not looked through.
    if (rb"\u0000" in body or _MANY_DIGITS.search(body)) and _holds_what_cannot_be_kept(read):
        raise NotJson("the body holds what cannot be kept")
    return read


def read_any_json(body: bytes) -> object:
    """Return what a body says, for who looks at each value before it is used.

    :raises NotJson: it is not JSON, goes deeper than anybody means, or holds a number beyond all bounds.
    """
    try:
        read = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as fault:
        raise NotJson("the body is not JSON") from fault
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_too_deep(read):
        raise NotJson("the body goes too deep")
    return read


def read_object(body: bytes) -> dict[str, object]:
    """Return the object that a body is, whose values can all be kept.

    :raises NotJson: it is none.
    """
    read = read_json(body)
    if not isinstance(read, dict):
        raise NotJson("the body is not an object")
    return read


def _is_too_deep(read: object) -> bool:
    level = [read]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _holds_what_cannot_be_kept(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, int):
        return value not in _NUMBERS
    if isinstance(value, dict):
        return any(map(_holds_what_cannot_be_kept, (*value.keys(), *value.values())))
    return isinstance(value, list) and any(map(_holds_what_cannot_be_kept, value))
