"""Settings of one service's messages: names, looks, keeping, guests, and leaving trial mode."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings as installation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.contact.phone_number import NotAPhoneNumber
from guildhall.design.forms import CheckboxesField, Form, LongTextField, NumberField, Option, TextField, taking
from guildhall.design.languages import Text
from guildhall.design.pages.leading import lead_to, lead_to_page
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers, signed_in
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.outside import whole_number
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.text import is_blank
from guildhall.notify import queries
from guildhall.notify.domain.document import NotAContact
from guildhall.notify.domain.settings import LONGEST_NAME, LiveTask, NotAColour, NotALocalPart, tasks_to_go_live
from guildhall.notify.operations import settings as operations
from guildhall.notify.operations.account_messages import offer_accounts
from guildhall.notify.operations.documents import say_whom_to_ask
from guildhall.notify.pages.section import MAY_SET, service_at, show
from guildhall.notify.pages.wording import KEY_KINDS
from guildhall.notify.queries import SendingService
from guildhall.notify.queries.services import EmailBrand, KeptFor
from guildhall.notify.queries.settings import get_guests, get_readiness, list_reply_to_checks
from guildhall.organisations import queries as organisations
from guildhall.organisations.pages.gate import council_at, person_at, visitor_at
from guildhall.organisations.queries import KeyView

MOST_KEYS = 50

LIVE_TASKS = {
    LiveTask.TWO_MANAGERS: Text(
        "At least two people of the team can change the settings", "Gall o leiaf ddau o’r tîm newid y gosodiadau"
    ),
    LiveTask.A_TEMPLATE: Text(
        "A template of your own is written, or taken over", "Mae templed eich hun wedi’i ysgrifennu, neu wedi’i gymryd"
    ),
    LiveTask.A_REPLY_TO: Text("Replies to emails have an address", "Mae cyfeiriad i atebion i negeseuon e-bost"),
    LiveTask.A_TEXT_SENDER: Text(
        "Text messages say who they are from", "Mae negeseuon testun yn dweud gan bwy y maent"
    ),
}


@officers(*MAY_SET)
def settings(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Show everything that is set for a service, each with a link to change it."""
    here = service_at(service)
    facts = {
        "domain": installation.EMAIL_DOMAIN,
        "guests": get_guests(here.id),
        "checks": list_reply_to_checks(of=here.id),
        "blocks": queries.list_contact_blocks(of=here.id),
        "tasks": tasks_to_go_live(get_readiness(here.id)),
        "live_tasks": LIVE_TASKS,
        "keys": [
            key for key in organisations.list_keys(of=ServiceId(here.id), size=MOST_KEYS).rows if not key.is_revoked
        ],
        "key_kinds": KEY_KINDS,
        "has_logo": bool(council_at(request).brand.logo_url),
        "done": in_address(request, "done"),
    }
    return show(request, here, "notify/settings.html", facts)


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def names(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask under which names the service writes, and change them."""
    here = service_at(service)
    form = _names_form(here)
    if request.method == "POST":
        form = form.read(request.POST)
        if not form.is_refused:
            wanted = operations.Names(
                form.text("name"), form.text("sender_name"), form.text("local_part"), bool(form.chosen("prefix"))
            )
            try:
                operations.change_names(here.id, wanted, actor=person_at(request), now=clock.now())
            except operations.NameMissing:
                form = form.refuse("name", _("Enter a name"))
            except NotALocalPart:
                form = form.refuse("local_part", _("Enter letters or digits, at most 64"))
            else:
                return saved(council, here)
    return _ask(request, here, form, _("Names"))


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def brand(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask how emails look around their words, and change it."""
    here = service_at(service)
    form = _brand_form(here, council_at(request).name)
    if request.method == "POST":
        form = form.read(request.POST)
        looks = form.chosen("looks")
        if "logo" in looks and not form.text("alt"):
            form = form.refuse("alt", _("Enter words for people who do not see the logo"))
        if "banner" in looks and not form.text("colour"):
            form = form.refuse("colour", _("Enter a colour for the banner"))
        wanted = EmailBrand("logo" in looks, form.text("alt"), form.text("colour"), "banner" in looks)
        if not form.is_refused:
            try:
                operations.change_brand(here.id, wanted, actor=person_at(request), now=clock.now())
            except NotAColour:
                form = form.refuse("colour", _("Enter a # and six digits, like #1d70b8"))
            else:
                return saved(council, here)
    return _ask(request, here, form, _("Looks of emails"))


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def keeping(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask how many days messages are kept, and change it."""
    here = service_at(service)
    kept = here.sender.kept_for
    hint = _("Between 3 and 90")
    form = Form(
        NumberField("emails", _("Emails"), hint, suffix=_("days")),
        NumberField("texts", _("Text messages"), hint, suffix=_("days")),
        NumberField("letters", _("Letters"), hint, suffix=_("days")),
        values={"emails": str(kept.emails), "texts": str(kept.texts), "letters": str(kept.letters)},
    )
    if request.method == "POST":
        form = form.read(request.POST)
        days = {name: whole_number(form.text(name)) for name in ("emails", "texts", "letters")}
        for name, number in days.items():
            if number is None or not 3 <= number <= 90:
                form = form.refuse(name, _("Enter a number of days between 3 and 90"))
        if not form.is_refused:
            wanted = KeptFor(days["emails"] or 0, days["texts"] or 0, days["letters"] or 0)
            operations.change_kept_for(here.id, wanted, actor=person_at(request), now=clock.now())
            return saved(council, here)
    return _ask(request, here, form, _("How long messages are kept"))


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def guests(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask whom, beside the team, the service may write to in trial mode, and change it."""
    here = service_at(service)
    now_are = get_guests(here.id)
    form = Form(
        LongTextField("emails", _("Email addresses"), _("At most 5, one on each line"), rows=5),
        LongTextField("phones", _("Mobile numbers"), _("At most 5, one on each line"), rows=5),
        values={"emails": "\n".join(now_are.emails), "phones": "\n".join(f"+{each}" for each in now_are.phones)},
    )
    if request.method == "POST":
        form = form.read(request.POST)
        listed = {name: form.text(name).split("\n") for name in ("emails", "phones")}
        wanted = {name: [line.strip() for line in lines if not is_blank(line)] for name, lines in listed.items()}
        for name, lines in wanted.items():
            if len(lines) > 5:
                form = form.refuse(name, _("Enter at most 5"))
        if not form.is_refused:
            try:
                operations.change_guests(here.id, **wanted, actor=person_at(request), now=clock.now())
            except NotAnEmailAddress:
                form = form.refuse("emails", _("Each line must be an email address, like name@example.com"))
            except NotAPhoneNumber:
                form = form.refuse("phones", _("Each line must be a mobile number"))
            else:
                return saved(council, here)
    return _ask(request, here, form, _("Guest list"))


@signed_in
def files_of(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Lead to where a service's files are set up. The API's refusal of a file names this address."""
    council_id = organisations.find_organisation_of_service(ServiceId(service_id))
    if council_id is None:
        raise Http404("there is no such service")
    council = organisations.get_council_by_id(council_id)
    with acting_for(council.id):
        service = organisations.get_service_by_id(ServiceId(service_id))
    return lead_to_page("notify:change-files", council=council.slug, service=service.slug)


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def files(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask whom the readers of files can ask, without which no files are sent by email."""
    here = service_at(service)
    hint = _("A web page, an email address or a phone number. Without it, no files are sent.")
    asked = TextField("contact", _("Whom readers of files can ask"), hint, takes=taking.identifier)
    form = Form(asked, values={"contact": here.sender.files_contact})
    if request.method == "POST":
        form = form.read(request.POST)
        try:
            say_whom_to_ask(here.id, form.text("contact"), actor=person_at(request), now=clock.now())
        except NotAContact:
            form = form.refuse("contact", _("Enter a web page, an email address or a phone number"))
        else:
            return saved(council, here)
    return _ask(request, here, form, _("Files by email"))


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def accounts(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask whether residents may choose to get the service's emails in their account."""
    here = service_at(service)
    form = _switch(_("Residents may choose to get these emails in their account"), here.sender.writes_to_accounts)
    if request.method == "POST":
        wanted = bool(form.read(request.POST).chosen("wanted"))
        offer_accounts(here.id, wanted, actor=person_at(request), now=clock.now())
        return saved(council, here)
    return _ask(request, here, form, _("Residents’ accounts"))


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def schedules(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask whether programs may say when a message is sent."""
    here = service_at(service)
    words = _("Send a message when a program’s scheduled_for says. GOV.UK Notify ignores it")
    form = _switch(words, here.sender.heeds_schedules)
    if request.method == "POST":
        wanted = bool(form.read(request.POST).chosen("wanted"))
        operations.heed_schedules(here.id, wanted, actor=person_at(request), now=clock.now())
        return saved(council, here)
    return _ask(request, here, form, _("Schedules of programs"))


def _names_form(here: SendingService) -> Form:
    sender = here.sender
    return Form(
        TextField(
            "name",
            _("Name of the service"),
            _("Stands before text messages, and names the sender of emails"),
            longest=LONGEST_NAME,
        ),
        TextField(
            "sender_name",
            _("Name that emails are from"),
            _("Leave it empty to use the name of the service"),
            longest=LONGEST_NAME,
        ),
        TextField(
            "local_part",
            _("Email address that emails are from"),
            _("Leave it empty to make it from the name of the service"),
            suffix=f"@{installation.EMAIL_DOMAIN}",
            takes=taking.identifier,
        ),
        CheckboxesField(
            "prefix",
            _("Text messages"),
            options=[Option("yes", _("Begin each text message with the name of the service"))],
            is_small=True,
        ),
        values={
            "name": sender.name,
            "sender_name": sender.email_sender_name,
            "local_part": sender.email_local_part,
            "prefix": ("yes",) if sender.prefixes_texts else (),
        },
    )


def _brand_form(here: SendingService, council_name: str) -> Form:
    now_is = here.sender.brand
    return Form(
        CheckboxesField(
            "looks",
            _("Above the words of an email"),
            _("The logo is the council’s, from its settings"),
            options=[
                Option("logo", _("Show the council’s logo")),
                Option("banner", _("Put it on a banner of the colour below")),
            ],
            is_small=True,
        ),
        TextField("alt", _("Words for people who do not see the logo"), _("Such as the council’s name")),
        TextField(
            "colour",
            _("Colour"),
            _("A # and six digits, like #1d70b8. Leave it empty for none"),
            width="10",
            takes=taking.identifier,
        ),
        values={
            "looks": (("logo",) if now_is.shows_logo else ()) + (("banner",) if now_is.is_banner else ()),
            "alt": now_is.logo_alt or council_name,
            "colour": now_is.colour,
        },
    )


def _switch(words: str, is_on: bool) -> Form:
    options = [Option("yes", words)]
    return Form(
        CheckboxesField("wanted", _("Choose"), options=options, is_small=True),
        values={"wanted": ("yes",) if is_on else ()},
    )


@methods("POST")
@officers(*MAY_SET)
def ask_to_go_live(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask the operators to let the service write to anybody."""
    here, visitor = service_at(service), visitor_at(request)
    operations.ask_to_go_live(
        here.id, asked_by=visitor.name or visitor.email, actor=person_at(request), now=clock.now()
    )
    return saved(council, here, done="asked")


def saved(council: str, here: SendingService, *, done: str = "saved") -> HttpResponse:
    """Lead back to the settings."""
    address = reverse("notify:service-settings", kwargs={"council": council, "service": here.slug})
    return lead_to(f"{address}?done={done}")


def _keys(here: SendingService) -> Sequence[KeyView]:
    return organisations.list_keys(of=ServiceId(here.id), size=MOST_KEYS).rows


def _ask(request: HttpRequest, here: SendingService, form: Form, heading: str) -> HttpResponse:
    return show(request, here, "notify/change-setting.html", {"form": form, "heading": heading})
