"""Documents that are slow by what they are, not by their letters: much of one thing, and things inside each other."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.http import QueryDict

from guildhall.design.forms import Form, TextField
from guildhall.design.forms import Problem as FormProblem
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.checking import check_row
from guildhall.notify.domain.lists.columns import read_columns
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.sanitising import sanitise_values
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations.accepting.batches import Row as AskedRow
from guildhall.notify.pages.lists.showing import shown_rows
from guildhall.notify.queries.lists import ListedRow
from guildhall.notify.wire.guildhall_v1.parse import read_batch, read_rows
from guildhall.notify.wire.notify_v2.fields import Window
from guildhall.notify.wire.notify_v2.parse import read_json
from guildhall.services.cases.domain import workflow, workflows
from guildhall.services.forms.domain.definition import FormDefinition
from guildhall.services.forms.domain.files import read_definition
from guildhall.services.forms.domain.journey import walk
from guildhall.services.forms.domain.linter import lint
from guildhall.services.forms.domain.parsing import DefinitionInvalid, parse
from guildhall.services.forms.domain.xgov import import_xgov
from guildhall.services.forms.testing import asked, both, document, options, page
from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.table import Row
from tests.linear_time.lists import workbook, zipped
from tests.linear_time.made import NOW
from tests.linear_time.readers import heard

Build = Callable[[int], Any]
_YES = {"q": "a", "op": "is", "value": "yes"}


def _form(**more: Any) -> dict[str, Any]:
    return document(page(asked("a", "yes_no")), page(asked("b", "text")), **more)


_FORMS: Mapping[str, Build] = {
    "pages": lambda number: document(*(page(asked(f"q{each}", "text")) for each in range(number))),
    "questions in the same words": lambda number: document(
        page(*({**asked(f"q{each}", "text"), "text": both("Name?")} for each in range(number)))
    ),
    "routes": lambda number: document(
        page(asked("a", "yes_no"), next=[{"if": _YES, "page": "page-b"}] * number), page(asked("b", "text"))
    ),
    "options": lambda number: document(page(asked("a", "radios", options=options(*map(str, range(number)))))),
    "conditions": lambda number: _form(conditions={f"c{each}": _YES for each in range(number)}),
    "conditions that name each other": lambda number: _form(
        conditions={f"c{each}": {"all": [f"c{each + 1}", f"c{each + 1}"]} for each in range(number)}
    ),
    "conditions in one": lambda number: _form(conditions={"c": {"any": [_YES] * number}}),
    "fees": lambda number: _form(fees=[{"amount_pence": 1, "description": both("Fee"), "if": _YES}] * number),
    "exits": lambda number: _form(
        exits={f"e{each}": {"heading": both("No"), "guidance": {}} for each in range(number)}
    ),
    "keys that mean nothing": lambda number: _form(**{f"k{each}": 1 for each in range(number)}),
    "lists in each other": lambda number: _form(pages=_nested(number)),
    "submissions": lambda number: {**_form(), "submit": [{"to": "case", "workflow": "bulky-waste"}] * number},
}
"""Definitions with a number of something."""


def _nested(number: int) -> Any:
    inner: list[Any] = []
    for _ in range(number):
        inner = [inner]
    return inner


def _workflow(number: int) -> dict[str, Any]:
    """Return a workflow with a number of states in a row, and an action from each to the next."""
    given = workflow.to_document(workflows.named("bulky-waste"))
    first, action = given["states"][0], given["actions"][0]
    states = [{**first, "state": f"s{each}"} for each in range(number)]
    actions = [
        {**action, "action": f"a{each}", "from": [f"s{each}"], "next_state": f"s{each + 1}"}
        for each in range(number - 1)
    ]
    return {**given, "first_state": "s0", "states": states, "actions": actions}


def _xgov(**more: Any) -> dict[str, Any]:
    return {"startPage": "/p0", "name": "A form", "lists": [], "conditions": [], **more}


def _xgov_page(number: int, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"path": f"/p{number}", "title": "A page", "components": list(components), "next": [], **more}


def _field(name: str) -> dict[str, Any]:
    return {"type": "TextField", "name": name, "title": "A field"}


_XGOV: Mapping[str, Build] = {
    "pages in a row": lambda number: _xgov(
        pages=[_xgov_page(each, _field(f"f{each}"), next=[{"path": f"/p{each + 1}"}]) for each in range(number)]
    ),
    "fields on a page": lambda number: _xgov(pages=[_xgov_page(0, *(_field(f"f{each}") for each in range(number)))]),
    "fields of one name": lambda number: _xgov(pages=[_xgov_page(0, *[_field("f")] * number)]),
    "words on a page": lambda number: _xgov(
        pages=[_xgov_page(0, _field("f"), *({"type": "Html", "content": f"<p>{each}</p>"} for each in range(number)))]
    ),
    "conditions": lambda number: _xgov(
        pages=[
            _xgov_page(
                0,
                _field("f"),
                next=[{"path": "/p1", "condition": f"c{each}"} for each in range(number)],
            ),
            _xgov_page(1, *(_field(f"g{each}") for each in range(number))),
        ],
        conditions=[{"name": f"c{each}", "value": f"g{each} == 'a'"} for each in range(number)],
    ),
    "bold words": lambda number: _xgov(
        pages=[_xgov_page(0, _field("f"), {"type": "Html", "content": "<b>a</b> b " * number})]
    ),
    "lists in each other": lambda number: _xgov(
        pages=[_xgov_page(0, _field("f"), {"type": "Html", "content": "<ul><li>" * number})]
    ),
}
"""XGov definitions with a number of something."""


def _read_form(form: Any) -> None:
    try:
        lint(parse(form))
    except DefinitionInvalid:
        return


def _read_batch(number: int) -> None:
    window = Window(NOW, timedelta(days=1))
    recipients = [{"email_address": "a@b.example", "personalisation": {"name": "Jo"}}] * number
    body = {"template_id": "f163deaf-2d3f-4ec6-98fc-f23fa511518f", "recipients": recipients}
    read_rows(read_batch(read_json(json.dumps(body).encode()), window), Channel.EMAIL, window)


def _file_with_a_key_twice(number: int) -> bytes:
    file = io.StringIO()
    file.write('{"k0": 1')
    for each in range(number):
        file.write(f', "k{each + 1}": 1')
    file.write(f', "k{number}": 1}}')
    return file.getvalue().encode()


def _names(number: int) -> list[str]:
    return [f"n{each}" for each in range(number)]


def _broken_row(number: int) -> tuple[Row, list[str]]:
    """Return a row of a list of whose cells every other one is a formula's error, or was never worked out, or empty."""
    cells = ["a@b.example", *(("#N/A", "", "")[each % 3] for each in range(number))]
    return Row(2, tuple(cells), tuple(range(1, number, 3)) * 2), _names(number)


