"""Rules about the code itself that no linter knows. Each names the smell that it keeps out."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.code import nodes_of, tree_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "guildhall"
# A sandbox provider stands in for somebody else's machine and keeps that machine's rows; sessions belong to no council.
STORAGE = {"operations", "queries", "models", "migrations", "providers", "session_store", "testing"}


def modules(*, under: str | None = None) -> Iterator[tuple[Path, ast.Module]]:
    for place, tree in every_module():
        if under is None or under in {part.removesuffix(".py") for part in place.parts}:
            yield place, tree


@cache
def every_module() -> list[tuple[Path, ast.Module]]:
    """Parse the code once for all tests of a run: that takes seconds."""
    places = (path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*.py")))
    return [(place, tree_of(PACKAGE / place)) for place in places]


def calls(tree: ast.AST) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_only_operations_and_queries_touch_rows():
    """An unscoped query in a face is how one council comes to see another's rows."""
    offenders = [
        f"{place}:{node.lineno}"
        for place, tree in modules()
        if not STORAGE & {part.removesuffix(".py") for part in place.parts}
        for node in nodes_of(tree)
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert offenders == []


def test_nobody_makes_up_the_time():
    """``now`` is passed down from a face; a default would be a second clock."""
    offenders = [
        f"{place}:{node.lineno} {node.name}"
        for place, tree in modules()
        if place.name != "testing.py"
        for node in nodes_of(tree)
        if isinstance(node, ast.FunctionDef)
        for argument, default in [
            *zip(reversed(node.args.args), reversed(node.args.defaults), strict=False),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        if argument.arg == "now" and default is not None
    ]
    assert offenders == []


@pytest.mark.parametrize("forbidden", ["now", "utcnow", "today", "uuid4", "token_urlsafe", "token_bytes", "urandom"])
def test_the_domain_has_no_clock_and_no_dice(forbidden):
    offenders = [
        f"{place} calls {name}"
        for place, tree in modules(under="domain")
        for name in calls(tree)
        if name.rpartition(".")[2] == forbidden
    ]
    assert offenders == []


def test_operations_read_no_clock():
    offenders = [
        f"{place} calls {name}"
        for layer in ("operations", "queries")
        for place, tree in modules(under=layer)
        for name in calls(tree)
        if name in {"clock.now", "timezone.now", "datetime.now"}
    ]
    assert offenders == []


def test_every_public_operation_says_what_it_promises():
    offenders = [
        f"{place}:{node.lineno} {node.name}"
        for place, tree in modules(under="operations")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert offenders == []


FACES = {"pages", "wire", "jobs", "reactions", "management", "providers"}
# The gate lets a request in and then says, typed, whom and whose house it let it into.
EVERYBODYS_DOOR = "guildhall.organisations.pages.gate."


def test_a_modules_faces_are_its_own():
    """Others call its operations and queries; only the composition root takes hold of faces. Design's are for all."""
    offenders = [
        f"{place} imports {wanted}"
        for place, tree in modules()
        if place.parts[0] != "config"
        for wanted in imported(tree)
        if not wanted.startswith(EVERYBODYS_DOOR)
        if (owner := owner_of_a_face(wanted)) and owner != "guildhall.design"
        if not ".".join(["guildhall", *place.parts]).startswith(owner + ".")
    ]
    assert offenders == []


def imported(tree: ast.AST) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def owner_of_a_face(imported_name: str) -> str | None:
    """Return the module that ``guildhall.x.pages.y`` belongs to, or None when it is no face of ours."""
    parts = imported_name.split(".")
    if parts[0] != "guildhall":
        return None
    return next((".".join(parts[:place]) for place, part in enumerate(parts) if part in FACES), None)


def test_no_committed_file_names_a_host_that_packages_come_from():
    hosts = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian.org"]
    found = subprocess.run(
        ["git", "grep", "-lIi", *(part for host in hosts for part in ("-e", host))],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.stdout.split() == []


def test_one_function_names_files_in_headers_and_one_writes_tables_for_spreadsheets():
    """A name that somebody chose can carry line ends, quotation marks and folders; a cell can carry a formula."""
    headers = {
        place.as_posix()
        for place, tree in modules()
        for node in nodes_of(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if "content-disposition" in node.value.lower() or "filename=" in node.value
    }
    writers = {place.as_posix() for place, tree in modules() if "csv.writer" in set(calls(tree))}
    assert headers == {"design/domain/file_name.py", "design/pages/downloads.py"}
    assert writers == {"spreadsheets/writing.py"}
