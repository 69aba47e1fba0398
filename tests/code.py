"""The code as trees: read and walked once for all tests of a process that look at it."""

import ast
import gc
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a file's tree. It is kept to the end, and there is nothing in it to collect."""
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.freeze()
        gc.enable()


@cache
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return every node of a tree, itself first, as ``ast.walk`` does."""
    return tuple(ast.walk(tree))
