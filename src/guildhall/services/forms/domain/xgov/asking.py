"""XGov fields become questions."""

from typing import Any

from guildhall.services.forms.domain.xgov.components import KINDS, LISTED, RULES, option, rules_of
from guildhall.services.forms.domain.xgov.pairing import Object, objects
from guildhall.services.forms.domain.xgov.source import Source, Words

Document = dict[str, Any]


def question(source: Source, field: Object, welsh: Object, *, question_id: str, place: str) -> Document:
    """Return the question that asks what a field asks."""
    kind = KINDS.get(str(field.get("type")))
    if kind is None:
        source.problems.note(place, "xgov_component", value=field.get("type"))
        return {}
    asked: Document = {
        "id": question_id,
        "type": kind,
        "text": source.words(field, welsh, "title"),
        "hint": source.guidance(field, welsh, "hint", place),
        "required": option(field, "required") is not False,
        "settings": _settings(source, field, welsh, kind, place),
    }
    if kind in LISTED:
        asked["options"] = _options(source, field, place)
        if not asked["required"]:
            source.notes.note(place, "xgov_none_of_the_above")
    if field.get("type") == "WebsiteField":
        source.notes.note(place, "xgov_website")
    return {key: value for key, value in asked.items() if value not in ({}, [])}


def _settings(source: Source, field: Object, welsh: Object, kind: str, place: str) -> Document:
    settings: Document = {}
    for name, value in rules_of(field).items():
        rule = RULES.get(name)
        read = rule(kind, value) if rule else None
        if read is None:
            source.problems.note(place, "xgov_rule", value=name)
        settings |= read or {}
    message = _message(field, welsh)
    if message and kind == "number" and {"min", "max"} & settings.keys():
        settings["range_message"] = message
    elif message:
        source.notes.note(place, "xgov_message")
    return settings


def _message(field: Object, welsh: Object) -> Words:
    said = {"en": option(field, "customValidationMessage"), "cy": option(welsh, "customValidationMessage")}
    return {language: words for language, words in said.items() if isinstance(words, str) and words}


def _options(source: Source, field: Object, place: str) -> list[Document]:
    name = str(field.get("list") or option(field, "list") or "")
    if name not in source.lists:
        source.problems.note(place, "xgov_unknown_list", value=name)
        return []
    english = objects(source.lists[name], "items")
    welsh = source.twin.items(name, english, place)
    alone = str(option(field, "behaviourItemValue")) if option(field, "behaviour") == "exclusive" else None
    return [_option(source, item, twin, alone, place) for item, twin in zip(english, welsh, strict=True)]


def _option(source: Source, item: Object, welsh: Object, alone: str | None, place: str) -> Document:
    if item.get("condition"):
        source.problems.note(place, "xgov_rule", value="condition")
    value = str(item.get("value"))
    offered: Document = {
        "value": value,
        "label": source.words(item, welsh, "text"),
        "hint": source.words(item, welsh, "description"),
    }
    if value == alone:
        offered["exclusive"] = True
    return {key: each for key, each in offered.items() if each != {}}
