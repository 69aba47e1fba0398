"""Signing in: the password, then the second proof; and proving more, or again, while signed in."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from guildhall.contact.email_address import parse_email_address
from guildhall.design.forms import Form
from guildhall.design.pages.leading import see_other, wanted_page
from guildhall.identity import operations, queries
from guildhall.identity.domain.password import PasswordFault
from guildhall.identity.operations import BadPassword, RightPassword
from guildhall.identity.pages import questions, sessions
from guildhall.identity.pages.codes import ask_for_code
from guildhall.identity.pages.known_browsers import source_of
from guildhall.identity.pages.locks import mind_the_lock
from guildhall.identity.pages.sessions import SignedIn, Waiting
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page, welcome
from guildhall.identity.pages.wording import take, words_for
from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, methods, signed_in


@anyone
@methods("GET", "HEAD", "POST")
@mind_the_lock
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address and a password. Somebody who is signed in already is led on."""
    session, form = sessions.find_signed_in(request), questions.sign_in()
    if request.method == "POST":
        form, answer = _read_sign_in(request, form.read(request.POST))
        if answer:
            return answer
    elif session:
        wanted = wanted_page(request)
        is_enough = session.has_second_factor or not wanted
        return welcome(session.person_id, wanted=wanted) if is_enough else see_other(page("prove-more", wanted=wanted))
    return show(request, "identity/sign-in.html", {"form": form, "wanted": wanted_page(request)})


@anyone
@methods("GET", "HEAD", "POST")
@mind_the_lock
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code that this sign-in is waiting for."""
    waiting = sessions.find_waiting(request, now=clock.now())
    if waiting is None:
        return see_other(page("sign-in"))
    return ask_for_code(
        request,
        "identity/second-step.html",
        {"factor": waiting.step.factor},
        finish=lambda code: _finish(request, waiting, code, clock.now()),
    )


@anyone
@methods("POST")
@mind_the_lock
def new_code(request: HttpRequest) -> HttpResponse:
    """Send another code for the sign-in that is waiting for one."""
    waiting = sessions.find_waiting(request, now=clock.now())
    if waiting is None:
        return see_other(page("sign-in"))
    operations.send_code_again(waiting.step, source=source_of(request), now=clock.now())
    return see_other(page("second-step"))


@signed_in
@methods("GET", "HEAD", "POST")
@mind_the_lock
def prove_more(request: HttpRequest) -> HttpResponse:
    """Ask somebody who signed in with a password alone for a second proof, which the page they want needs."""
    session, wanted = sessions.get_signed_in(request), wanted_page(request)
    if session.has_second_factor:
        return welcome(session.person_id, wanted=wanted)
    if not queries.get_protection(session.person_id).has_second_factor:
        return see_other(page("second-factor", wanted=wanted))
    if request.method != "POST":
        return show(request, "identity/prove-more.html")
    now = clock.now()
    step = operations.begin_second_step(session.person_id, source=source_of(request), now=now)
    waiting = Waiting(step, session.generation, session.password_given_at, begun_at=now, wanted=wanted)
    sessions.wait_for_second_step(request, waiting)
    return see_other(page("second-step"))


@signed_in
@methods("GET", "HEAD", "POST")
@mind_the_lock
def confirm_password(request: HttpRequest) -> HttpResponse:
    """Ask for the password again before something that only its owner may do."""
    session, form = sessions.get_signed_in(request), questions.password()
    if request.method == "POST":
        form, password = take(form.read(request.POST), "password", _read_given_password)
        if password:
            try:
                operations.confirm_password(session.person_id, password, source=source_of(request), now=clock.now())
            except operations.NotTheirPassword as refusal:
                form = form.refuse("password", words_for(refusal))
            else:
                sessions.note_password(request, now=clock.now())
                return see_other(wanted_page(request) or page("security"))
    return show(request, "identity/confirm-password.html", {"form": form})


def _read_sign_in(request: HttpRequest, form: Form) -> tuple[Form, HttpResponse | None]:
    form, email = take(form, "email", parse_email_address)
    form, password = take(form, "password", _read_given_password)
    if not (email and password):
        return form, None
    now = clock.now()
    try:
        return form, _enter(request, operations.sign_in(email, password, source=source_of(request), now=now), now)
    except operations.WrongPassword as refusal:
        return form.refuse("email", words_for(refusal)), None


def _read_given_password(typed: str) -> str:
    """Take any password: whether it is the right one does not depend on today's rules for new ones."""
    if not typed:
        raise BadPassword(PasswordFault.EMPTY)
    return typed


def _enter(request: HttpRequest, right: RightPassword, now: datetime) -> HttpResponse:
    wanted = wanted_page(request)
    if right.second_step:
        sessions.wait_for_second_step(request, Waiting(right.second_step, right.person.generation, now, now, wanted))
        return see_other(page("second-step"))
    sessions.sign_in(request, SignedIn.beginning(right.person, now=now))
    return welcome(right.person.id, wanted=wanted)


def _finish(request: HttpRequest, waiting: Waiting, code: str, now: datetime) -> HttpResponse:
    operations.give_second_proof(waiting.step, code, source=source_of(request), now=now)
    person_id, given_at = waiting.step.person_id, waiting.password_given_at
    # The generation is that of the password: if it was changed meanwhile, this session is over before it begins.
    sessions.sign_in(request, SignedIn(person_id, waiting.generation, True, given_at, given_at, last_seen_at=now))
    return welcome(person_id, wanted=waiting.wanted)
