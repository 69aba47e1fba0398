"""The pages of the gallery."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from guildhall.design.brand import Brand
from guildhall.design.forms import (
    CheckboxesField,
    CountedTextField,
    DateField,
    EmailField,
    Field,
    Form,
    LongTextField,
    NumberField,
    Option,
    PasswordField,
    PhoneField,
    RadiosField,
    SelectField,
    TextField,
    divider,
    full_name,
    uk_address,
)
from guildhall.design.pages import errors, render
from guildhall.kernel.audiences import anyone
from guildhall.kernel.ids import PersonId
from guildhall.kernel.limits import Against, Counted, Limit
from guildhall.kernel.tries import LockedOut
from guildhall.kernel.visitor import Visitor

ITEMS = (Option("1", "1 to 3 items"), Option("2", "4 to 6 items", hint="£40"), divider(), Option("0", "I do not know"))


@dataclass(frozen=True)
class Question:
    field: Field
    problem: str
    part: str = ""


def questions() -> dict[str, Question]:
    """Return one question of each kind, in the language of the page."""
    return {
        "text": Question(TextField("text", "What is your job title?", is_heading=True), "Enter a job title"),
        "long-text": Question(
            LongTextField("why", "Why do you need a grant?", hint="Two or three sentences.", is_heading=True),
            "Enter an answer",
        ),
        "counted-text": Question(
            CountedTextField("why", "Why do you need a grant?", is_heading=True, longest=200), "Enter an answer"
        ),
        "email": Question(
            EmailField(
                "email", "What is your email address?", hint="We only use this to tell you about it.", is_heading=True
            ),
            "Enter an email address in the correct format, like name@example.com",
        ),
        "phone": Question(PhoneField("phone", "What is your phone number?", is_heading=True), "Enter a phone number"),
        "number": Question(NumberField("number", "How many items?", is_heading=True, suffix="items"), "Enter a number"),
        "money": Question(NumberField("money", "How much?", is_heading=True, prefix="£"), "Enter an amount"),
        "password": Question(PasswordField("password", "Password", is_heading=True), "Enter your password"),
        "date": Question(
            DateField("dob", "What is your date of birth?", hint="For example, 27 3 1985", is_heading=True),
            "Enter a day, month and year",
            "month",
        ),
        "name": Question(full_name("who", "What is your name?", is_heading=True), "Enter a last name", "last_name"),
        "address": Question(
            uk_address("home", "Where do you live?", is_heading=True), "Enter a full UK postcode", "postcode"
        ),
        "radios": Question(RadiosField("r", "How many items?", options=ITEMS, is_heading=True), "Select one option"),
        "checkboxes": Question(
            CheckboxesField(
                "c", "What are the items?", options=ITEMS[:2], hint="Select all that apply.", is_heading=True
            ),
            "Select one or more options",
        ),
        "select": Question(SelectField("s", "Which ward?", options=ITEMS[:2], is_heading=True), "Select an answer"),
    }


class Arrival:
    """Leaves a council and, on pages for officers, an officer on the request, as the real middleware does."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        brand = Brand("Castell Mawr Borough Council", "Cyngor Bwrdeistref Castell Mawr", colour="#00594f")
        request.council = SimpleNamespace(slug="castell-mawr", brand=brand, is_open=True)  # type: ignore[attr-defined]
        if "/staff/" in request.path:
            request.visitor = Visitor(PersonId(uuid4()), "officer@example.org", "Officer", True)  # type: ignore[attr-defined]
            request.session_ends_at = datetime.now(UTC) + _left(request)  # type: ignore[attr-defined]
        answer: HttpResponse = self.get_response(request)
        return answer


def _left(request: HttpRequest) -> timedelta:
    return timedelta(seconds=int(request.GET.get("seconds", 1800)))


@anyone
def question(request: HttpRequest, kind: str) -> HttpResponse:
    asked = questions()[kind]
    form = Form(asked.field)
    if request.method == "POST":
        form = form.read(request.POST).refuse(asked.field.name, asked.problem, asked.part)
    return render(
        request, "question.html", {"form": form, "service_name": "Bulky waste collection", "service_url": "/"}
    )


@anyone
def shown(request: HttpRequest, name: str) -> HttpResponse:
    return render(
        request, f"{name}.html", {"days": [datetime(2026, 11, day, 9, 30, tzinfo=UTC) for day in (21, 20, 18)]}
    )


@anyone
def failing(request: HttpRequest, status: int) -> HttpResponse:
    if status == 429:
        counted = Counted("gallery", Against.NETWORK, "192.0.2.1", Limit(1, timedelta(minutes=5)))
        return errors.locked_out(request, LockedOut(counted, minutes=5))
    pages = {400: errors.bad_request, 403: errors.forbidden, 404: errors.not_found, 409: errors.conflict}
    more = {419: errors.csrf_failure, 500: errors.server_error, 503: errors.unavailable}
    return (pages | more)[status](request)


urlpatterns = [
    path("question/<slug:kind>", question),
    path("shown/<slug:name>", shown),
    path("staff/castell-mawr/<slug:name>", shown),
    path("failing/<int:status>", failing),
    path("", include("guildhall.design.urls")),
]
