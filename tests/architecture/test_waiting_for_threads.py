"""A test waits for a thread as long as that gets on (``tests/threads.py``): on a busy machine a constant is a coin."""

import ast
import threading
from pathlib import Path

import pytest
from tests import threads
from tests.code import nodes_of, tree_of
from tests.threads import join

TESTS = Path(__file__).parents[1]


def test_no_test_waits_for_a_thread_for_so_many_seconds() -> None:
    waits = {
        f"{file.relative_to(TESTS)}:{node.lineno}"
        for file in TESTS.rglob("*.py")
        for node in nodes_of(tree_of(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        if any(isinstance(each, ast.Constant) and isinstance(each.value, int | float) for each in _given(node))
    }
    assert {each for each in waits if not each.startswith("threads.py:")} == set()


def test_a_thread_that_stands_still_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    stuck = threading.Thread(target=never.wait, daemon=True, name="the stuck one")
    stuck.start()
    monkeypatch.setattr(threads, "STANDS_STILL", 0.0)
    with pytest.raises(AssertionError, match="the stuck one stands still"):
        join(stuck)
    never.set()
    join(stuck)
    assert not stuck.is_alive()


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]
