"""A small site of example pages, to test what surrounds every page without asking any module."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from guildhall.design.forms import EmailField, Form
from guildhall.design.pages import errors, let_the_form_lead_to, render
from guildhall.kernel.audiences import anyone
from guildhall.kernel.limits import Against, Counted, Limit
from guildhall.kernel.refusals import Conflict, Forbidden, NotFound, Refused, Unavailable
from guildhall.kernel.tries import LockedOut

REFUSALS: dict[str, type[Refused]] = {
    "missing": NotFound,
    "forbidden": Forbidden,
    "moved-on": Conflict,
    "full": Unavailable,
}


@anyone
def example(request: HttpRequest) -> HttpResponse:
    form = Form(EmailField("email", "Email address"))
    if request.method == "POST":
        form = form.read(request.POST).refuse("email", "Enter an email address")
    return render(request, "example.html", {"form": form, "service_name": request.GET.get("service", "")})


@anyone
def saving(request: HttpRequest) -> HttpResponse:
    """Act on the answer without looking whether the form is refused."""
    form = Form(EmailField("email", "Email address", is_heading=True))
    if request.method == "POST":
        return HttpResponse(f"acted on {form.read(request.POST).text('email')}")
    return render(request, "example.html", {"form": form})


@anyone
def refusing(request: HttpRequest, refusal: str) -> HttpResponse:
    raise REFUSALS[refusal]("no")


@anyone
def leading_away(request: HttpRequest) -> HttpResponse:
    response = render(request, "example.html", {"form": Form()})
    let_the_form_lead_to(response, request.GET["to"])
    return response


@anyone
def impatient(request: HttpRequest, against: str) -> HttpResponse:
    limit = Limit(tries=6, counted_for=timedelta(minutes=5))
    raise LockedOut(Counted("ask", Against(against), "192.0.2.7", limit), minutes=5)


@anyone
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a bug")


@anyone
def wire(request: HttpRequest) -> HttpResponse:
    if "refuse" in request.GET:
        raise NotFound("no")
    return HttpResponse("{}", content_type="application/json")


wire.__module__ = "guildhall.example.wire.v1.views"

urlpatterns = [
    path("example", example),
    path("staff/anglesey", example),
    path("saving", saving),
    path("refusing/<str:refusal>", refusing),
    path("leading-away", leading_away),
    path("impatient/<str:against>", impatient),
    path("broken", broken),
    path("wire", wire),
    path("", include("guildhall.design.urls")),
]
handler404 = errors.not_found
handler500 = errors.server_error
