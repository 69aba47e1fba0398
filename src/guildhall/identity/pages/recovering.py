"""A forgotten password: a link by email, and a new one."""

from django.http import HttpRequest, HttpResponse

from guildhall.contact.email_address import parse_email_address
from guildhall.design.pages.leading import see_other
from guildhall.design.pages.speaking import current_language
from guildhall.identity import operations, queries
from guildhall.identity.pages import questions
from guildhall.identity.pages.known_browsers import remember, source_of
from guildhall.identity.pages.locks import mind_the_lock
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page
from guildhall.identity.pages.wording import take
from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, link_holders, methods


@anyone
@methods("GET", "HEAD", "POST")
@mind_the_lock
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for the address. What follows is the same whether or not it has an account."""
    form = questions.address()
    if request.method == "POST":
        form, email = take(form.read(request.POST), "email", parse_email_address)
        if email:
            operations.request_reset(email, language=current_language(), source=source_of(request), now=clock.now())
            return see_other(page("reset-sent"))
    return show(request, "identity/forgotten-password.html", {"form": form})


@anyone
def reset_sent(request: HttpRequest) -> HttpResponse:
    """Say that an email is on its way."""
    return show(request, "identity/reset-sent.html")


@link_holders
@methods("GET", "HEAD", "POST")
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of the link choose a new password. The second proof is still asked for when they sign in."""
    try:
        queries.read_reset_link(token)
        form = questions.new_password()
        if request.method == "POST":
            form, password = take(form.read(request.POST), "password", operations.read_password)
            if password:
                person = operations.finish_reset(token, password, now=clock.now())
                done = see_other(page("password-changed"))
                remember(request, done, person.id, person.generation)
                return done
    except queries.ResetLinkLapsed:
        return show(request, "identity/link-lapsed.html", status=410)
    return show(request, "identity/new-password.html", {"form": form})


@anyone
def password_changed(request: HttpRequest) -> HttpResponse:
    """Say that the new password counts from now on."""
    return show(request, "identity/password-changed.html")
