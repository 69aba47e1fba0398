"""A form can be in order and still be unwise: the linter says so before it is published."""

from guildhall.services.forms.domain.linter import lint
from guildhall.services.forms.domain.parsing import parse, required_by_law
from guildhall.services.forms.testing import asked, document, form, page

IF_YES = {"q": "a", "op": "is", "value": "yes"}


def test_a_page_that_nobody_can_get_to_is_an_error() -> None:
    lost = form(
        page(asked("a", "email"), next=[{"page": "page-c"}]), page(asked("b", "text")), page(asked("c", "text"))
    )
    assert [str(error) for error in lint(lost).errors] == ["pages[1]: Nobody can get to “Question b?”."]


def test_a_page_behind_one_that_may_be_skipped_can_be_reached() -> None:
    reached = form(page(asked("a", "yes_no")), page(asked("b", "email"), show_if=IF_YES), page(asked("c", "text")))
    assert lint(reached).errors == ()


def test_pages_that_lead_back_to_themselves_are_errors() -> None:
    circle = form(
        page(asked("a", "email"), next=[{"page": "page-b"}]), page(asked("b", "text"), next=[{"page": "page-a"}])
    )
    assert [error.path for error in lint(circle).errors] == ["pages[0]", "pages[1]"]


def test_welsh_that_is_required_and_missing_is_an_error_and_named() -> None:
    english = document(page(asked("a", "email", text={"en": "Only English"})))
    assert lint(parse(english)).errors == ()
    welsh = parse(required_by_law(english, ("en", "cy")))
    assert [str(error) for error in lint(welsh).errors] == ["pages[0].questions[0]: “Only English” has no Welsh."]


def test_asking_the_same_thing_twice_on_one_way_is_an_error() -> None:
    same = {"text": {"en": "Same?", "cy": "Yr un?"}}
    twice = form(page(asked("a", "email", **same)), page(asked("b", "text", **same)))
    assert [str(error) for error in lint(twice).errors] == [
        "pages[1].questions[0]: “Same?” is asked twice on one way through the form."
    ]
    branches = form(
        page(asked("q", "email"), next=[{"if": {"q": "q", "op": "is", "value": "x"}, "page": "page-b"}]),
        page(asked("a", "text", **same), next=[{"end": True}]),
        page(asked("b", "text", **same)),
    )
    assert lint(branches).errors == ()


def test_a_form_without_a_workflow_cannot_open_cases() -> None:
    assert [error.path for error in lint(form(page(asked("a", "email")), submit=[])).errors] == ["submit"]


def test_more_than_one_question_to_a_page_and_no_email_address_are_warnings() -> None:
    opinion = lint(form(page(asked("a", "text"), asked("b", "text"))))
    assert opinion.errors == ()
    assert [warning.path for warning in opinion.warnings] == ["pages[0]", "applicant.email"]


def test_the_largest_form_there_may_be_is_looked_over() -> None:
    pages = [page(asked(f"q{number}", "yes_no"), show_if=IF_YES) for number in range(299)]
    assert len(lint(form(page(asked("a", "yes_no")), *pages)).errors) == 0
