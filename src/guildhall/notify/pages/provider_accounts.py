"""For operators: who carries the messages of everybody that has no provider of their own, and how they are doing."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.contact.phone_number import NotAPhoneNumber
from guildhall.design.forms import (
    Field,
    Form,
    LongTextField,
    NumberField,
    Option,
    PasswordField,
    RadiosField,
    TextField,
    lengths,
    taking,
)
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address, in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, operators
from guildhall.kernel.outside import whole_number
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import provider_accounts as operations
from guildhall.notify.operations.provider_trial import TrialFailed, try_provider_account
from guildhall.notify.pages.provider_kinds import KINDS, Kind, Setting
from guildhall.notify.ports import provider_kinds
from guildhall.notify.queries.provider_accounts import AccountView, get_provider_account, list_provider_accounts
from guildhall.organisations.pages.gate import person_at
from guildhall.organisations.queries import get_platform


@operators
def providers(request: HttpRequest) -> HttpResponse:
    """List the installation's accounts with providers, and the kinds that one can be added of."""
    with acting_for(get_platform().id):
        accounts = list_provider_accounts()
    kinds = {name: kind for name, kind in KINDS.items() if name in provider_kinds()}
    facts = {"accounts": accounts, "kinds": kinds, "done": in_address(request, "done")}
    return render(request, "notify/providers.html", facts)


