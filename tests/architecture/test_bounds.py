"""What comes from outside is looked at for its length before anything else: nothing is without a bound.

Readers of requests, of JSON and of numbers are few, and listed here with what keeps each within bounds. A new one fails
until it goes through one of them, or says here why it need not.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import QueryDict
from django.urls import get_resolver
from tests.architecture.test_the_code import every_module
from tests.code import nodes_of

from guildhall.design.forms import Field, Form, Group, Option, Part, TextField, TypedTooMuch, lengths
from guildhall.design.forms.asking import Submitted, Value

MOST = 2 * lengths.MESSAGE

# Forms


def kinds_of_question(root: type[Field] = Field) -> Iterator[type[Field]]:
    for kind in root.__subclasses__():
        yield kind
        yield from kinds_of_question(kind)


def unbounded(kind: type[Field]) -> bool:
    """Whether a kind of question hands on more than a bound of what was sent."""
    asked = kind("q", "Question", **({"options": (Option("a", "A"),)} if "options" in kind.__match_args__ else {}))
    if isinstance(asked, Group):
        asked = kind("q", "Question", of=(Part("p", "Part"),))  # type: ignore[call-arg]
    sent = QueryDict(mutable=True)
    for name in asked.input_names():
        sent.setlist(name, ["x" * 200_000] * 50)
    form = Form(asked).read(sent)
    try:
        answer = form.answer("q")
    except TypedTooMuch:
        return False
    words = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, tuple) else (answer,)
    return sum(map(len, words)) > MOST


def test_every_kind_of_question_has_a_maximum():
    _ = get_resolver().url_patterns  # brings in every page, and with it every kind
    ours = [
        kind for kind in kinds_of_question() if kind.__module__.startswith("guildhall.") and hasattr(kind, "component")
    ]
    assert len(ours) > 12
    assert [kind.__name__ for kind in ours if kind.__name__ != "InParts" and unbounded(kind)] == []
    assert all(0 < each.longest <= lengths.MESSAGE for each in ours if hasattr(each, "longest"))
    assert 0 < Part("p", "Part").longest <= lengths.LONG_TEXT


def test_a_kind_of_question_that_reads_past_the_maximum_is_found():
    class Planted(TextField):
        def read(self, submitted: Submitted) -> Value:
            return str(submitted.get(self.name, ""))

    assert unbounded(Planted)


# Requests

LOOKS = {"GET", "POST", "COOKIES", "META", "FILES", "body", "headers"}
MAY_LOOK = {
    "design/pages/words.py": "the reader of words",
    "design/pages/cookies.py": "the reader of cookies",
    "design/pages/middleware.py": "bounds the head of every request",
    "notify/pages/inbox.py": "which headers there are, not what they say",
    "organisations/pages/gate.py": "looks the bounded address through for one character",
    "design/pages/speaking.py": "repeats the address, which is bounded",
    "design/pages/too_long.py": "repeats what was sent beside a form, so many words of so many characters",
    "services/forms/pages/uploading.py": "files are bounded by the upload handlers",
    "organisations/pages/settings.py": "a file, of which so many bytes are read",
    "notify/pages/letters/looking.py": "a file, of which so many bytes are read",
    "notify/pages/lists/listing.py": "a file, which is read in pieces",
}


def looks_at_requests(tree: ast.AST) -> Iterator[str]:
    """Yield each look at a request, but for what a form reads and whether a button was pressed."""
    fine = set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "read":
            fine |= {id(argument) for argument in node.args}
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "network_of":
            fine |= {id(argument) for argument in node.args}
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            fine |= {id(each) for each in node.comparators}
    for node in nodes_of(tree):
        is_look = isinstance(node, ast.Attribute) and node.attr in LOOKS and ast.unparse(node.value) == "request"
        if is_look and id(node) not in fine:
            yield f"{node.lineno} {ast.unparse(node)}"


def modules() -> Iterator[tuple[str, ast.Module]]:
    return ((place.as_posix(), tree) for place, tree in every_module())


def test_pages_look_at_requests_through_the_readers_alone():
    offenders = {
        place: found
        for place, tree in modules()
        if "/wire/" not in place and place not in MAY_LOOK and (found := list(looks_at_requests(tree)))
    }
    assert offenders == {}


@pytest.mark.parametrize(
    "planted", ["request.GET.get('q', '')", "request.POST['x']", "f(request.META)", "request.body"]
)
def test_a_look_past_the_readers_is_found(planted):
    assert list(looks_at_requests(ast.parse(planted)))


# Conversions

NAMES = {"int", "float", "Decimal", "Fraction", "UUID"}
METHODS = {"fromisoformat", "strptime", "fromtimestamp", "normalize", "fromhex", "loads", "decode_json"}
NUMBERS = {"len", "total_seconds", "timestamp", "round", "sum", "quantize", "max", "min", "repr"}


def conversions(tree: ast.Module) -> Iterator[str]:
    """Yield the functions in which text may become a number, an id, a moment, or other text."""

    def walk(node: ast.AST, within: str) -> Iterator[str]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            within = f"{within}.{node.name}" if within else node.name
        if isinstance(node, ast.Call) and node.args and _converts(node):
            yield within
        for inner in ast.iter_child_nodes(node):
            yield from walk(inner, within)

    yield from walk(tree, "")


def _converts(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    is_json = name in ("json.loads", "msgspec.json.decode")
    is_one = name in NAMES or (name.rpartition(".")[2] in METHODS | NAMES and "." in name)
    first = call.args[-1] if name.endswith("normalize") else call.args[0]
    is_plain = isinstance(first, ast.Constant | ast.BinOp | ast.Compare | ast.BoolOp) or (
        isinstance(first, ast.Call) and ast.unparse(first.func).rpartition(".")[2] in NUMBERS
    )
    return (is_one or is_json) and not is_plain


ITS_OWN = {"config", "migrations", "data", "testing.py", "build_assets.py"}
"""What the installation reads of itself."""


def found_conversions() -> set[str]:
    return {
        f"{place} {within}".strip()
        for place, tree in modules()
        if not ITS_OWN & set(place.split("/"))
        for within in conversions(tree)
    }


def written_list() -> set[str]:
    lines = (Path(__file__).parent / "conversions.txt").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line and not line.startswith("#")}


def test_text_becomes_numbers_ids_and_moments_in_the_readers_or_where_it_is_written_down_why_not():
    found, written = found_conversions(), written_list()
    assert (sorted(found - written), sorted(written - found)) == ([], [])


@pytest.mark.parametrize(
    "planted",
    [
        "int(text)",
        "Decimal(form.text('a'))",
        "date.fromisoformat(x)",
        "unicodedata.normalize('NFC', x)",
        "json.loads(b)",
    ],
)
def test_a_conversion_past_the_readers_is_found(planted):
    assert list(conversions(ast.parse(f"def f(): {planted}"))) == ["f"]


# Networks


def test_tries_are_counted_by_the_network_that_the_request_came_from():
    """``network_of({})`` would count all strangers as one: a form that did so is shut for everybody by one of them."""
    calls = {
        f"{place}: {ast.unparse(node)}"
        for place, tree in modules()
        for node in nodes_of(tree)
        if "/pages/" in place and isinstance(node, ast.Call) and ast.unparse(node.func) == "network_of"
    }
    assert len(calls) > 4
    assert {call for call in calls if not call.endswith("network_of(request.META)")} == set()
