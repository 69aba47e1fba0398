"""Writing a template: English and Welsh side by side, looked at before they are saved."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import (
    CheckboxesField,
    Field,
    Form,
    LongTextField,
    Option,
    RadiosField,
    SelectField,
    TextField,
    lengths,
)
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.speaking import current_language
from guildhall.design.pages.words import in_address, in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.outside import read_id, whole_number
from guildhall.notify import operations, queries
from guildhall.notify.domain.comparing import AskedFor, compare_placeholders, only_in_one_language
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import FolderId, TemplateId
from guildhall.notify.domain.paper.characters import undrawable
from guildhall.notify.domain.template import NO_CHOICES, Choices, LetterLanguage, Pair, Postage, Words
from guildhall.notify.domain.text_message import LONGEST_MESSAGE, write_text_message
from guildhall.notify.pages.previews import previews_of
from guildhall.notify.pages.section import MAY_WRITE, author_at, service_at, show
from guildhall.notify.pages.templates import address_of, is_offered
from guildhall.notify.pages.wording import CHANNELS, LETTER_LANGUAGES, POSTAGES, no_letter_shows
from guildhall.notify.queries import SendingService, TemplateView

LONGEST_NAME, LONGEST_SUBJECT = 255, 1_000
LETTER_BEGINS_WITH = {"postage": str(Postage.SECOND), "letter_language": str(LetterLanguage.ENGLISH)}


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def add(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask how the new template's messages are sent."""
    here = service_at(service)
    language = current_language()
    options = [Option(str(channel), words.in_(language)) for channel, words in CHANNELS.items()]
    form = Form(RadiosField("channel", _("How is it sent?"), options=options, is_heading=True))
    if request.method == "POST":
        form = form.read(request.POST)
        if is_offered(form, "channel"):
            names = {"council": council, "service": here.slug, "channel": form.text("channel")}
            return lead_to(reverse("notify:write-template", kwargs=names) + _within(request))
        form = form.refuse("channel", _("Select how it is sent"))
    return show(request, here, "notify/add-template.html", {"form": form})


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def write(request: HttpRequest, council: str, service: str, channel: str) -> HttpResponse:
    """Ask for a new template, show it as it will be read, and add it."""
    here = service_at(service)
    if channel not in set(Channel):
        raise Http404("nothing is sent that way")
    how, folder = Channel(channel), read_id(in_address(request, "folder"))
    form = Form(*_fields(how, here), values=LETTER_BEGINS_WITH)
    if request.method != "POST":
        return _asked(request, here, form, how, None)
    form = _checked(form.read(request.POST), how)
    if form.is_refused or "preview" in request.POST:
        return _asked(request, here, form, how, None)
    if not _is_confirmed(request, AskedFor((), ()), unlike := only_in_one_language(_pair(form))):
        return _warned(request, here, form, None, AskedFor((), ()), unlike)
    added = operations.add_template(
        notify_service_id=here.id,
        channel=how,
        name=form.text("name"),
        pair=_pair(form),
        by=author_at(request),
        now=clock.now(),
        choices=_choices(form),
        folder_id=FolderId(folder) if folder else None,
    )
    return lead_to(address_of(council, here, added, done="added"))


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def edit(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Ask for new words, show them as they will be read, and save them as the next version.

    Where a sender would have to give other values than before, the officer is warned first: programs and lists that
    use the template must change with it.
    """
    here = service_at(service)
    template = queries.get_template(TemplateId(template_id), of=here.id)
    form = Form(*_fields(template.channel, here), values=_values(template))
    if request.method != "POST":
        return _asked(request, here, form, template.channel, template)
    form = _checked(form.read(request.POST), template.channel)
    if form.is_refused or "preview" in request.POST:
        return _asked(request, here, form, template.channel, template)
    changed, unlike = compare_placeholders(template.pair, _pair(form)), only_in_one_language(_pair(form))
    if not _is_confirmed(request, changed, unlike):
        return _warned(request, here, form, template, changed, unlike)
    try:
        saved = operations.save_template(
            template.id,
            opened=whole_number(in_form(request, "opened")) or 0,
            name=form.text("name"),
            pair=_pair(form),
            by=author_at(request),
            now=clock.now(),
            choices=_choices(form),
        )
    except operations.SavedMeanwhile:
        problem = _(
            "Somebody else has changed this template since you opened it. Open it again to see what it says now."
        )
        return _asked(request, here, form.refuse("name", problem), template.channel, template)
    return lead_to(address_of(council, here, saved, done="saved"))


def _within(request: HttpRequest) -> str:
    folder = read_id(in_address(request, "folder"))
    return f"?folder={folder}" if folder else ""


def _asked(
    request: HttpRequest, here: SendingService, form: Form, channel: Channel, template: TemplateView | None
) -> HttpResponse:
    wants_preview = "preview" in request.POST and not form.is_refused
    facts = {
        "form": form,
        "names": {field.name for field in form.fields},
        "channel": channel,
        "channels": CHANNELS,
        "template": template,
        "opened": _opened(request, template),
        "previews": previews_of(_pair(form), channel, prefix=here.sender.prefix) if wants_preview else [],
    }
    return show(request, here, "notify/write.html", facts)


def _warned(
    request: HttpRequest,
    here: SendingService,
    form: Form,
    template: TemplateView | None,
    changed: AskedFor,
    unlike: AskedFor,
) -> HttpResponse:
    kept = [(name, value) for name, given in form.values.items() for value in _each(given)]
    facts = {
        "template": template,
        "changed": changed,
        "unlike": unlike,
        "kept": kept,
        "opened": _opened(request, template),
    }
    return show(request, here, "notify/changed-placeholders.html", facts)


def _each(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else (str(given),)


def _is_confirmed(request: HttpRequest, changed: AskedFor, unlike: AskedFor) -> bool:
    return "confirmed" in request.POST or (changed.is_same and unlike.is_same)


def _opened(request: HttpRequest, template: TemplateView | None) -> int:
    if request.method == "POST":
        return whole_number(in_form(request, "opened")) or 0
    return template.version if template else 0


def _fields(channel: Channel, here: SendingService) -> list[Field]:
    """Return the boxes for a template's words, and what can be chosen besides; a text has no subject."""
    is_letter = channel is Channel.LETTER
    hint = _("Put what differs from message to message in double brackets: ((name))")
    fields = [
        TextField("name", _("Name of the template"), _("Recipients do not see it"), longest=LONGEST_NAME),
        TextField("subject", _("Heading") if is_letter else _("Subject"), longest=LONGEST_SUBJECT),
        LongTextField("body", _("Message"), hint, rows=14, longest=lengths.MESSAGE),
        TextField("subject_cy", _("Heading in Welsh") if is_letter else _("Subject in Welsh"), longest=LONGEST_SUBJECT),
        LongTextField("body_cy", _("Message in Welsh"), hint, rows=14, longest=lengths.MESSAGE),
    ]
    if channel is Channel.SMS:
        fields = [field for field in fields if not field.name.startswith("subject")]
    return [*fields, *_CHOOSE[channel](here)]


def _choose_for_email(here: SendingService) -> list[Field]:
    unsubscribe = [Option("yes", _("End the email with a link to unsubscribe"))]
    return [
        *_senders(here, Channel.EMAIL, _("Replies go to")),
        CheckboxesField("unsubscribe", _("Unsubscribing"), options=unsubscribe, is_small=True),
    ]


def _choose_for_text(here: SendingService) -> list[Field]:
    return _senders(here, Channel.SMS, _("Sent from"))


def _choose_for_letter(here: SendingService) -> list[Field]:
    language = current_language()
    blocks = [Option(str(each.id), each.first_line) for each in queries.list_contact_blocks(of=here.id)]
    postages = [Option(str(each), words.in_(language)) for each, words in POSTAGES.items()]
    languages = [Option(str(each), words.in_(language)) for each, words in LETTER_LANGUAGES.items()]
    return [
        RadiosField("postage", _("Postage"), options=postages, is_inline=True, is_small=True),
        RadiosField("letter_language", _("Printed in"), options=languages, is_inline=True, is_small=True),
        SelectField("block", _("Sender’s address"), options=[Option("", _("The service’s default")), *blocks]),
    ]


_CHOOSE = {Channel.EMAIL: _choose_for_email, Channel.SMS: _choose_for_text, Channel.LETTER: _choose_for_letter}


def _senders(here: SendingService, channel: Channel, label: str) -> list[Field]:
    own = [Option(str(each.id), each.address) for each in here.sender.senders if each.channel is channel]
    return [SelectField("sender", label, options=[Option("", _("The service’s default")), *own])] if own else []


def _values(template: TemplateView) -> dict[str, str | tuple[str, ...]]:
    english, welsh, choices = template.pair.english, template.pair.welsh, template.choices
    return {
        "name": template.name,
        "subject": english.subject,
        "body": english.body,
        "subject_cy": welsh.subject,
        "body_cy": welsh.body,
        "sender": str(choices.sender_id or ""),
        "unsubscribe": ("yes",) if choices.has_unsubscribe_link else (),
        "postage": str(choices.postage or Postage.SECOND),
        "letter_language": str(choices.letter_language or LetterLanguage.ENGLISH),
        "block": str(choices.contact_block_id or ""),
    }


def _pair(form: Form) -> Pair:
    return Pair(Words(form.text("subject"), form.text("body")), Words(form.text("subject_cy"), form.text("body_cy")))


def _choices(form: Form) -> Choices:
    names = {field.name for field in form.fields}
    if "postage" in names:
        return Choices(
            postage=Postage(form.text("postage")),
            letter_language=LetterLanguage(form.text("letter_language")),
            contact_block_id=read_id(form.text("block")),
        )
    if not names & {"sender", "unsubscribe"}:
        return NO_CHOICES
    return Choices(sender_id=read_id(form.text("sender")), has_unsubscribe_link=bool(form.chosen("unsubscribe")))


def _checked(form: Form, channel: Channel) -> Form:
    """Return the form with what is missing or was never offered."""
    if form.is_refused:
        return form
    if not form.text("name"):
        form = form.refuse("name", _("Enter a name"))
    if channel is not Channel.SMS and not form.text("subject"):
        form = form.refuse("subject", _("Enter a subject") if channel is Channel.EMAIL else _("Enter a heading"))
    if not form.text("body"):
        form = form.refuse("body", _("Enter the message"))
    form = _CHECK_WORDS.get(channel, lambda form: form)(form)
    for name, message in (
        ("sender", _("Select a sender from the list")),
        ("postage", _("Select the postage")),
        ("letter_language", _("Select the languages")),
        ("block", _("Select a sender’s address from the list")),
    ):
        if any(field.name == name for field in form.fields) and not is_offered(form, name):
            form = form.refuse(name, message)
    return form


def _checked_text(form: Form) -> Form:
    """Refuse words that are longer than any text message, with the names of their gaps."""
    for name in ("body", "body_cy"):
        if write_text_message(form.text(name)).is_too_long:
            said = {"most": LONGEST_MESSAGE}
            form = form.refuse(name, _("A text message must be %(most)s characters or fewer") % said)
    return form


def _checked_letter(form: Form) -> Form:
    """Refuse characters that no letter shows."""
    for name in ("subject", "body", "subject_cy", "body_cy"):
        if missing := undrawable(form.text(name)):
            form = form.refuse(name, no_letter_shows(missing))
    return form


_CHECK_WORDS = {Channel.SMS: _checked_text, Channel.LETTER: _checked_letter}
