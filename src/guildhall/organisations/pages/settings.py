"""A council's settings: its name in both languages, its home page, its colour and its logo."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.domain.contrast import ContrastTooLow, NotAColour
from guildhall.design.forms import FileField, Form, TextField, lengths, taking
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, methods, officers
from guildhall.organisations import operations
from guildhall.organisations.domain.logo import LARGEST_BYTES, NotALogo
from guildhall.organisations.operations import OwnWords
from guildhall.organisations.operations.councils import NameOfAnother, NotAnAddress, NotLatin
from guildhall.organisations.pages.gate import council_at, person_at


@officers(Role.OWNER)
@methods("GET", "HEAD", "POST")
def settings(request: HttpRequest, council: str) -> HttpResponseBase:
    """Change what the council says of itself."""
    if request.method != "POST":
        return _show(request, _words_form(request), _logo_form())
    form = _words_form(request).read(request.POST)
    words = OwnWords(form.text("name"), form.text("name_cy"), form.text("homepage_url"), form.text("colour"))
    try:
        operations.change_own_words(words, actor=person_at(request), now=clock.now())
    except NotAColour:
        form = form.refuse("colour", _("Enter a colour like #00703c"))
    except ContrastTooLow as refusal:
        facts = {"ratio": f"{refusal.ratio:.2f}"}
        form = form.refuse(
            "colour",
            _(
                "White text on this colour has a contrast of %(ratio)s to 1."
                " It must be at least 4.5 to 1: choose a darker one."
            )
            % facts,
        )
    except NameOfAnother:
        field = "name" if words.name != council_at(request).brand.name else "name_cy"
        form = form.refuse(
            field,
            _(
                "Another council has this name on the public list of councils."
                " If the name is yours, ask the people who run this installation"
            ),
        )
    except NotLatin:
        form = form.refuse("name", _("Write the council’s name in the letters of English and Welsh"))
    except NotAnAddress:
        form = form.refuse("homepage_url", _("Enter a web address that begins with https://"))
    else:
        return _back(council)
    return _show(request, form, _logo_form())


@officers(Role.OWNER)
@methods("POST")
def logo(request: HttpRequest, council: str) -> HttpResponseBase:
    """Take a new logo."""
    form, sent = _logo_form(), request.FILES.get("logo")
    if sent is None:
        return _show(request, _words_form(request), form.refuse("logo", _("Select a PNG file")))
    try:
        operations.set_logo(sent.read(LARGEST_BYTES + 1), actor=person_at(request), now=clock.now())
    except NotALogo as refusal:
        return _show(request, _words_form(request), form.refuse("logo", _words_for(refusal)))
    return _back(council)


@officers(Role.OWNER)
@methods("POST")
def remove_logo(request: HttpRequest, council: str) -> HttpResponseBase:
    """Take the logo off."""
    operations.remove_logo(actor=person_at(request), now=clock.now())
    return _back(council)


def _words_form(request: HttpRequest) -> Form:
    brand = council_at(request).brand
    values = {
        "name": brand.name,
        "name_cy": brand.name_cy,
        "homepage_url": brand.homepage_url,
        "colour": brand.colour,
    }
    colour_hint = _("Behind white text at the top of every page. For example, #00703c")
    return Form(
        TextField("name", _("Name in English")),
        TextField("name_cy", _("Name in Welsh")),
        TextField(
            "homepage_url",
            _("Your own website"),
            type="url",
            spellcheck=False,
            longest=lengths.ADDRESS_OF_A_PAGE,
            takes=taking.identifier,
        ),
        TextField("colour", _("Colour"), colour_hint, width="10", spellcheck=False, takes=taking.identifier),
        values=values,
    )


def _logo_form() -> Form:
    hint = _("A PNG picture of up to 200 kilobytes and 2,000 pixels on its longer side")
    return Form(FileField("logo", _("Logo"), hint, accept="image/png"))


def _words_for(refusal: NotALogo) -> str:
    return {
        "bytes": _("The selected file must be smaller than 200 kilobytes"),
        "kind": _("The selected file must be a PNG picture"),
        "pixels": _("The selected picture must be 2,000 pixels or less on its longer side"),
    }[refusal.why]


def _show(request: HttpRequest, form: Form, logo_form: Form) -> HttpResponseBase:
    problems = [*form.summary(), *logo_form.summary()]
    facts = {"words": form, "logo_form": logo_form, "problems": problems, "done": in_address(request, "done")}
    return render(request, "organisations/settings.html", facts)


def _back(council: str) -> HttpResponseBase:
    return lead_to_page("organisations:settings", done="saved", council=council)
