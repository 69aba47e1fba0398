"""What a resident is told, in both languages.

GOV.UK Forms' own words are data (services contract 1.5: they win, exactly); ours fill the gaps they leave.
"""

import json
from functools import cache
from importlib.resources import files

from guildhall.design.languages import Text


def govuk(key: str) -> Text:
    """Return what GOV.UK Forms says under one of its locale paths."""
    return _texts("govuk_forms/messages.json")[key]


def blames(question: str, attribute: str, rule: str) -> Text:
    """Return GOV.UK Forms' message for a broken rule of one attribute of a question."""
    return govuk(f"activemodel.errors.models.question/{question}.attributes.{attribute}.{rule}")


def ours(key: str, **values: object) -> Text:
    """Return our own message, with its placeholders filled; a Text is filled in language by language."""
    return filled(_texts("guildhall_messages.json")[key], values)


def problem_words(key: str, **values: object) -> Text:
    """Return what a service manager is told about a definition, with its placeholders filled."""
    return filled(_texts("problems.json")[key], values)


def filled(text: Text, values: dict[str, object]) -> Text:
    """Fill the placeholders of both sides of a text."""
    return Text(text.en.format(**_side(values, "en")), text.cy.format(**_side(values, "cy")))


def _side(values: dict[str, object], language: str) -> dict[str, object]:
    return {name: value.in_(language) if isinstance(value, Text) else value for name, value in values.items()}


@cache
def _texts(name: str) -> dict[str, Text]:
    source = files("guildhall.services.forms") / "data" / name
    return {key: Text(**sides) for key, sides in json.loads(source.read_text(encoding="utf-8")).items()}