def _check_broken_row(built: tuple[Row, list[str]]) -> None:
    row, names = built
    columns = read_columns(("email address", *names), Channel.EMAIL, asked_for=names, delimiter="")
    body = "".join(f"(({name}))" for name in names)
    check_row(row, columns, Rules(Channel.EMAIL, Pair(Words("A", body)), None))


def _wrong_row(number: int) -> tuple[ListedRow, list[str]]:
    problems = tuple(Problem(Kind.MISSING, f"n{2 * each}") for each in range(number))
    return ListedRow(Row(2, ("",) * number), problems), _names(number)


def _batch_with_untrusted_names(number: int) -> bytes:
    recipients = [{"email_address": "a@b.example", "personalisation": {"n1": "*"}}] * min(number, 1_000)
    body = {"template_id": "f163deaf-2d3f-4ec6-98fc-f23fa511518f", "recipients": recipients}
    return json.dumps({**body, "sanitise_content_for": _names(number)[:1_000]}).encode()


def _sanitise_batch(body: bytes) -> None:
    window = Window(NOW, timedelta(days=1))
    for row in read_rows(read_batch(read_json(body), window), Channel.EMAIL, window):
        assert isinstance(row, AskedRow)
        sanitise_values(row.wanted.personalisation, row.wanted.untrusted)


