"""What the contracts give us to test with is here, has a source, is read, and nothing else is read in its place."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import contracts
from tests.code import nodes_of, tree_of

HERE = contracts.HERE
ROOT = HERE.parents[1]
READERS = {"cases", "rows", "all_files"}
LINE = re.compile(r"^\| `([^`]+)` \| ([^|]+)\|", re.MULTILINE)
SOURCE = re.compile(r"^[\w.-]+/[\w.-]+(:| at |, )")
OUTSIDE = re.compile(r"\bshared/(data|contracts)\b|\.\./shared\b".replace("/", r"\W+"))
LEFT_OUT = re.compile(r"\b(skip|skipif|importorskip|xfail)$")
ONLY_ROOT_CAN = "os.geteuid() != 0"


def files() -> set[str]:
    return {
        str(path.relative_to(HERE))
        for path in HERE.rglob("*.*")
        if path.is_file() and path.name != "README.md" and not path.name.endswith((".py", ".pyc"))
    }


def sources() -> dict[str, str]:
    return {
        str((page.parent / name).relative_to(HERE)): source
        for page in HERE.rglob("README.md")
        for name, source in LINE.findall(page.read_text("utf-8"))
    }


def python(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in python("tests"):
        yield from ((path, node) for node in nodes_of(tree_of(path)) if isinstance(node, ast.Call))


def asked_for(argument: ast.expr) -> str:
    """Return the pattern that a reader is given in words; nothing where it is computed."""
    return str(argument.value) if isinstance(argument, ast.Constant) else ""


def test_every_file_has_a_source_and_every_source_its_file() -> None:
    assert sources().keys() == files()
    assert [name for name, source in sources().items() if not SOURCE.search(source)] == []


def test_every_file_has_a_licence() -> None:
    for name in files():
        pages = (folder / "README.md" for folder in (HERE / name).parents)
        nearest = next(page for page in pages if page.exists())
        assert nearest != HERE / "README.md", f"{name} has no page of its own folder"
        assert "licence" in nearest.read_text("utf-8").casefold(), nearest


def test_every_file_is_read_by_a_test() -> None:
    patterns = {asked_for(call.args[0]) for _, call in calls() if ast.unparse(call.func) in READERS and call.args}
    read = {str(path.relative_to(HERE)) for pattern in patterns - {""} for path in HERE.glob(pattern)}
    assert files() - read == set()


def test_nothing_outside_this_checkout_is_read() -> None:
    assert [str(path) for path in python("tests", "bench", "src") if OUTSIDE.search(path.read_text("utf-8"))] == []


def test_no_test_is_left_out_in_silence() -> None:
    """Only root can try what only root can do; whatever else a test needs is here, or the test fails."""
    left_out = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in calls()
        if LEFT_OUT.search(ast.unparse(call.func))
        if not (call.args and ast.unparse(call.args[0]) == ONLY_ROOT_CAN)
    ]
    assert left_out == []


def test_a_file_that_is_missing_or_empty_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contracts, "HERE", tmp_path)
    (tmp_path / "empty.json").write_text("[]")
    (tmp_path / "empty.csv").write_text("heading\n")
    for read, name, refusal in [
        (contracts.cases, "missing.json", FileNotFoundError),
        (contracts.rows, "missing.csv", FileNotFoundError),
        (contracts.all_files, "missing/*.json", AssertionError),
        (contracts.cases, "empty.json", AssertionError),
        (contracts.rows, "empty.csv", AssertionError),
    ]:
        with pytest.raises(refusal):
            read(name)
