"""Creating an account: what it needs, then the code that shows whose mailbox it is."""

from django.http import HttpRequest, HttpResponse

from guildhall.contact.email_address import parse_email_address
from guildhall.design.pages.leading import see_other, wanted_page
from guildhall.identity import operations, queries
from guildhall.identity.domain.name import read_name
from guildhall.identity.pages import questions, sessions
from guildhall.identity.pages.codes import ask_for_code
from guildhall.identity.pages.known_browsers import source_of
from guildhall.identity.pages.locks import mind_the_lock
from guildhall.identity.pages.sessions import Registering, SignedIn
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page, welcome
from guildhall.identity.pages.wording import take
from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, methods
from guildhall.kernel.visitor import Language


@anyone
@methods("GET", "HEAD", "POST")
@mind_the_lock
def register(request: HttpRequest) -> HttpResponse:
    """Ask for a name, an address and a password. What follows is the same for an address that has an account."""
    form = questions.registration()
    if request.method == "POST":
        form = form.read(request.POST)
        form, name = take(form, "name", read_name)
        form, email = take(form, "email", parse_email_address)
        form, password = take(form, "password", operations.read_password)
        if name and email and password:
            language: Language = "cy" if form.text("language") == "cy" else "en"
            return _begin(request, operations.NewAccount(email, name, password, language))
    return show(request, "identity/register.html", {"form": form, "wanted": wanted_page(request)})


@anyone
@methods("GET", "HEAD", "POST")
@mind_the_lock
def verify_email(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent; with it the account exists and its person is signed in."""
    registering = sessions.find_registering(request)
    email = queries.find_registration_address(registering.journey) if registering else None
    if registering is None or email is None:
        return see_other(page("register"))
    return ask_for_code(
        request, "identity/verify-email.html", {"email": email}, finish=lambda code: _finish(request, registering, code)
    )


@anyone
@methods("POST")
@mind_the_lock
def new_creation_code(request: HttpRequest) -> HttpResponse:
    """Send another code to the same address."""
    registering = sessions.find_registering(request)
    if registering is None:
        return see_other(page("register"))
    try:
        operations.send_creation_code_again(registering.journey, source=source_of(request), now=clock.now())
    except operations.RegistrationLapsed:
        return see_other(page("register"))
    return see_other(page("verify-email"))


def _begin(request: HttpRequest, wanted: operations.NewAccount) -> HttpResponse:
    journey = operations.begin_registration(wanted, source=source_of(request), now=clock.now())
    sessions.register(request, Registering(journey, wanted_page(request)))
    return see_other(page("verify-email"))


def _finish(request: HttpRequest, registering: Registering, code: str) -> HttpResponse:
    now = clock.now()
    try:
        person_id = operations.finish_registration(registering.journey, code, source=source_of(request), now=now)
    except operations.AlreadyRegistered:
        return see_other(page("sign-in", wanted=registering.wanted))
    sessions.sign_in(request, SignedIn.beginning(queries.get_person(person_id), now=now))
    return welcome(person_id, wanted=registering.wanted)
