"""Whoever writes to the house does not choose how long it reads: what reading costs grows with the length alone.

Every compiled pattern and every reader of text from outside is found by itself (``tests/linear_time``) and handed texts
that are made to be slow, up to 20,000 characters. CPU is compared with CPU, never with the clock.
"""

import ast
import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, QueryDict
from tests.linear_time import growth, hostile, patterns, readers
from tests.linear_time.growth import Read, superlinear_growth
from tests.linear_time.made import made
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
    monkeypatch.setattr(growth, "ENDLESS", 0.2)  # nobody waits for what is known to have no end
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


_WORDS = [("words", lambda length: "a b " * (length // 4))]


@dataclass
class _Planted:
    text: str
    boxes: QueryDict

    @property
    def slow(self) -> bool:
        return _read_by_counting(self.text)

    def slow_too(self, name: str) -> bool:
        return _read_by_counting(self.text + name)


def _read_a_request(request: HttpRequest) -> object:
    return _read_by_counting(request.META["HTTP_REFERER"] + request.GET["name"])


@pytest.mark.parametrize("member", ["slow", "slow_too"])
def test_a_thing_that_tells_slowly_is_found_out(member: str) -> None:
    [kind] = [each for each in ast.parse(inspect.getsource(_Planted)).body if isinstance(each, ast.ClassDef)]
    asked = [each for each in kind.body if isinstance(each, ast.FunctionDef) and each.name == member]
    assert _faults("planted", functools.partial(readers.ask_all, _Planted, asked), _WORDS)


def test_a_request_that_is_read_slowly_is_found_out() -> None:
    assert _faults("planted", lambda text: _read_a_request(made(HttpRequest, text)), _WORDS)


@pytest.mark.parametrize(
    ("code", "is_read"),
    [
        ("def _words(typed: str) -> str: ...", True),
        ("def _filters(request: HttpRequest) -> Filters: ...", True),
        ("def _kept(file: UploadedFile) -> bytes: ...", True),
        ("def page(request: HttpRequest, name: str) -> HttpResponse: ...", False),
        ("def _sum(number: int) -> int: ...", False),
    ],
)
def test_what_of_pages_reads(code: str, is_read: bool) -> None:
    [function] = ast.parse(code).body
    assert isinstance(function, ast.FunctionDef)
    assert readers.reads("guildhall.notify.pages.planted", function) == is_read


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


@pytest.mark.usefixtures("out_of_reach")
def test_whatever_takes_or_holds_text_is_tried_or_reads_nothing_from_outside() -> None:
    assert readers.unknown(WAYS | COMPOSED, READS_NOTHING) == []


def test_every_reader_takes_linear_time_and_refuses_by_name() -> None:
    found = [each for each in _readers() if not readers.is_of_pages(each.name)]
    texts = list(hostile.generic_texts())
    assert [fault for each in found for fault in _faults(each.name, each.read, texts)] == []
    assert len(found) > 100


@pytest.mark.usefixtures("out_of_reach")
def test_whatever_pages_read_is_read_in_linear_time() -> None:
    found = [each for each in _readers() if readers.is_of_pages(each.name)]
    assert [fault for each in found for fault in _faults(each.name, each.read, list(hostile.handful()))] == []
    assert {"guildhall.notify.pages.sent._filters", "guildhall.design.pages.words.in_header"} <= {
        each.name for each in found
    }


@pytest.mark.usefixtures("out_of_reach")
def test_whatever_holds_text_tells_all_it_can_in_linear_time() -> None:
    found = list(readers.things(WAYS | COMPOSED, READS_NOTHING))
    assert [fault for each in found for fault in _faults(each.name, each.read, list(hostile.handful()))] == []
    assert len(found) > 50


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


@pytest.fixture
def out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading ends where a page asks the database."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", readers.keep_from_the_database)


def _readers() -> list[readers.Reader]:
    return [each for each in readers.found(WAYS | COMPOSED, READS_NOTHING) if each.name not in COMPOSED]


@functools.cache
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
