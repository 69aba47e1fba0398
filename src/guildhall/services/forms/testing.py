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

EVERY_KIND: dict[str, Any] = document(
    page(asked("text", "text", required=False, hint=both("As you like it"))),
    page(asked("story", "long_text", settings={"max_words": 50})),
    page(asked("club", "organisation_name")),
    page(asked("nino", "national_insurance_number", hint=both("It is on your **letters**:\n\n- pay\n- tax"))),
    page(asked("mail", "email")),
    page(asked("phone", "phone_number")),
    page(asked("sum", "number", settings={"prefix": "£", "max": 100})),
    page(asked("birthday", "date", settings={"input_type": "date_of_birth"})),
    page(asked("whole-name", "name")),
    page(asked("names", "name", settings={"input_type": "first_middle_and_last_name", "title_needed": True})),
    page(asked("home", "address")),
    page(asked("abroad", "address", settings={"input_type": "international_address"})),
    page(asked("one", "radios", options=options("a", "b", hint=both("A hint")))),
    page(
        asked(
            "other",
            "radios",
            required=False,
            options=options("a", "b"),
            settings={"none_of_the_above_question": {"text": both("Which one?")}},
        )
    ),
    page(asked("many", "radios", options=options(*(f"n{number}" for number in range(31))))),
    page(asked("several", "checkboxes", options=[*options("a", "b"), *options("not-sure", exclusive=True)])),
    page(
        asked("sure", "yes_no", text=both("Do you plan to ask for money to help with what it costs to run the hall?")),
        guidance=both("## Think\n\n1. first\n2. [then](https://www.example.org)"),
    ),
    page(asked("agree", "declaration")),
    page(asked("left", "text"), asked("right", "number"), heading=both("Two at once")),
    introduction=both("## Everything there is"),
    languages={"default": "en", "required": ["en", "cy"]},
    declaration={"markdown": both("- All of it is true")},
    what_happens_next=both("Nothing."),
)
"""A form with every kind of question."""
