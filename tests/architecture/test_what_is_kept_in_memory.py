"""What was taken away stops everywhere within a minute, so no process keeps an answer of the database for longer.

The code is read: whatever keeps what a function returned, in a layer that may ask the database, keeps it for less than
a minute or stands below with the reason why it never changes.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.code import nodes_of, tree_of

import guildhall
from guildhall.notify.queries.remembered import KEPT_FOR

SOURCE = Path(guildhall.__file__).parent
A_MINUTE = 60.0
KEEPERS = {"lru_cache", "cache", "cached_property", "Remembered"}
PURE = ("domain", "contact", "calendars", "spreadsheets", "kernel")

NEVER_CHANGES = {
    "config/": "what stands in the installation's own files",
    "design/assets/manifest.py: cache": "names of files, made when the installation is built",
    "design/forms/form.py: cached_property": "boxes and problems by name, of a form that never changes",
    "identity/operations/passwords.py: lru_cache": "the list of common passwords, and the hash of nobody's",
    "notify/providers/mail.py: lru_cache": "an address, worked out from the name that is given",
    "notify/queries/remembered.py: Remembered(_load_version, kept_for=3600.0)": "a version of a template never changes",
    "notify/queries/remembered.py: cached_property": "of a key that is itself remembered",
    "notify/testing.py: cached_property": "the templates of a sender that only tests make",
    "notify/wire/notify_v2/auth.py: lru_cache": "what a token's first part says, read from its own bytes",
    "notify/wire/notify_v2/fields.py: lru_cache": "how an id is spelled",
    "pay/pages/card_form.py: lru_cache": "the names of countries",
    "pay/pages/labels.py: lru_cache": "words in a file of the house",
    "services/forms/queries/versions.py: lru_cache": "a version of a form never changes; whose it is is asked",
}


def keepers() -> Iterator[str]:
    """Yield each place and what keeps something there, other than those that cannot ask the database."""
    for file in sorted(SOURCE.rglob("*.py")):
        place = file.relative_to(SOURCE)
        if not set(place.parts) & set(PURE):
            for node in nodes_of(tree_of(file)):
                if found := kept_by(node):
                    yield f"{place}: {found}"


def kept_by(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef):
        names = {ast.unparse(each).partition("(")[0].rpartition(".")[2] for each in node.decorator_list}
        return next(iter(sorted(names & KEEPERS)), "")
    is_remembered = isinstance(node, ast.Call) and ast.unparse(node.func) == "Remembered"
    return ast.unparse(node) if is_remembered and "kept_for" in ast.unparse(node) else ""


def test_nothing_that_may_be_taken_away_is_kept_for_a_minute() -> None:
    unexplained = {each for each in keepers() if not each.startswith(tuple(NEVER_CHANGES))}
    assert unexplained == set()
    assert KEPT_FOR < A_MINUTE


def test_every_reason_is_still_needed() -> None:
    found = list(keepers())
    assert {each for each in NEVER_CHANGES if not any(keeper.startswith(each) for keeper in found)} == set()
