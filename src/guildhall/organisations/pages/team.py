"""The team: who works here, asking somebody in, changing roles, leaving."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.forms import CheckboxesField, EmailField, Form
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, methods, officers
from guildhall.kernel.ids import PersonId
from guildhall.kernel.paging import page_number
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.teams import LastOwner
from guildhall.organisations.operations import NoRoles
from guildhall.organisations.pages.gate import person_at
from guildhall.organisations.pages.inviting import form_to_send_again, inviter_at, try_to_send
from guildhall.organisations.pages.wording import name_of_invitation_state, names_of_roles, role_options


@officers()
def members(request: HttpRequest, council: str) -> HttpResponse:
    """List the team and the invitations that wait for an answer."""
    facts = {
        "page": queries.list_members(page=page_number(in_address(request, "page"))),
        "invitations": queries.list_invitations(page=page_number(in_address(request, "invitations"))),
        "name_of_invitation_state": name_of_invitation_state,
        "names_of_roles": names_of_roles,
        "now": clock.now(),
        "done": in_address(request, "done"),
    }
    return render(request, "organisations/team.html", facts)


@officers(Role.OWNER)
@methods("GET", "HEAD", "POST")
def invite(request: HttpRequest, council: str) -> HttpResponseBase:
    """Ask somebody to join the team."""
    form = Form(EmailField("email", _("Email address")), _roles_field())
    if request.method != "POST":
        return render(request, "organisations/invite.html", {"form": form})
    form, inviter, now = form.read(request.POST), inviter_at(request), clock.now()
    try:
        roles = operations.roles_of(form.chosen("roles"))
        form = try_to_send(form, lambda: operations.invite(form.text("email"), roles, inviter=inviter, now=now))
    except NoRoles:
        form = form.refuse("roles", _("Select at least one role"))
    return (
        render(request, "organisations/invite.html", {"form": form}) if form.is_refused else _back(council, "invited")
    )


@officers(Role.OWNER)
@methods("GET", "HEAD", "POST")
def send_again(request: HttpRequest, council: str, invitation_id: UUID) -> HttpResponseBase:
    """Ask for the address, and send an invitation again."""
    invitation = queries.get_invitation(invitation_id)
    form = form_to_send_again(invitation)
    if request.method == "POST":
        form, inviter, now = form.read(request.POST), inviter_at(request), clock.now()
        form = try_to_send(
            form,
            lambda: operations.send_invitation_again(invitation_id, form.text("email"), inviter=inviter, now=now),
        )
        if not form.is_refused:
            return _back(council, "sent-again")
    return render(request, "organisations/send-again.html", {"form": form, "invitation": invitation})


@officers(Role.OWNER)
@methods("POST")
def withdraw(request: HttpRequest, council: str, invitation_id: UUID) -> HttpResponseBase:
    """Take an invitation back."""
    operations.withdraw_invitation(invitation_id, by=inviter_at(request), now=clock.now())
    return _back(council, "withdrawn")


@officers(Role.OWNER)
@methods("GET", "HEAD", "POST")
def roles(request: HttpRequest, council: str, person_id: UUID) -> HttpResponseBase:
    """Change what an officer may do."""
    member = queries.get_membership(PersonId(person_id))
    form = Form(_roles_field(), values={"roles": tuple(member.roles)})
    if request.method == "POST":
        form = form.read(request.POST)
        try:
            wanted = operations.roles_of(form.chosen("roles"))
            operations.change_roles(member.person_id, wanted, actor=person_at(request), now=clock.now())
        except NoRoles:
            form = form.refuse("roles", _("Select at least one role"))
        except LastOwner:
            form = form.refuse("roles", _last_owner())
        else:
            return _back(council, "changed")
    return render(request, "organisations/roles.html", {"form": form, "member": member})


@officers(Role.OWNER)
@methods("GET", "HEAD", "POST")
def remove(request: HttpRequest, council: str, person_id: UUID) -> HttpResponseBase:
    """Ask whether an officer shall be taken off the team, and do it."""
    return _take_off(request, council, PersonId(person_id), "organisations/remove.html", "removed")


@officers()
@methods("GET", "HEAD", "POST")
def leave(request: HttpRequest, council: str) -> HttpResponseBase:
    """Ask the visitor whether they want to leave the team, and do it."""
    return _take_off(request, council, person_at(request), "organisations/leave.html", "")


def _take_off(request: HttpRequest, council: str, person_id: PersonId, template: str, done: str) -> HttpResponseBase:
    member, problems = queries.get_membership(person_id), []
    if request.method == "POST":
        try:
            operations.remove_member(person_id, actor=person_at(request), now=clock.now())
        except LastOwner:
            problems = [{"text": _last_owner(), "href": "#confirm"}]
        else:
            return _back(council, done) if done else lead_to_page("organisations:councils")
    return render(request, template, {"member": member, "problems": problems})


def _roles_field() -> CheckboxesField:
    return CheckboxesField("roles", _("What they may do"), _("Select all that apply"), options=role_options())


def _last_owner() -> str:
    return _("A council must have an owner. Make somebody else an owner first.")


def _back(council: str, done: str) -> HttpResponseBase:
    return lead_to_page("organisations:team", done=done, council=council)
