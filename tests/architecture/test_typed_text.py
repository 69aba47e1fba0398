"""What people type is read in one place (``kernel.text``), so that no reader forgets a dash, a blank or an accent."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_the_code import modules
from tests.code import nodes_of

KNOW_UNICODE = {
    "kernel/text.py",
    "identity/operations/passwords.py",  # passwords have a rule of their own (NIST SP 800-63B)
    "notify/domain/paper/breaking.py",  # where a line of a letter may end
    "notify/domain/sender.py",  # the reference's rule for the part before the @ (contract: notify 1.5)
    "notify/domain/text_message.py",  # the networks' alphabet (contract: notify 1.13)
    "design/domain/file_name.py",  # what may stand in a header (RFC 6266)
    "organisations/data/make_councils.py",  # makes the list of councils, and is run by hand
}
READ_MACHINES = {
    "design/translations.py",  # catalogues
    "spreadsheets/delimited.py",  # guesses at delimiters; cells are read by ``clean_cell``
    "spreadsheets/opening.py",
    "notify/domain/markdown/blocks.py",  # the reference's rendering of what was accepted
    "notify/domain/markdown/email_html.py",
    "notify/domain/markdown/letter.py",
    "notify/domain/markdown/plain_text.py",
    "notify/domain/paper/reading_html.py",
    "notify/domain/template.py",  # "Your message is empty", as the reference finds it
    "pay/wire/pay_v1/parse.py",  # the reference's own blank
    "services/forms/domain/xgov/markup.py",
}
LOOKS_LIKE_AN_IDENTIFIER = {"spellcheck", "inputmode", "type", "prefix", "suffix", "width"}


def test_one_place_knows_unicode() -> None:
    offenders = {str(place) for place, tree in modules() if "unicodedata" in _imported(tree)}
    assert offenders == {place for place in KNOW_UNICODE if "unicodedata" in _source(place)}


def test_blank_is_without_a_visible_character() -> None:
    """``if not name.strip()`` lets a name of U+200B pass. Ask ``is_blank``."""
    offenders = {
        f"{place}:{node.lineno}"
        for place, tree in modules()
        if str(place) not in READ_MACHINES
        for node in _conditions(tree)
        if isinstance(node, ast.Call) and ast.unparse(node).endswith(".strip()")
    }
    assert offenders == set()


def test_a_box_that_looks_like_one_for_an_identifier_says_what_it_takes() -> None:
    offenders = [
        f"{place}:{node.lineno}"
        for place, tree in modules()
        for node in nodes_of(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "TextField"
        for named in [{keyword.arg for keyword in node.keywords}]
        if named & LOOKS_LIKE_AN_IDENTIFIER and "takes" not in named
    ]
    assert offenders == []


def test_a_search_in_an_address_is_read_as_words() -> None:
    """``in_address(request, "search").strip()`` forgets that an accent can be typed in two ways: ``searched_for``."""
    offenders = [
        f"{place}:{node.lineno}"
        for place, tree in modules()
        for node in nodes_of(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("strip", "lower", "casefold")
        if ast.unparse(node.value).startswith(("in_address(", "request.GET", "request.POST"))
    ]
    assert offenders == []


def _imported(tree: ast.Module) -> set[str]:
    return {alias.name for node in nodes_of(tree) if isinstance(node, ast.Import) for alias in node.names}


def _source(place: str) -> str:
    return (Path(__file__).parents[2] / "src/guildhall" / place).read_text(encoding="utf-8")


def _conditions(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield every expression whose truth is asked."""
    for node in nodes_of(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            yield node.test
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand
        elif isinstance(node, ast.BoolOp):
            yield from node.values
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("bool", "any", "all"):
            yield from (each.elt if isinstance(each, ast.GeneratorExp) else each for each in node.args)