@operators
@methods("GET", "HEAD", "POST")
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for the settings of a new account; show once what its receipts are to come with."""
    asked = _kind(kind)
    form = _form(asked, {}, is_new=True)
    if request.method == "POST":
        form = _checked(form.read(request.POST), asked, is_new=True)
        if not form.is_refused:
            wanted = _wanted(form, kind, asked, {})
            try:
                with acting_for(get_platform().id):
                    opened = operations.add_provider_account(wanted, actor=person_at(request), now=clock.now())
            except (operations.AccountNameTaken, operations.SettingsUnusable) as refusal:
                form = _refused(form, refusal)
            else:
                return render(request, "notify/provider-added.html", {"opened": opened, "wanted": wanted})
    return render(request, "notify/provider.html", {"form": form, "kind": asked, "account": None})


@operators
@methods("GET", "HEAD", "POST")
def provider(request: HttpRequest, account: UUID) -> HttpResponse:
    """Show an account; change it, switch it off or on, or try it."""
    with acting_for(get_platform().id):
        here, settings = get_provider_account(account)
        kind = _kind(here.kind)
        form = _form(kind, {**settings, **_columns(here)}, is_new=False)
        trial = _trial_form(here.channel)
        match in_form(request, "do") or "change" if request.method == "POST" else "show":
            case "switch":
                is_active = not here.is_active
                operations.switch_provider_account(
                    here.id, is_active=is_active, actor=person_at(request), now=clock.now()
                )
                return _back("switched")
            case "try" if trial is not None:
                trial = _tried(trial.read(request.POST), request, here)
                if not trial.is_refused:
                    return _back("tried")
            case "change":
                form = _changed(_checked(form.read(request.POST), kind, is_new=False), request, here, kind, settings)
                if not form.is_refused:
                    return _back("changed")
    problems = (*form.problems, *(trial.problems if trial is not None else ()))
    facts = {"form": form, "kind": kind, "account": here, "trial": trial, "problems": problems}
    return render(request, "notify/provider.html", facts)


def _changed(form: Form, request: HttpRequest, here: AccountView, kind: Kind, settings: Mapping[str, str]) -> Form:
    if form.is_refused:
        return form
    wanted = _wanted(form, here.kind, kind, settings)
    try:
        operations.change_provider_account(here.id, wanted, actor=person_at(request), now=clock.now())
    except (operations.AccountNameTaken, operations.SettingsUnusable) as refusal:
        return _refused(form, refusal)
    return form


def _tried(trial: Form, request: HttpRequest, here: AccountView) -> Form:
    try:
        try_provider_account(here.id, to=trial.text("to"), actor=person_at(request), now=clock.now())
    except (NotAnEmailAddress, NotAPhoneNumber):
        return trial.refuse("to", _("Enter an email address or a phone number that messages can be sent to"))
    except TrialFailed as failure:
        return trial.refuse("to", _("The provider did not take it: %(problem)s") % {"problem": failure})
    return trial


def _back(done: str) -> HttpResponse:
    return lead_to(f"{reverse('notify:providers')}?done={done}")


def _kind(name: str) -> Kind:
    if name not in KINDS or name not in provider_kinds():
        raise Http404
    return KINDS[name]


def _form(kind: Kind, values: Mapping[str, str], *, is_new: bool) -> Form:
    channels = [Option(str(each), CHANNELS[each]()) for each in kind.channels]
    choice: list[Field] = [RadiosField("channel", _("What it carries"), options=channels)] if is_new else []
    return Form(
        *choice,
        TextField("name", _("Name of the account"), _("As your colleagues know it")),
        NumberField("priority", _("Priority"), _("The lowest number is asked first"), width="3"),
        NumberField("weight", _("Share among accounts of the same priority"), width="3"),
        *(_field(each, is_new=is_new) for each in kind.settings),
        values={"priority": "10", "weight": "1", "channel": str(kind.channels[0])}
        | {name: value for name, value in values.items() if not _is_secret(kind, name)},
    )


CHANNELS = {
    Channel.EMAIL: lambda: _("Emails"),
    Channel.SMS: lambda: _("Text messages"),
    Channel.LETTER: lambda: _("Letters"),
}


def _field(setting: Setting, *, is_new: bool) -> Field:
    label = setting.label.in_(get_language() or "en")
    hint = _("Leave it empty to keep what is there") if setting.is_secret and not is_new else ""
    if setting.is_long:
        return LongTextField(setting.name, label, hint, takes=taking.as_it_is)
    if setting.is_secret:
        return PasswordField(setting.name, label, hint)
    return TextField(setting.name, label, hint, longest=lengths.ADDRESS_OF_A_PAGE, takes=taking.as_it_is)


def _trial_form(channel: Channel) -> Form | None:
    if channel is Channel.LETTER:
        return None
    label = _("Phone number") if channel is Channel.SMS else _("Email address")
    return Form(TextField("to", label, width="20", takes=taking.identifier))


def _checked(form: Form, kind: Kind, *, is_new: bool) -> Form:
    if form.is_refused:
        return form
    if not form.text("name"):
        form = form.refuse("name", _("Enter a name"))
    if is_new and form.text("channel") not in map(str, kind.channels):
        form = form.refuse("channel", _("Select what it carries"))
    for name, least in (("priority", 0), ("weight", 1)):
        number = whole_number(form.text(name), most=1000)
        if number is None or number < least:
            form = form.refuse(name, _("Enter a whole number"))
    for each in kind.settings:
        if each.is_needed and (is_new or not each.is_secret) and not form.text(each.name):
            form = form.refuse(each.name, _("This is needed"))
    return form


def _refused(form: Form, refusal: Exception) -> Form:
    if isinstance(refusal, operations.AccountNameTaken):
        return form.refuse("name", _("Another account has this name"))
    return form.refuse("", _("These settings cannot be used: %(problem)s") % {"problem": refusal})


def _wanted(form: Form, kind: str, asked: Kind, before: Mapping[str, str]) -> operations.WantedAccount:
    given = {each.name: form.text(each.name) or _kept(each, before) for each in asked.settings}
    return operations.WantedAccount(
        Channel(form.text("channel") or asked.channels[0]),
        kind,
        form.text("name"),
        {name: value for name, value in given.items() if value},
        priority=whole_number(form.text("priority")) or 0,
        weight=whole_number(form.text("weight")) or 1,
    )


def _kept(setting: Setting, before: Mapping[str, str]) -> str:
    return before.get(setting.name, "") if setting.is_secret else ""


def _is_secret(kind: Kind, name: str) -> bool:
    return any(each.is_secret and each.name == name for each in kind.settings)


def _columns(account: AccountView) -> dict[str, str]:
    return {"name": account.name, "priority": str(account.priority), "weight": str(account.weight)}
