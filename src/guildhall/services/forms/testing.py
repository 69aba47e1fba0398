"""Small definitions for tests of this module and of those above it: one page for each question, in the order given."""

from typing import Any

from guildhall.services.forms.domain.definition import FormDefinition
from guildhall.services.forms.domain.parsing import parse


def both(words: str) -> dict[str, str]:
    return {"en": words, "cy": f"{words} (Cymraeg)"}


def asked(question_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": question_id, "type": kind, "text": both(f"Question {question_id}?"), **more}


def options(*values: str, **more: Any) -> list[dict[str, Any]]:
    return [{"value": value, "label": both(value), **more} for value in values]


def page(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    name = questions[0]["id"]
    return {"id": f"page-{name}", "slug": f"page-{name}", "questions": list(questions), **more}


def document(*pages: dict[str, Any], **more: Any) -> dict[str, Any]:
    workflow = [{"to": "case", "workflow": "bulky-waste"}]
    return {"title": both("A form"), "pages": list(pages), "submit": workflow, **more}


def form(*pages: dict[str, Any], **more: Any) -> FormDefinition:
    return parse(document(*pages, **more))


BULKY_ANSWERS: dict[str, Any] = {
    "is-from-a-home": "yes",
    "kinds-of-items": ["furniture"],
    "number-of-items": "3",
    "description": "a sofa",
    "gets-a-benefit": "no",
    "address": {"address1": "1 High Street", "town_or_city": "Wrexham", "postcode": "LL11 1AY"},
    "preferred-day": "2026-12-01",
    "name": {"full_name": "Siân Owen"},
    "email": "sian@example.com",
    "phone": None,
}
"""A whole journey through the sandbox's bulky waste form."""
