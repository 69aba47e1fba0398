from django.http import QueryDict
from django.template import engines
from django.test.html import parse_html

from guildhall.design.forms import (
    CheckboxesField,
    CountedTextField,
    DateField,
    EmailField,
    Form,
    LongTextField,
    Option,
    PasswordField,
    Problem,
    RadiosField,
    SelectField,
    TextField,
    divider,
    full_name,
    uk_address,
)

COLOURS = (Option("r", "Red"), Option("b", "Blue", hint="Like the sky"))


def shown(form: Form, name: str) -> str:
    template = engines["jinja2"].from_string('{% from "design/fields.html" import field %}{{ field(asked) }}')
    return template.render({"asked": form[name]})


def test_what_was_typed_is_read_without_the_spaces_around_it_and_shown_again() -> None:
    form = Form(EmailField("email", "Email address")).read(QueryDict("email=+a%40b.c+"))
    assert form.text("email") == "a@b.c"
    assert 'value="a@b.c"' in shown(form, "email")


def test_a_password_is_read_as_typed_and_never_sent_back() -> None:
    form = Form(PasswordField("password", "Password")).read(QueryDict("password=+secret+"))
    assert form.text("password") == " secret "
    assert "secret" not in shown(form, "password")


def test_long_text_has_one_kind_of_line_end() -> None:
    form = Form(LongTextField("note", "Note")).read(QueryDict("note=a%0D%0Ab%0Dc"))
    assert form.text("note") == "a\nb\nc"


def test_a_character_that_no_database_takes_is_dropped() -> None:
    form = Form(TextField("a", "A"), LongTextField("b", "B")).read(QueryDict("a=x%00y&b=x%00y"))
    assert (form.text("a"), form.text("b")) == ("xy", "xy")


def test_every_ticked_box_is_read_and_shown_ticked() -> None:
    form = Form(CheckboxesField("c", "Colours", options=COLOURS)).read(QueryDict("c=r&c=b"))
    assert form.chosen("c") == ("r", "b")
    assert shown(form, "c").count(" checked") == 2


def test_only_the_chosen_radio_is_shown_chosen() -> None:
    form = Form(RadiosField("c", "Colour", options=(*COLOURS, divider(), Option("n", "None")))).read(QueryDict("c=b"))
    html = shown(form, "c")
    assert html.count(" checked") == 1 and 'value="b" checked' in html
    assert "Like the sky" in html and '<div class="govuk-radios__divider">or</div>' in html


def test_the_chosen_line_of_a_list_stays_chosen() -> None:
    form = Form(SelectField("c", "Colour", options=COLOURS)).read(QueryDict("c=b"))
    assert 'value="b" selected' in shown(form, "c")


def test_a_date_is_read_in_its_parts_and_the_summary_leads_to_the_wrong_part() -> None:
    form = Form(DateField("dob", "Date of birth")).read(QueryDict("dob-day=3&dob-year=1990"))
    form = form.refuse("dob", "Enter a day, month and year", "month")
    assert form.parts("dob") == {"day": "3", "month": "", "year": "1990"}
    assert form.summary() == [{"text": "Enter a day, month and year", "href": "#dob-month"}]
    wrong = [line for line in shown(form, "dob").splitlines() if "govuk-input--error" in line]
    assert len(wrong) == 1 and 'id="dob-month"' in wrong[0]


def test_a_date_that_is_wrong_as_a_whole_marks_every_part_and_leads_to_the_first() -> None:
    form = Form(DateField("dob", "Date of birth")).read(QueryDict("")).refuse("dob", "Enter a date")
    assert form.summary() == [{"text": "Enter a date", "href": "#dob-day"}]
    assert shown(form, "dob").count("govuk-input--error") == 3


def test_each_part_of_an_address_shows_its_own_problem() -> None:
    form = Form(uk_address("home", "Your address")).read(QueryDict("home-postcode=zz"))
    form = form.refuse_all(
        [
            Problem("home", "Enter the town or city", "town_or_city"),
            Problem("home", "Enter a full UK postcode", "postcode"),
        ]
    )
    html = shown(form, "home")
    assert [entry["href"] for entry in form.summary()] == ["#home-town_or_city", "#home-postcode"]
    assert 'aria-describedby="home-postcode-error"' in html and "Enter the town or city" in html
    assert 'autocomplete="postal-code"' in html and 'value="zz"' in html


def test_a_problem_of_a_whole_name_stands_in_the_fieldset() -> None:
    form = Form(full_name("who", "Your name", hint="As on your passport")).refuse("who", "Enter a name")
    html = shown(form, "who")
    assert 'aria-describedby="who-hint who-error"' in html
    assert parse_html(html).count(parse_html('<span class="govuk-visually-hidden">Error:</span>')) == 1


def test_a_count_of_characters_tells_its_limit_without_scripts() -> None:
    html = shown(Form(CountedTextField("why", "Why", longest=200)), "why")
    assert "You can enter up to 200 characters" in html
    assert 'data-i18n.characters-under-limit.one="You have %{count} character remaining"' in html


def test_the_summary_follows_the_order_of_the_questions() -> None:
    form = Form(TextField("first", "First"), TextField("second", "Second"))
    form = form.refuse("second", "Enter the second").refuse("first", "Enter the first")
    assert [entry["text"] for entry in form.summary()] == ["Enter the first", "Enter the second"]


def test_a_problem_of_no_field_is_said_without_a_link() -> None:
    assert Form().refuse("", "Your email address or password is incorrect").summary() == [
        {"text": "Your email address or password is incorrect"}
    ]


def test_words_that_were_typed_cannot_break_out_of_the_page() -> None:
    form = Form(TextField("a", "A"), LongTextField("b", "<b>B</b>")).read(
        QueryDict("a=%22%3E%3Cscript%3E&b=%3C/textarea%3E")
    )
    assert "<script>" not in shown(form, "a")
    assert "</textarea><" not in shown(form, "b").replace("</textarea>\n", "") and "<b>B</b>" not in shown(form, "b")
