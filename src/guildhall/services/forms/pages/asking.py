"""Questions become fields of a page, and what is typed into fields becomes what questions check."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from guildhall.design.forms import (
    Asked,
    CheckboxesField,
    DateField,
    EmailField,
    Field,
    Form,
    Group,
    LongTextField,
    NumberField,
    Option,
    Part,
    PhoneField,
    Problem,
    RadiosField,
    SelectField,
    TextField,
    Value,
    divider,
    taking,
)
from guildhall.design.languages import Text
from guildhall.design.pages.speaking import current_language
from guildhall.services.forms.domain.definition import Page
from guildhall.services.forms.domain.guidance import plain
from guildhall.services.forms.domain.journey import Answers
from guildhall.services.forms.domain.messages import govuk, ours
from guildhall.services.forms.domain.questions import Answer, Question
from guildhall.services.forms.domain.questions.asking import LONGEST_TYPED, Chosen, Typed
from guildhall.services.forms.domain.questions.choice import NONE_OF_THE_ABOVE, Checkboxes, Choice
from guildhall.services.forms.domain.questions.day import Day
from guildhall.services.forms.domain.questions.number import Number
from guildhall.services.forms.domain.questions.person import Address, Name
from guildhall.services.forms.pages.guidance import guidance_html

MOST_RADIOS = 30
"""With more options than this a list that opens is easier than radios (contract 1.5)."""

LONGEST_SHOWN = LONGEST_TYPED
"""Each kind of question has a maximum of its own, and words for it; this only keeps the work bounded."""

_LABELS = {
    "title": ("question/name.label.title", "honorific-prefix", ""),
    "first_name": ("question/name.label.first_name", "given-name", ""),
    "middle_names": ("question/name.label.middle_names", "additional-name", ""),
    "last_name": ("question/name.label.last_name", "family-name", ""),
    "address1": ("question/address.label.uk_address.line_1", "address-line1", ""),
    "address2": ("question/address.label.uk_address.line_2", "address-line2", ""),
    "town_or_city": ("question/address.label.uk_address.town_or_city", "address-level2", "20"),
    "county": ("question/address.label.uk_address.county", "", "20"),
    "postcode": ("question/address.label.uk_address.postcode", "postal-code", "10"),
    "street_address": ("question/address.label.international_address.street_address", "street-address", ""),
    "country": ("question/address.label.international_address.country", "country-name", "20"),
}


@dataclass(frozen=True)
class Questions:
    """The questions of one page as a form, with the rules to read it by."""

    page: Page
    form: Form

    def typed(self, question: Question) -> Typed:
        """Return what was typed for a question."""
        value = self.form.answer(question.id)
        if isinstance(question, Choice) and question.follow_up:
            chosen = (value,) if isinstance(value, str) else tuple(value)
            return Chosen(tuple(each for each in chosen if each), self.form.text(_other(question)))
        if isinstance(question, Name) and isinstance(value, str):
            return {"full_name": value}
        return value

    def check(self, *, today: date) -> "tuple[Questions, Answers]":
        """Return the answers, or the questions again with everything that is wrong."""
        answers: dict[str, Answer] = {}
        problems: list[Problem] = []
        for question in self.page.questions:
            if self.form.is_too_long(question.id) or self.form.is_too_long(_other(question)):
                continue
            checked = question.check(self.typed(question), today=today)
            answers[question.id] = checked.answer
            problems += [self._problem(question, fault.message, fault.part) for fault in checked.faults]
        return Questions(self.page, self.form.refuse_all(problems)), answers

    def _problem(self, question: Question, message: Text, part: str) -> Problem:
        words = message.in_(current_language())
        if part == "none_of_the_above_answer":
            return Problem(_other(question), words)
        is_one_input = isinstance(question, Name) and question.asked_for() == ("full_name",)
        return Problem(question.id, words, "" if is_one_input else part)


@dataclass(frozen=True)
class Shown:
    """One question ready for its macro, with the question that follows "None of the above"."""

    component: str
    params: dict[str, Any]
    parts: list[Asked]
    follow_up: Asked | None = None


def ask(page: Page, answers: Answers) -> Questions:
    """Return the questions of a page, filled in with the answers there are."""
    fields = [field for question in page.questions for field in _fields(question, is_heading=is_heading(page))]
    values: dict[str, Value] = {}
    for question in page.questions:
        if question.id in answers:
            values |= _values(question, answers[question.id])
    return Questions(page, Form(*fields, values=values))


def is_heading(page: Page) -> bool:
    """Return whether the only question of a page is its heading too."""
    return len(page.questions) == 1 and not page.heading.en and not page.guidance.en


def shown(questions: Questions) -> list[Shown]:
    """Return the questions as a template needs them."""
    return [_shown(questions, question) for question in questions.page.questions]


def _shown(questions: Questions, question: Question) -> Shown:
    asked = questions.form[question.id]
    params = asked.params
    if question.hint.en and "hint" in params and asked.component != "group":
        params["hint"] = {"html": guidance_html(question.hint)}
    if question.text == questions.page.title and not is_heading(questions.page):
        _hide_label(params)
    if isinstance(question, Checkboxes):
        alone = {option.value for option in question.offered if option.is_exclusive}
        params["items"] = [
            item | {"behaviour": "exclusive"} if item.get("value") in alone else item for item in params["items"]
        ]
    is_followed = isinstance(question, Choice) and question.follow_up
    return Shown(asked.component, params, asked.parts, questions.form[_other(question)] if is_followed else None)


def _hide_label(params: dict[str, Any]) -> None:
    """The page's heading says the same: it is not read twice."""
    label = params["fieldset"]["legend"] if "fieldset" in params else params["label"]
    # Around the words, not on the legend itself: browsers lay legends out as tables, which do not hide what overflows.
    hidden = Markup('<span class="govuk-visually-hidden">{}</span>').format(label["text"])
    if "fieldset" in params:
        params["fieldset"] = {"legend": {"html": hidden}}
    else:
        params["label"] = {"html": hidden}


