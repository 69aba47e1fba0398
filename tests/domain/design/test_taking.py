"""What becomes of what people type, by kind of question: words are composed, identifiers cleaned."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from guildhall.design import forms
from guildhall.design.forms import (
    CheckboxesField,
    CodeField,
    CountedTextField,
    DateField,
    EmailField,
    Field,
    FileField,
    Form,
    Group,
    LongTextField,
    NumberField,
    Option,
    Part,
    PasswordField,
    PhoneField,
    RadiosField,
    SelectField,
    TextField,
    taking,
)
from guildhall.design.pages.words import searched_for

TAKES = {
    TextField: taking.words,
    LongTextField: taking.words,
    CountedTextField: taking.words,
    Group: taking.words,
    EmailField: taking.identifier,
    PhoneField: taking.identifier,
    NumberField: taking.identifier,
    CodeField: taking.identifier,
    DateField: taking.identifier,
}
TYPES_NOTHING = {RadiosField, SelectField, CheckboxesField, FileField}
"""Their values are ours, or the file's."""

BLANKS = ["", " ", "\u00a0", "\u200b", "\u3164", "\u2800\u00ad", "\u202e\u2069", "\ufe0f", "\u0301", "\x00 \t"]


def read(field: Field, typed: str) -> object:
    sent = QueryDict(mutable=True)
    sent.update(dict.fromkeys(field.input_names(), typed))
    value = Form(field).read(sent).answer(field.name)
    return next(iter(value.values())) if isinstance(value, dict) else value


def make(kind: type[Field]) -> Field:
    return kind("asked", "Asked", **({"of": (Part("part", "Part"),)} if kind is Group else {}))


def test_every_kind_of_question_says_what_it_takes() -> None:
    named = (each for each in vars(forms).values() if isinstance(each, type) and issubclass(each, Field))
    assert {each for each in named if hasattr(each, "component")} == set(TAKES) | TYPES_NOTHING | {PasswordField}
    for kind, takes in TAKES.items():
        assert make(kind).takes is takes, kind


@pytest.mark.parametrize("kind", TAKES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("typed", BLANKS, ids=ascii)
def test_an_answer_of_which_nothing_can_be_seen_is_no_answer(kind: type[Field], typed: str) -> None:
    assert read(make(kind), typed) == ""


@pytest.mark.parametrize("kind", [kind for kind, takes in TAKES.items() if takes is taking.words])
def test_words_are_composed_and_keep_everything_else(kind: type[Field]) -> None:
    assert (
        read(make(kind), " Sio\u0302n\u00a0– \u202aO’Brien\u202c\u200b x ") == "Siôn\u00a0– \u202aO’Brien\u202c\u200b x"
    )


def test_lines_stay_lines() -> None:
    assert read(LongTextField("asked", "Asked"), "a\r\nb\rc\n") == "a\nb\nc"


@pytest.mark.parametrize("kind", [kind for kind, takes in TAKES.items() if takes is taking.identifier])
def test_identifiers_are_cleaned(kind: type[Field]) -> None:
    assert read(make(kind), " \u202a1\u00a02\u20113\u200b4\u202c ") == "1 2-34"


def test_passwords_and_what_only_programs_read_keep_their_characters() -> None:
    typed = "\u200be\u0301 –\u00a0"
    assert read(PasswordField("asked", "Asked"), typed) == typed
    assert read(TextField("asked", "Asked", takes=taking.as_it_is), typed) == typed.strip()


def test_what_was_chosen_keeps_its_characters() -> None:
    options = [Option("e\u0301\u200b", "É")]
    assert read(RadiosField("asked", "Asked", options=options), "e\u0301\u200b") == "e\u0301\u200b"
    assert read(CheckboxesField("asked", "Asked", options=options), "e\u0301\u200b") == ("e\u0301\u200b",)


def test_a_search_is_composed_and_one_line_long() -> None:
    assert searched_for(RequestFactory().get("/?search=Lly%CC%82n%00%20")) == "Llŷn"
    assert searched_for(RequestFactory().get("/?search=%E2%80%8B")) == ""
    assert searched_for(RequestFactory().get("/")) == ""
    assert len(searched_for(RequestFactory().get("/", {"q": "x" * 10_000}), "q")) == 200
