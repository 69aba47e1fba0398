"""Whoever writes to the house does not choose how long it reads: what reading costs grows with the length alone.

Every compiled pattern and every reader of text from outside is found by itself (``tests/linear_time``) and handed texts
that are made to be slow, up to 20,000 characters. CPU is compared with CPU, never with the clock.
"""

import ast
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.linear_time import growth, hostile, patterns, readers
from tests.linear_time.growth import Read, superlinear_growth
from tests.linear_time.reads_nothing import READS_NOTHING
from tests.linear_time.structures import STRUCTURES
from tests.linear_time.ways import COMPOSED, WAYS


@pytest.mark.parametrize(
    ("planted", "use"),
    [
        (r" +,", "finditer"),  # quadratic: each space begins anew
        (r" *# *\S* *#* *\Z", "match"),
        (r" *(?P<hashes>#{1,6}) *([^\n]+?) *#* *(?:\n+|\Z)", "match"),  # cubic: one of ours, once
        (r"(?: {4}[^\n]+\n*)+", "fullmatch"),  # without end
        (r"<!--.*?-->|<[^>]*>", "finditer"),
        (r"([\w\-]+\.)+[a-z]{2,63}", "finditer"),
    ],
)
def test_a_pattern_that_backtracks_is_found_out(planted: str, use: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "ENDLESS", 0.5)  # nobody waits for what is known to have no end
    assert _slow_texts(re.compile(planted), use)


@pytest.mark.parametrize(
    ("pattern", "use"), [(r" (?<! {2}) *+,", "finditer"), (r"[^,]*,", "match"), (r"a+b?", "finditer")]
)
def test_a_pattern_that_does_not_is_left_alone(pattern: str, use: str) -> None:
    assert not _slow_texts(re.compile(pattern), use)


def _read_by_joining(text: str) -> str:
    read = ""
    for character in text:
        read = character + read
    return read


def _read_by_counting(text: str) -> bool:
    words = text.split(" ")
    return any(words.count(word) > len(words) for word in words)


def _read_by_cutting(text: str) -> int:
    count = 0
    while text:
        text, count = text[1:], count + 1
    return count


def _read_by_descending(text: str) -> int:
    return 1 + _read_by_descending(text[1:]) if text.startswith("[") else 0


@pytest.mark.parametrize("read", [_read_by_joining, _read_by_counting, _read_by_cutting, _read_by_descending])
def test_a_reader_that_is_slow_is_found_out(read: Callable[[str], object]) -> None:
    assert _faults("planted", read, hostile.generic_texts())


def test_every_pattern_is_a_constant_of_its_module() -> None:
    """Then it is found, and compiled once."""
    hidden = [place for name, tree in _modules_with_patterns() for place in patterns.hidden_patterns(name, tree)]
    assert hidden == []


@pytest.mark.parametrize(
    "code",
    ["re.sub('a', 'b', x)", "map(re.match, x)", "from re import compile", "def f(x):\n    return re.compile(x)"],
)
def test_a_pattern_that_is_none_is_found_out(code: str) -> None:
    assert patterns.hidden_patterns("planted", ast.parse(f"import re\n{code}\n"))


def test_every_pattern_takes_linear_time() -> None:
    found = [each for name, tree in _modules_with_patterns() for each in patterns.patterns(name, tree)]
    slow = [
        f"{each.place}.{use}: {text}" for each in found for use in each.uses for text in _slow_texts(each.pattern, use)
    ]
    assert slow == []
    assert len(found) > 150


def test_every_function_that_takes_text_is_tried_or_reads_nothing_from_outside() -> None:
    assert readers.unknown(WAYS | COMPOSED, READS_NOTHING) == []


def test_every_reader_takes_linear_time_and_refuses_by_name() -> None:
    found = [each for each in readers.found(WAYS | COMPOSED, READS_NOTHING) if each.name not in COMPOSED]
    texts = list(hostile.generic_texts())
    assert [fault for each in found for fault in _faults(each.name, each.read, texts)] == []
    assert len(found) > 100


def test_every_reader_of_several_texts_takes_linear_time_and_refuses_by_name() -> None:
    texts = list(hostile.few_texts())
    assert [fault for name, read in COMPOSED.items() for fault in _faults(name, read, texts)] == []


def test_every_document_is_read_in_linear_time_and_refused_by_name() -> None:
    faults = [
        fault
        for name, (build, read) in STRUCTURES.items()
        for fault in _faults(name, read, [("much of it", lambda length, build=build: build(1 + length // 20))])
    ]
    assert faults == []


def _modules_with_patterns() -> list[tuple[str, ast.Module]]:
    return [*patterns.sources(that_say="import re\n"), *patterns.sources(that_say="from re import")]


def _slow_texts(pattern: re.Pattern[Any], use: str) -> list[str]:
    """Return the first text on which a use of a pattern grows faster than the text, and how."""
    is_bytes = isinstance(pattern.pattern, bytes)

    def read(text: str) -> object:
        return patterns.USES[use](pattern, text.encode("latin-1", "replace") if is_bytes else text)

    return _first_fault(read, hostile.texts_against(pattern))


def _faults(name: str, read: Read, texts: Any) -> list[str]:
    """Return the first text that a reader is slow with, and the first of each kind of exception that nobody foresaw."""
    unforeseen: dict[str, None] = {}

    def refusing(text: Any) -> None:
        try:
            readers.heard(read, text)
        except (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError) as fault:
            unforeseen.setdefault(f"{type(fault).__name__}: {str(fault)[:80]}")

    slow = _first_fault(refusing, texts, forget=readers.forget)
    return [f"{name}: {each}" for each in (*slow, *list(unforeseen)[:1])]


def _first_fault(read: Read, texts: Any, *, forget: Callable[[], None] = lambda: None) -> list[str]:
    found = (f"{what}: {grows}" for what, text in texts if (grows := superlinear_growth(read, text, forget=forget)))
    return [each for each in [next(found, "")] if each]
