"""A definition of a stranger is imported, or refused in words: whatever it says, however deep, long or often."""

import copy
import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts import all_files, cases
from tests.domain.services_forms.test_xgov import NUMBER, small

from guildhall.services.forms.domain.files import read_definition
from guildhall.services.forms.domain.journey import walk
from guildhall.services.forms.domain.linter import lint
from guildhall.services.forms.domain.parsing import DefinitionInvalid, parse
from guildhall.services.forms.domain.xgov.markup import NotGuidance, read_markup

DEFINITIONS = [cases(file) for file in all_files("services/forms/xgov-*/**/*.json")]
TEXT = {"type": "TextField", "name": "t", "title": "T?"}
RADIOS = {"type": "RadiosField", "name": "r", "title": "R?", "list": "l"}

ANYTHING = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    st.sampled_from(
        ["", "__proto__", "constructor", "<script>", "{{ a }}", "\x00", "9" * 5_000, "<b>" * 40, "a.b", "/a"]
    ),
    st.sampled_from([[], {}, [[]], [{}], [None], {"en": "x", "cy": []}, {"type": "RelativeTime"}, 10**24, -1, 1e300]),
    st.recursive(
        st.just({}), lambda inner: st.dictionaries(st.text(max_size=3), inner) | st.lists(inner), max_leaves=3
    ),
)
KEYS = st.sampled_from(
    [
        *("maxlength", "regex", "precision", "min", "max", "suffix", "condition", "conditional", "children", "values"),
        *("componentsAfter", "controller", "type", "schema", "options", "list", "multiplier", "specialPages", "fees"),
        *("customValidationMessages", "repeatField", "redirect", "conditions", "declaration", "behaviour", "name"),
    ]
)


def read(document: Any, welsh: Any = None) -> str:
    """Return why a definition is refused, and look over one that is not, as uploading does."""
    twin = None if welsh is None else json.dumps(welsh).encode()
    try:
        found = read_definition(json.dumps(document).encode(), twin, workflow="grant")
    except DefinitionInvalid as invalid:
        assert all(problem.words.en and problem.words.cy for problem in invalid.problems)
        return str(invalid)
    form = parse(json.loads(json.dumps(found.document, allow_nan=False)))
    lint(form)
    walk(form, {})
    return ""


def damage(document: Any, data: st.DataObject) -> None:
    """Put anything in the place of something, or beside it."""
    inside = document
    while True:
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(inside[key], dict | list) or not inside[key] or data.draw(st.integers(0, 4)) == 0:
            break
        inside = inside[key]
    if isinstance(inside, dict) and data.draw(st.booleans()):
        key = data.draw(KEYS)
    inside[key] = copy.deepcopy(data.draw(ANYTHING))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(DEFINITIONS), st.sampled_from([None, *DEFINITIONS]), st.integers(1, 3), st.data())
def test_whatever_stands_in_the_place_of_anything_is_refused_in_words(
    english: Any, welsh: Any, times: int, data: st.DataObject
) -> None:
    damaged = copy.deepcopy(english)
    for _ in range(times):
        damage(damaged, data)
    read(damaged, welsh)


# -- too much ---------------------------------------------------------------------------------------------------------


def page(name: Any, components: Any = (), ways: Any = ()) -> dict[str, Any]:
    return {
        "path": f"/{name}",
        "title": f"Page {name}",
        "components": list(components),
        "next": [{"path": f"/{way}"} for way in ways],
    }


def form(*pages: Any, **more: Any) -> dict[str, Any]:
    return {"startPage": pages[0]["path"], "name": "Hostile", "pages": list(pages), **more}


