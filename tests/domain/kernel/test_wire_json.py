"""What programs send as JSON is read if each of its values can be kept and calculated with, and else refused."""

import pytest

from guildhall.kernel.wire_json import DEEPEST, NotJson, read_any_json, read_json, read_object

LARGEST, SMALLEST = 2**64 - 1, -(2**63)
AROUND = ["{}", "[{}]", '{{"a": {}}}', '{{"a": [1, {{"b": [{}]}}]}}']


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("value", [LARGEST, SMALLEST, 0, '"\\\\u0000"', '"u0000"', "null"])
def test_what_can_be_kept_is_read_wherever_it_stands(around: str, value: object) -> None:
    body = around.format(value).encode()
    assert read_json(body) == read_any_json(body)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(
    "value",
    [LARGEST + 1, SMALLEST - 1, -9_999_999_999_999_999_999, "1e400", '"a\\u0000"', '{"\\u0000": 1}', "NaN", "1 2"],
)
def test_what_no_database_keeps_is_refused_wherever_it_stands(around: str, value: object) -> None:
    with pytest.raises(NotJson):
        read_json(around.format(value).encode())


def test_as_deep_as_may_be_is_read_and_no_deeper() -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        deepest = (opening * DEEPEST + "1" + closing * DEEPEST).encode()
        assert read_any_json(deepest)
        assert read_any_json(b"[%b, [], {}]" % deepest[len(opening) : -len(closing)])
        with pytest.raises(NotJson):
            read_any_json((opening + deepest.decode() + closing).encode())


def test_much_that_is_not_deep_is_read() -> None:
    assert read_json(b'[["[[[[[", {}]' + b", [[[]]]" * 1_000 + b"]")


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"1", b"null", b"", b"\xff", b'{"a": 1}x'])
def test_what_is_no_object_is_refused_where_one_is_wanted(body: bytes) -> None:
    with pytest.raises(NotJson):
        read_object(body)