def _fields(question: Question, *, is_heading: bool) -> list[Field]:
    language = current_language()
    given = {
        "name": question.id,
        "label": question.label().in_(language),
        "hint": plain(question.hint.in_(language)),
        "is_heading": is_heading,
        "longest": LONGEST_SHOWN,
    }
    fields = [_FIELDS[question.kind](question, given)]
    if isinstance(question, Choice) and question.follow_up:
        follow_up = question.follow_up.text.in_(language)
        optional = "" if question.follow_up.is_required else f" {govuk('page.optional').in_(language)}"
        hint = ours("only_if_none_of_the_above").in_(language)
        fields.append(TextField(_other(question), f"{follow_up}{optional}", hint=hint, longest=LONGEST_SHOWN))
    return fields


def _values(question: Question, answer: Answer) -> dict[str, Value]:
    typed = question.typed(answer)
    if isinstance(typed, Chosen):
        chosen: Value = typed.values if isinstance(question, Checkboxes) else next(iter(typed.values), "")
        return {question.id: chosen, _other(question): typed.other}
    if isinstance(question, Name) and question.asked_for() == ("full_name",) and not isinstance(typed, str | tuple):
        return {question.id: typed.get("full_name", "")}
    return {question.id: typed}


def _other(question: Question) -> str:
    return f"{question.id}-none_of_the_above_answer"


def _number(question: Question, given: dict[str, Any]) -> Field:
    prefix, suffix = (question.prefix, question.suffix) if isinstance(question, Number) else ("", "")
    return NumberField(**given, prefix=prefix, suffix=suffix, width="10")


def _day(question: Question, given: dict[str, Any]) -> Field:
    return DateField(**given, is_birthday=isinstance(question, Day) and question.is_birthday)


def _name(question: Question, given: dict[str, Any]) -> Field:
    if not isinstance(question, Name) or question.asked_for() == ("full_name",):
        return TextField(**given, autocomplete="name", spellcheck=False, takes=taking.words)
    return Group(**given, of=_parts(question.asked_for()))


def _address(question: Question, given: dict[str, Any]) -> Field:
    return Group(**given, of=_parts(question.asked_for() if isinstance(question, Address) else ()))


def _parts(names: tuple[str, ...]) -> tuple[Part, ...]:
    language = current_language()
    return tuple(
        Part(name, govuk(label).in_(language), autocomplete, width, longest=LONGEST_SHOWN)
        for name in names
        for label, autocomplete, width in (_LABELS[name],)
    )


def _radios(question: Question, given: dict[str, Any]) -> Field:
    options = _options(question)
    if len(options) > MOST_RADIOS:
        choose = Option("", _("Choose one"))
        return SelectField(**given, options=[choose, *(option for option in options if not option.divider)])
    return RadiosField(**given, options=options)


def _checkboxes(question: Question, given: dict[str, Any]) -> Field:
    return CheckboxesField(**given, options=_options(question))


def _options(question: Question) -> list[Option]:
    language = current_language()
    offered = question.offered  # type: ignore[attr-defined]
    options: list[Option] = []
    for option in offered:
        is_apart = option.value == NONE_OF_THE_ABOVE or (option.is_exclusive and option is offered[-1])
        if is_apart and options:
            options.append(divider(govuk("question/selection.divider").in_(language)))
        options.append(Option(option.value, option.label.in_(language), plain(option.hint.in_(language))))
    return options


_FIELDS: dict[str, Callable[[Question, dict[str, Any]], Field]] = {
    "text": lambda question, given: TextField(**given, autocomplete=question.autocomplete),
    "organisation_name": lambda question, given: TextField(**given, autocomplete="organization"),
    "national_insurance_number": lambda question, given: TextField(
        **given, width="20", spellcheck=False, takes=taking.identifier
    ),
    "long_text": lambda question, given: LongTextField(**given),
    "email": lambda question, given: EmailField(**given),
    "phone_number": lambda question, given: PhoneField(**given),
    "number": _number,
    "date": _day,
    "name": _name,
    "address": _address,
    "radios": _radios,
    "yes_no": _radios,
    "checkboxes": _checkboxes,
    "declaration": _checkboxes,
}
