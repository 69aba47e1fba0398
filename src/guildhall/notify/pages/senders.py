"""Settings of who a service's messages are from: text senders, reply-to addresses, contact blocks."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.design.forms import CheckboxesField, EmailField, Form, LongTextField, Option, TextField, taking
from guildhall.design.pages import render
from guildhall.kernel import clock
from guildhall.kernel.audiences import link_holders, methods, of_any_council, officers
from guildhall.notify import queries
from guildhall.notify.domain.ids import ContactBlockId, SenderAddressId
from guildhall.notify.domain.paper.printing import CharactersMissing, CornerTooSmall
from guildhall.notify.domain.settings import SenderTooLong, SenderTooShort, SenderUnsendable, TooManyLines
from guildhall.notify.operations import senders as operations
from guildhall.notify.pages.section import MAY_SET, service_at, show
from guildhall.notify.pages.settings import saved
from guildhall.notify.pages.wording import no_letter_shows
from guildhall.notify.queries.settings import get_reply_to_check
from guildhall.organisations.pages.gate import person_at, visitor_at


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def add_text_sender(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask for a name or number that texts may show, and add it."""
    here = service_at(service)
    hint = _("A word of 3 to 11 letters and digits, or a number")
    form = Form(
        TextField("address", _("Sender of text messages"), hint, width="20", spellcheck=False, takes=taking.identifier),
        _default(),
    )
    if request.method == "POST":
        form = form.read(request.POST)
        try:
            operations.add_text_sender(
                form.text("address"),
                of=here.id,
                is_default=bool(form.chosen("default")),
                actor=person_at(request),
                now=clock.now(),
            )
        except SenderTooLong:
            form = form.refuse("address", _("Sender must be 11 characters or less"))
        except SenderTooShort:
            form = form.refuse("address", _("Sender must be 3 characters or more"))
        except SenderUnsendable:
            form = form.refuse("address", _("Use only letters, digits, spaces and & . - _, not 00 at the beginning"))
        except operations.SenderKnown:
            form = form.refuse("address", _("This service has this sender already"))
        else:
            return saved(council, here)
    return show(request, here, "notify/change-setting.html", {"form": form, "heading": _("Add a text sender")})


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def add_reply_to(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask for a reply-to address, and send it a link that somebody who reads its mail opens."""
    here, visitor = service_at(service), visitor_at(request)
    hint = _("We send a link there. The address can be used once somebody has opened it.")
    form = Form(EmailField("address", _("Reply-to address"), hint, autocomplete="off"))
    if request.method == "POST":
        form = form.read(request.POST)
        try:
            operations.ask_reply_to(
                form.text("address"),
                of=here.id,
                asker=visitor.name or visitor.email,
                actor=person_at(request),
                now=clock.now(),
            )
        except NotAnEmailAddress:
            form = form.refuse("address", _("Enter an email address, like name@example.com"))
        except operations.SenderKnown:
            form = form.refuse("address", _("This service has this address already"))
        else:
            return saved(council, here, done="link-sent")
    return show(request, here, "notify/change-setting.html", {"form": form, "heading": _("Add a reply-to address")})


@of_any_council
@of_any_council
@link_holders
@methods("GET", "HEAD", "POST")
def confirm_reply_to(request: HttpRequest, council: str, service: str, token: str) -> HttpResponse:
    """Ask whoever opened the link whether they read the mail of the address, and let the service use it."""
    here = service_at(service)
    facts = {"service_name": here.sender.name, "here": here}
    if request.method == "POST":
        address = operations.confirm_reply_to(token, of=here.id, now=clock.now())
        return render(request, "notify/reply-to-confirmed.html", facts | {"address": address})
    check = get_reply_to_check(operations.read_confirmation(token), of=here.id)
    return render(request, "notify/confirm-reply-to.html", facts | {"address": check.address})


@methods("POST")
@officers(*MAY_SET)
def make_default(request: HttpRequest, council: str, service: str, sender_id: UUID) -> HttpResponse:
    """Make a sender the one that messages name unless told otherwise."""
    here = service_at(service)
    operations.make_default_sender(SenderAddressId(sender_id), of=here.id, actor=person_at(request), now=clock.now())
    return saved(council, here)


@methods("POST")
@officers(*MAY_SET)
def remove(request: HttpRequest, council: str, service: str, sender_id: UUID) -> HttpResponse:
    """Take a sender from the service."""
    here = service_at(service)
    operations.remove_sender(SenderAddressId(sender_id), of=here.id, actor=person_at(request), now=clock.now())
    return saved(council, here)


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def contact_block(request: HttpRequest, council: str, service: str, block_id: UUID | None = None) -> HttpResponse:
    """Ask for the lines of a contact block, and add or change it; remove it."""
    here = service_at(service)
    block = queries.get_contact_block(ContactBlockId(block_id), of=here.id) if block_id else None
    form = Form(
        LongTextField("lines", _("Sender’s address in the corner of letters"), _("At most 10 lines"), rows=7),
        _default(),
        values={"lines": block.lines if block else "", "default": ("yes",) if block and block.is_default else ()},
    )
    if request.method == "POST" and block and "remove" in request.POST:
        operations.remove_contact_block(block.id, of=here.id, actor=person_at(request), now=clock.now())
        return saved(council, here)
    if request.method == "POST":
        form = form.read(request.POST)
        try:
            operations.save_contact_block(
                block.id if block else None,
                form.text("lines"),
                of=here.id,
                is_default=bool(form.chosen("default")),
                actor=person_at(request),
                now=clock.now(),
            )
        except operations.BlockEmpty:
            form = form.refuse("lines", _("Enter an address"))
        except CharactersMissing as refusal:
            form = form.refuse("lines", no_letter_shows(refusal.characters))
        except CornerTooSmall:
            form = form.refuse("lines", _("The lines are too long for the corner of a letter"))
        except TooManyLines:
            form = form.refuse("lines", _("Enter at most 10 lines"))
        else:
            return saved(council, here)
    heading = _("Change a contact block") if block else _("Add a contact block")
    facts = {"form": form, "heading": heading, "may_remove": block is not None}
    return show(request, here, "notify/change-setting.html", facts)


def _default() -> CheckboxesField:
    options = [Option("yes", _("Use it unless a template or program names another"))]
    return CheckboxesField("default", _("Default"), options=options, is_small=True)