MANY_ITEMS = [{"name": "l", "items": [{"text": "a", "value": str(number)} for number in range(3_001)]}]
ALL_ITEMS = [{"name": "l", "items": MANY_ITEMS[0]["items"][:3_000]}]
BESIDE = [page("b", [TEXT])]


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (form(*(page(place, [], [place + 1]) for place in range(1_000))), "at most 300 pages"),
        (form(page("a", [TEXT] * 3_000)), "pages.components: There may be at most 2000"),
        (form(page("a", [TEXT], ["b"] * 4_000), *BESIDE), "pages.next: There may be at most 3000"),
        (form(page("a", [TEXT]), conditions=[{"name": "c"}] * 9_000), "conditions: There may be at most 2000"),
        (form(page("a", [RADIOS]), lists=MANY_ITEMS), "pages[/a].r: There may be at most 3000 options"),
        (
            form(page("a", [RADIOS | {"name": f"r{place}"} for place in range(5)]), lists=ALL_ITEMS),
            "pages[/a].r3: There may be at most 3000 options",
        ),
        (form(page("a", [TEXT | {"title": "x" * 1_001}])), "pages[/a].t: This must be 1000 characters or fewer"),
        (form(page("a", [TEXT | {"hint": "<b>" * 20_000}])), "pages[/a].t: This must be 40000 characters or fewer"),
        (
            form(page("a", [TEXT, *({"type": "Para", "content": "x" * 39_000} for _ in range(8))])),
            "pages[/a]: This must be 40000 characters or fewer",
        ),
        (
            form(page("a", [TEXT | {"regex": "x", "schema": {"regex": "(a+)+$"}}])),
            "Guildhall cannot keep the rule “regex”",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_more_than_any_form_has_is_refused_before_it_is_looked_at(definition: Any, said: str) -> None:
    assert said in read(definition)


def nested(depth: int) -> Any:
    inside: Any = "x"
    for _ in range(depth):
        inside = [inside]
    return inside


@pytest.mark.parametrize("place", ["startPage", "name", "metadata", "pages", "anything"])
def test_a_definition_that_is_nested_too_deeply_is_refused(place: str) -> None:
    assert "nested too deeply" in read(small(TEXT) | {place: nested(200)})


def decided_by(condition: Any, *others: Any) -> dict[str, Any]:
    conditions = [{"name": "c", "value": condition}, *others]
    return small(NUMBER, conditions=conditions, next=[{"path": "/b", "condition": "c"}, {"path": "/end"}])


def naming(*names: str) -> dict[str, Any]:
    return {"conditions": [{"conditionName": name, "coordinator": "and"} for name in names]}


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (decided_by(" and ".join(["n == 1"] * 5_000)), "conditions[c]: The condition is too long to decide"),
        (decided_by(naming(*["d"] * 600), {"name": "d", "value": "n == 1"}), "The condition is too long to decide"),
        (decided_by(naming("c")), "depends on itself"),
        (decided_by(naming("d"), {"name": "d", "value": naming("c")}), "depends on itself"),
        (
            decided_by(naming("c0"), *({"name": f"c{n}", "value": naming(f"c{n + 1}")} for n in range(40))),
            "The condition is too long to decide",
        ),
        (
            decided_by(
                naming("c0", "c0"),
                *({"name": f"c{n}", "value": naming(f"c{n + 1}", f"c{n + 1}")} for n in range(15)),
                {"name": "c15", "value": "n == 1"},
            ),
            "The condition is too long to decide",
        ),
        (decided_by("n" * 500_000), "which Guildhall does not understand"),
        (decided_by("n == '" * 90_000), "which Guildhall does not understand"),
        (decided_by("require('fs')"), "which Guildhall does not understand"),
        (decided_by("__proto__ == 1"), "which Guildhall does not understand"),
        (decided_by("n == " + "9" * 5_000), "can never be the answer"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_condition_that_cannot_be_decided_is_refused(definition: Any, said: str) -> None:
    assert said in read(definition)


def test_pages_that_lead_round_in_a_circle_trap_nobody_and_are_not_published() -> None:
    round_and_round = form(page("a", [TEXT], ["b"]), page("b", [TEXT | {"name": "u", "title": "U?"}], ["a"]))
    found = read_definition(json.dumps(round_and_round).encode(), None, workflow="grant")
    definition = parse(found.document)
    assert any("can lead back to itself" in str(error) for error in lint(definition).errors)
    assert walk(definition, {"t": "x", "u": "y"}).waiting == definition.contact_page


def test_paths_that_read_alike_are_pages_of_their_own() -> None:
    paths = ["A b", "a-b", "a--b", "Á b", "a_b", "payment", "payment!"]
    pages = [
        page(path, [TEXT | {"name": f"t{place}", "title": f"T{place}?"}], paths[place + 1 : place + 2])
        for place, path in enumerate(paths)
    ]
    found = read_definition(json.dumps(form(*pages)).encode(), None, workflow="grant")
    definition = parse(found.document)
    assert len({each.slug for each in definition.pages}) == len({each.id for each in definition.pages}) == len(paths)


def test_what_is_left_out_is_counted_where_nobody_would_read_it_all() -> None:
    links = {"type": "Para", "content": "".join(f"<a href='p{number}'>x</a>" for number in range(700))}
    notes = read_definition(json.dumps(form(page("a", [TEXT, links]))).encode(), None, workflow="grant").notes
    assert (len(notes), str(notes[-1])) == (501, "And 200 more of the same kind.")


# -- markup -----------------------------------------------------------------------------------------------------------

PIECES = [
    *("<", "<a ", "<a href='", "<!--", "<![CDATA[", "&", "&#", "<p", "</p>", "<b>", "<ul>", "<li>", "</x>", "<x>"),
    *("<a href='https://x'>", "x ", "**", "[", "(", '<p class="', "a='", "<b>a</b><i>b</i>", "<img>", "<br>", "\\"),
    *("<td>", "<a>x", "&amp;", "\n\n", "<p style='display:", "<style>", "<p " + "a" * 50, "<x y='z' "),
]


def seconds(html: str) -> float:
    start = time.process_time()
    with suppress(NotGuidance):
        read_markup(html)
    return time.process_time() - start


@pytest.mark.parametrize("piece", PIECES)
def test_markup_takes_no_longer_than_its_length(piece: str) -> None:
    """Four times as much takes about four times as long; what grows with the square takes sixteen times."""
    once, many = (piece * (length // len(piece)) for length in (4_000, 16_000))
    growth = min(seconds(many) for _ in range(3)) / max(min(seconds(once) for _ in range(3)), 0.0003)
    assert growth < 10
