"""Every example that GOV.UK Frontend publishes, rendered through our environment, is the same page to a browser.

Wire: alphagov/govuk-frontend:packages/govuk-frontend/dist/govuk/components/*/fixtures.json (6.3.0, from npm).
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.test.html import parse_html

CHECKOUT = Path(__file__).parents[3]
THEIRS = CHECKOUT / "node_modules/govuk-frontend/dist/govuk/components"
OURS = Path(__file__).parent / "fixtures"
COMPONENTS = sorted(path.parent.name for path in THEIRS.glob("*/fixtures.json"))


def fixtures_of(folder: Path, component: str) -> list[dict[str, Any]]:
    return json.loads((folder / component / "fixtures.json").read_text())["fixtures"]


def rendered(library: str, component: str, macro: str, options: dict[str, Any]) -> str:
    template = engines["jinja2"].from_string(
        f'{{% from "{library}/components/{component}/macro.html" import {macro} %}}{{{{ {macro}(options) }}}}'
    )
    return template.render({"options": options})


def macro_name(prefix: str, component: str) -> str:
    name = "".join(word.capitalize() for word in component.split("-"))
    return prefix + name if prefix else name[0].lower() + name[1:]


def test_there_are_as_many_examples_as_the_contract_counts() -> None:
    assert len(COMPONENTS) == 37, "run python -m guildhall.design.build_assets first"
    assert sum(len(fixtures_of(THEIRS, component)) for component in COMPONENTS) == 657


@pytest.mark.parametrize("component", COMPONENTS)
def test_each_example_of_a_govuk_component_renders_as_published(component: str) -> None:
    for fixture in fixtures_of(THEIRS, component):
        made = rendered("govuk_frontend_jinja", component, macro_name("govuk", component), fixture["options"])
        assert parse_html(made) == parse_html(fixture["html"]), f"{component}: {fixture['name']}"


@pytest.mark.parametrize("component", sorted(path.parent.name for path in OURS.glob("*/fixtures.json")))
def test_each_example_of_a_component_of_our_own_renders_as_written_down(component: str) -> None:
    for fixture in fixtures_of(OURS, component):
        made = rendered("design", component, macro_name("", component), fixture["options"])
        assert parse_html(made) == parse_html(fixture["html"]), f"{component}: {fixture['name']}"
