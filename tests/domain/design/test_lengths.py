"""Text that is longer than its question takes is refused before anything looks at it, and can be read by nobody."""

import pytest
from django.http import QueryDict

from guildhall.design.forms import (
    CheckboxesField,
    DateField,
    Field,
    Form,
    LongTextField,
    Option,
    PasswordField,
    RadiosField,
    SelectField,
    TextField,
    TypedTooMuch,
    uk_address,
)
from guildhall.identity.pages.questions import GivenPasswordField

OPTIONS = (Option("r", "Red"), Option("blue", "Blue"))


def sent(**typed: str | list[str]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in typed.items():
        query.setlist(name.replace("_", "-"), value if isinstance(value, list) else [value])
    return query


def test_text_at_its_limit_is_read_and_one_character_more_is_refused_in_words_that_say_the_limit() -> None:
    form = Form(TextField("name", "Full name"))
    assert form.read(sent(name="x" * 200)).text("name") == "x" * 200
    refused = form.read(sent(name="x" * 201))
    assert refused.is_refused
    assert refused.summary() == [{"text": "Full name must be 200 characters or fewer", "href": "#name"}]


def test_spaces_around_and_both_characters_of_a_line_end_do_not_count() -> None:
    form = Form(LongTextField("note", "Note", longest=3)).read(sent(note="  a\r\nb  "))
    assert form.text("note") == "a\nb"


@pytest.mark.parametrize("typed", ["x" * 500, "x" * 200 + " " * 300_000 + "y"], ids=["long", "hidden behind spaces"])
def test_no_way_of_reading_gives_an_answer_that_is_too_long(typed: str) -> None:
    form = Form(TextField("name", "Full name")).read(sent(name=typed))
    for read in (form.text, form.chosen, form.parts, form.answer):
        with pytest.raises(TypedTooMuch):
            read("name")
    with pytest.raises(TypedTooMuch):
        _ = form.values
    with pytest.raises(TypedTooMuch):
        form.refuse("", "Something else").text("name")


def test_what_was_typed_is_shown_again_in_full_until_it_is_absurd() -> None:
    form = Form(TextField("name", "Full name"))
    assert form.read(sent(name="x" * 9_000))["name"].value == "x" * 9_000
    assert form.read(sent(name="x" * 90_000))["name"].value == "x" * 10_000


def test_one_part_of_an_address_that_is_too_long_is_named_and_the_address_cannot_be_read() -> None:
    form = Form(uk_address("home", "Your address")).read(sent(home_address2="x" * 201, home_postcode="SW1A 2AA"))
    assert form.summary() == [{"text": "Address line 2 must be 200 characters or fewer", "href": "#home-address2"}]
    with pytest.raises(TypedTooMuch):
        form.parts("home")


def test_a_date_has_few_characters() -> None:
    form = Form(DateField("dob", "Date of birth")).read(sent(dob_day="1" * 400))
    assert form.summary() == [{"text": "Day must be 20 characters or fewer", "href": "#dob-day"}]


def test_a_question_that_is_a_sentence_is_not_put_into_the_message() -> None:
    asked, called = TextField("job", "What is your job?"), TextField("job", "Choose a name", called="Name")
    assert Form(asked).read(sent(job="x" * 201)).problems[0].message == "What you enter must be 200 characters or fewer"
    assert Form(called).read(sent(job="x" * 201)).problems[0].message == "Name must be 200 characters or fewer"


@pytest.mark.parametrize("kind", [RadiosField, SelectField])
def test_a_choice_that_is_longer_than_any_is_none_of_them_and_kept_short(kind: type[Field]) -> None:
    form = Form(kind("c", "Colour", options=OPTIONS)).read(sent(c="blue" + "x" * 100_000))  # type: ignore[call-arg]
    assert form.text("c") == "bluex"


def test_no_more_boxes_are_read_than_could_be_ticked_and_one() -> None:
    form = Form(CheckboxesField("c", "Colours", options=OPTIONS)).read(sent(c=["blue" + "x" * 100_000] * 1_000))
    assert form.chosen("c") == ("bluex",) * 3


def test_a_password_that_is_chosen_has_a_limit_and_one_that_is_compared_is_only_cut() -> None:
    chosen = Form(PasswordField("p", "Choose a password", called="Password", longest=256)).read(sent(p="x" * 257))
    assert chosen.problems[0].message == "Password must be 256 characters or fewer"
    given = Form(GivenPasswordField("p", "Password")).read(sent(p="x" * 80_000))
    assert not given.is_refused and given.text("p") == "x" * 1025
