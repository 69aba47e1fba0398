"""The one reader of JSON that programs send: within bounds, in time that grows with the length alone.

Each address says how long a body may be. What is in it is bounded here: how deep it goes, and that each of its values
can be stored and calculated with.
"""

import msgspec

from guildhall.kernel.refusals import Invalid

DEEPEST = 32
"""How many objects and lists may be nested."""

_NUMBERS = range(-(2**63), 2**64)
_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_MANY_DIGITS = b"0" * 19


class NotJson(Invalid):
    """It is not JSON, or holds a value that cannot be stored or calculated with."""


def read_json(body: bytes) -> object:
    """Return what a body says. All of its values can be stored.

    :raises NotJson: it is not JSON (``NaN`` is not), nests too deeply, or holds U+0000 or a number of more than 64
        bits, which the database cannot store.
    """
    read = read_any_json(body)
    # A glance shows that nearly every body is sound; only the others are searched value by value.
    is_odd = rb"\u0000" in body or _MANY_DIGITS in body.translate(_ALIKE)
    if is_odd and _holds_what_cannot_be_stored(read):
        raise NotJson("the body holds a value that cannot be stored")
    return read


def read_any_json(body: bytes) -> object:
    """Return what a body says, to a caller that looks at each value before using it.

    :raises NotJson: it is not JSON, nests too deeply, or holds a number beyond all bounds.
    """
    try:
        read = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as fault:
        raise NotJson("the body is not JSON") from fault
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_too_deep(read):
        raise NotJson("the body goes too deep")
    return read


def read_object(body: bytes) -> dict[str, object]:
    """Return the object that a body is. All of its values can be stored.

    :raises NotJson: it is not an object, or ``read_json`` refuses it.
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


def _holds_what_cannot_be_stored(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, int):
        return value not in _NUMBERS
    if isinstance(value, dict):
        return any(map(_holds_what_cannot_be_stored, (*value.keys(), *value.values())))
    return isinstance(value, list) and any(map(_holds_what_cannot_be_stored, value))
