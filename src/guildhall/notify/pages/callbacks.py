"""Telling a service's programs what happened: where to, and what was told with each attempt."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.forms import CheckboxesField, Form, Option, TextField, lengths, taking
from guildhall.design.languages import Text
from guildhall.design.pages.leading import lead_to_page
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.paging import page_number
from guildhall.kernel.refusals import NotFound
from guildhall.notify.domain.callbacks import Kind, NotACallbackAddress, Outcome
from guildhall.notify.operations import callbacks as operations
from guildhall.notify.operations.callbacks import NewEndpoint, TokenTooShort
from guildhall.notify.pages.section import MAY_SET, MAY_WRITE, service_at, show
from guildhall.notify.queries.callbacks import Endpoint, list_callbacks, list_endpoints
from guildhall.organisations.pages.gate import person_at

KINDS = {
    Kind.DELIVERY_STATUS: Text("What became of a message", "Beth a ddigwyddodd i neges"),
    Kind.INBOUND_SMS: Text("A text message that came in", "Neges destun a ddaeth i mewn"),
    Kind.COMPLAINT: Text("Somebody called an email unwanted", "Galwodd rhywun neges e-bost yn ddiangen"),
    Kind.RETURNED_LETTER: Text("A letter that came back", "Llythyr a ddaeth yn ôl"),
}
OUTCOMES = {
    None: (Text("Waiting", "Yn aros"), "govuk-tag--blue"),
    Outcome.TAKEN: (Text("Taken", "Derbyniwyd"), "govuk-tag--green"),
    Outcome.REFUSED: (Text("Refused", "Gwrthodwyd"), "govuk-tag--red"),
    Outcome.GIVEN_UP: (Text("Given up", "Rhoddwyd y gorau"), "govuk-tag--orange"),
}
LONGEST_TOKEN = 1_000


class NoSuchKind(NotFound):
    """Programs are told of four kinds of news."""


@officers(*MAY_SET)
def callbacks(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Show where the service's programs are told of what."""
    here = service_at(service)
    facts = {"kinds": KINDS, "endpoints": list_endpoints(here.id), "done": in_address(request, "done")}
    return show(request, here, "notify/callbacks.html", facts)


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def change(request: HttpRequest, council: str, service: str, kind: str) -> HttpResponseBase:
    """Say where the service's programs are told of one kind of news, or that they are not."""
    here, of = service_at(service), _kind(kind)
    known = list_endpoints(here.id).get(of)
    form = _form(known)
    if request.method == "POST" and "remove" in request.POST:
        operations.remove_callback(here.id, of, actor=person_at(request), now=clock.now())
        return _back("callbacks", council, service, "removed")
    if request.method == "POST":
        form = form.read(request.POST)
        try:
            wanted, may = _wanted(form, of), settings.IS_FOR_THIS_MACHINE_ONLY
            operations.set_callback(here.id, wanted, may_be_loopback=may, actor=person_at(request), now=clock.now())
        except NotACallbackAddress as refusal:
            form = form.refuse("url", _words_for(refusal))
        except TokenTooShort:
            form = form.refuse("token", _("Enter a token of at least 10 letters, digits or signs"))
        else:
            return _back("callbacks", council, service, "saved")
    facts = {"form": form, "heading": KINDS[of], "known": known}
    return show(request, here, "notify/change-callback.html", facts)


@officers(*MAY_WRITE)
def told(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List what the service's programs were told, with each attempt."""
    here, only_failed = service_at(service), in_address(request, "show") == "failed"
    page = list_callbacks(here.id, page=page_number(in_address(request, "page")), only_failed=only_failed)
    facts = {"page": page, "only_failed": only_failed, "kinds": KINDS, "outcomes": OUTCOMES}
    return show(request, here, "notify/told.html", facts | {"done": in_address(request, "done")})


@officers(*MAY_WRITE)
@methods("POST")
def repeat(request: HttpRequest, council: str, service: str, callback_id: UUID) -> HttpResponseBase:
    """Send a callback once more."""
    here = service_at(service)
    operations.repeat_callback(here.id, callback_id, actor=person_at(request), now=clock.now())
    return _back("told", council, service, "repeated")


def _form(known: Endpoint | None) -> Form:
    token_hint = _("Leave it empty to keep the one you gave before") if known else _("At least 10 characters")
    choices = (
        Option("signed", _("Sign each callback, so that the program can check that it is ours")),
        Option("day", _("Keep trying for a day with growing pauses, instead of five times in 25 minutes")),
    )
    chosen = (
        *(("signed",) if known and known.signing_secret else ()),
        *(("day",) if known and known.tries_for_a_day else ()),
    )
    return Form(
        TextField(
            "url",
            _("Web address of the program"),
            _("It begins with https://"),
            type="url",
            spellcheck=False,
            longest=lengths.ADDRESS_OF_A_PAGE,
            takes=taking.identifier,
        ),
        TextField(
            "token",
            _("Bearer token"),
            token_hint,
            spellcheck=False,
            autocomplete="off",
            longest=LONGEST_TOKEN,
            takes=taking.as_it_is,
        ),
        CheckboxesField("choices", _("If you like"), options=choices),
        values={"url": known.url if known else "", "choices": chosen},
    )


def _wanted(form: Form, kind: Kind) -> NewEndpoint:
    token, choices = form.text("token"), form.chosen("choices")
    return NewEndpoint(kind, form.text("url"), token or None, "signed" in choices, "day" in choices)


def _words_for(refusal: NotACallbackAddress) -> str:
    return {
        "https": _("Enter a web address that begins with https://"),
        "shape": _("Enter a web address that begins with https://"),
        "length": _("The web address must be 2,000 characters or fewer"),
        "private": _("Enter a web address of the open internet: this one is private"),
    }[refusal.why]


def _kind(name: str) -> Kind:
    if name not in list(Kind):
        raise NoSuchKind("programs are told of four kinds of news")
    return Kind(name)


def _back(page: str, council: str, service: str, done: str) -> HttpResponseBase:
    return lead_to_page(f"notify:{page}", done=done, council=council, service=service)
