"""How a person's account is protected: their settings, a new password, and second proofs."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO

import segno
from django.http import HttpRequest, HttpResponse

from guildhall.design.brand import GUILDHALL
from guildhall.design.pages import errors
from guildhall.design.pages.leading import see_other, wanted_page
from guildhall.identity import operations, queries
from guildhall.identity.domain.authenticator_app import enrolment_address
from guildhall.identity.domain.second_factor import Factor
from guildhall.identity.pages import questions, sessions
from guildhall.identity.pages.codes import ask_for_code
from guildhall.identity.pages.known_browsers import source_of
from guildhall.identity.pages.locks import mind_the_lock
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page
from guildhall.identity.pages.wording import take
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, signed_in

View = Callable[[HttpRequest], HttpResponse]


def only_if_sure(view: View) -> View:
    """Ask for the password again if it was given a while ago, and for the second proof if there is one to give.

    So somebody who finds a signed-in computer cannot make the account theirs.
    """

    @wraps(view)
    def sure(request: HttpRequest) -> HttpResponse:
        session = sessions.get_signed_in(request)
        back = request.get_full_path() if request.method == "GET" else page("security")
        if not session.is_sure(now=clock.now()):
            return see_other(page("confirm-password", wanted=back))
        if not session.has_second_factor and queries.get_protection(session.person_id).has_second_factor:
            return see_other(page("prove-more", wanted=back))
        return view(request)

    return sure


@signed_in
def security(request: HttpRequest) -> HttpResponse:
    """Show how the account is protected."""
    person = queries.get_person(sessions.get_signed_in(request).person_id)
    facts = {"protection": queries.get_protection(person.id), "reads_in_account": person.reads_in_account}
    return show(request, "identity/security.html", facts)


@signed_in
@methods("GET", "HEAD", "POST")
@mind_the_lock
@only_if_sure
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask how the person wants to get security codes, and begin setting it up. An app is only replaced by an app."""
    form, person_id = questions.factor(), sessions.get_signed_in(request).person_id
    if request.method == "POST":
        form = form.read(request.POST)
        if form.text("factor") in list(Factor):
            return _begin(request, Factor(form.text("factor")))
        form = form.refuse("factor", questions.choose_a_factor())
    if queries.get_protection(person_id).has_app:
        return show(request, "identity/new-app.html")
    return show(request, "identity/second-factor.html", {"form": form})


@signed_in
@methods("GET", "HEAD", "POST")
@mind_the_lock
@only_if_sure
def app(request: HttpRequest) -> HttpResponse:
    """Show the secret that the new app is to read, and ask for the first code it shows."""
    person_id = sessions.get_signed_in(request).person_id
    secret = queries.find_new_app(person_id)
    if secret is None:
        return see_other(page("second-factor", wanted=wanted_page(request)))

    def finish(code: str) -> HttpResponse:
        operations.finish_app(person_id, code, source=source_of(request), now=clock.now())
        return _protected(request)

    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return ask_for_code(request, "identity/app.html", {"secret": spaced}, finish=finish)


@signed_in
@only_if_sure
def app_picture(request: HttpRequest) -> HttpResponse:
    """Return the square picture that the new app reads."""
    secret = queries.find_new_app(sessions.get_signed_in(request).person_id)
    if secret is None:
        return errors.not_found(request)
    email = request.visitor.email  # type: ignore[attr-defined]
    drawn = BytesIO()
    code = segno.make(enrolment_address(secret, email=email, issuer=GUILDHALL.name), error="m")
    code.save(drawn, kind="svg", scale=6, border=4, light="white")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@signed_in
@methods("GET", "HEAD", "POST")
@mind_the_lock
@only_if_sure
def emailed_codes(request: HttpRequest) -> HttpResponse:
    """Ask for the first code that was sent."""
    journey, person_id = sessions.find_first_code(request), sessions.get_signed_in(request).person_id
    if journey is None:
        return see_other(page("second-factor", wanted=wanted_page(request)))

    def finish(code: str) -> HttpResponse:
        operations.finish_emailed_codes(person_id, journey, code, source=source_of(request), now=clock.now())
        return _protected(request)

    return ask_for_code(request, "identity/emailed-codes.html", {}, finish=finish)


@signed_in
@methods("GET", "HEAD", "POST")
@only_if_sure
def change_password(request: HttpRequest) -> HttpResponse:
    """Ask for a new password; it ends the person's other sessions."""
    form = questions.new_password()
    if request.method == "POST":
        form, password = take(form.read(request.POST), "password", operations.read_password)
        if password:
            person_id = sessions.get_signed_in(request).person_id
            generation = operations.change_password(person_id, password, now=clock.now())
            sessions.outlive(request, generation=generation)
            return see_other(page("security"))
    return show(request, "identity/change-password.html", {"form": form})


@signed_in
@methods("POST")
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End the person's sessions in all other browsers."""
    generation = operations.sign_out_elsewhere(sessions.get_signed_in(request).person_id)
    sessions.outlive(request, generation=generation)
    return see_other(page("security"))


def _begin(request: HttpRequest, factor: Factor) -> HttpResponse:
    person_id, wanted = sessions.get_signed_in(request).person_id, wanted_page(request)
    if factor is Factor.APP:
        operations.begin_app(person_id, now=clock.now())
        return see_other(page("app", wanted=wanted))
    journey = operations.begin_emailed_codes(person_id, source=source_of(request), now=clock.now())
    sessions.await_first_code(request, journey)
    return see_other(page("emailed-codes", wanted=wanted))


def _protected(request: HttpRequest) -> HttpResponse:
    """The first code of a new way is a second proof."""
    sessions.add_second_factor(request)
    return see_other(wanted_page(request) or page("security"))