def _show_form(number: int) -> None:
    """Read and show a page with a number of boxes, each wrong."""
    form = Form(*(TextField(name, "Question") for name in _names(number))).read(QueryDict("n1=x"))
    refused = form.refuse_all(FormProblem(name, "Wrong") for name in _names(number))
    _ = [each.params for each in refused], refused.summary()


def _journey(number: int) -> tuple[FormDefinition, dict[str, str]]:
    """Return a form with a number of pages, and of rules that turn people away at its end, with all of its answers."""
    many = min(number, 250)
    both_are_no = [{"q": f"q{each}", "op": "is", "value": "no"} for each in (0, many - 1)]
    rules = [{"when": {"all": both_are_no}, "exit": "e"}] * (2 * many)
    pages = (page(asked(f"q{each}", "yes_no")) for each in range(many))
    form = document(*pages, eligibility=rules, exits={"e": {"heading": both("No")}})
    return parse(form), {f"q{each}": "yes" for each in range(many)}


def _sheet(rows: str) -> bytes:
    return zipped(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        **{"content.xml": f"<office><table:table>{rows}</table:table></office>"},
    )


def _read_file(content: bytes) -> None:
    heard(lambda: list(open_spreadsheet([content]).rows))


_HIDDEN_ROW = (
    '<table:table-row table:number-rows-repeated="{}" table:visibility="collapse">'
    "<table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>"
)

_CELL_OF_PIECES = '<s><row><c t="inlineStr"><is>%s</is></c></row></s>'
_PIECE = f"<t>{'a' * 40}</t>"

STRUCTURES: Mapping[str, tuple[Build, Callable[[Any], object]]] = {
    "a row of a list with many broken cells": (_broken_row, _check_broken_row),
    "a row of a list with much that is wrong": (_wrong_row, lambda built: shown_rows([built[0]], built[1])),
    "a batch with many names of values": (_batch_with_untrusted_names, _sanitise_batch),
    "a page with many boxes": (lambda number: number * 5, _show_form),
    "a journey through many pages past many rules": (_journey, lambda built: walk(*built)),
    "a sheet whose hidden row is repeated": (lambda number: _sheet(_HIDDEN_ROW.format(number**2)), _read_file),
    "a cell of very many pieces": (lambda number: workbook(_CELL_OF_PIECES % (_PIECE * number * 80)), _read_file),
    **{f"a form with many {name}": (build, _read_form) for name, build in _FORMS.items()},
    **{
        f"an XGov form with many {name}": (
            build,
            lambda form: heard(lambda: import_xgov(form, form, workflow="bulky-waste")),
        )
        for name, build in _XGOV.items()
    },
    "a workflow with many states and actions": (_workflow, lambda wanted: heard(workflow.parse, wanted)),
    "a workflow with many states of one code": (
        lambda number: {**(given := _workflow(number)), "states": [given["states"][0]] * number},
        lambda wanted: heard(workflow.parse, wanted),
    ),
    "a batch of many messages": (lambda number: number, _read_batch),
    "a request with many keys": (
        lambda number: json.dumps({f"k{each}": each for each in range(number)}).encode(),
        lambda body: heard(read_json, body),
    ),
    "a request with lists in each other": (
        lambda number: b"[" * number + b"]" * number,
        lambda body: heard(read_json, body),
    ),
    "a definition's file with a key twice": (
        _file_with_a_key_twice,
        lambda file: heard(lambda: read_definition(file, None, workflow="")),
    ),
    "a definition's file with lists in each other": (
        lambda number: b"[" * number * 20,
        lambda file: heard(lambda: read_definition(file, None, workflow="")),
    ),
}
"""By name: how a document with a number of something is built, and how it is read."""
