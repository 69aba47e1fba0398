"""Forms of invitations, for owners and operators alike: an address, perhaps roles, and what can be wrong with them."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.design.forms import EmailField, Form
from guildhall.kernel.limits import Against
from guildhall.kernel.tries import LockedOut
from guildhall.organisations import operations
from guildhall.organisations.operations import Inviter
from guildhall.organisations.pages.gate import person_at, visitor_at
from guildhall.organisations.queries import InvitationView


def inviter_at(request: HttpRequest, *, is_operator: bool = False) -> Inviter:
    """Return who invites, by the name that the email gives."""
    visitor = visitor_at(request)
    return Inviter(person_at(request), visitor.name or visitor.email, is_operator)


def try_to_send(form: Form, send: Callable[[], object]) -> Form:
    """Send an invitation; return the form, refused where it could not be sent. A refused one sends nothing."""
    if form.is_refused:
        return form
    try:
        send()
    except NotAnEmailAddress:
        return form.refuse("email", _("Enter an email address, like name@example.com"))
    except operations.AlreadyInvited:
        return form.refuse("email", _("This address has an invitation already. Withdraw that one, or send it again."))
    except LockedOut as lock:
        return form.refuse("email", _too_many(lock))
    return form


def form_to_send_again(invitation: InvitationView) -> Form:
    """Return the form that sends an invitation again, to the same address or another."""
    hint = _("Correct it if it was wrong. The link that was sent before stops working.")
    return Form(EmailField("email", _("Email address"), hint), values={"email": invitation.email})


def _too_many(lock: LockedOut) -> str:
    hours = max(1, round(lock.minutes / 60))
    if lock.against is Against.RECIPIENT:
        words = ngettext(
            "This address was sent several invitations today. You can send the next one in about %(hours)s hour.",
            "This address was sent several invitations today. You can send the next one in about %(hours)s hours.",
            hours,
        )
    else:
        words = ngettext(
            "Very many invitations were sent. You can send the next one in about %(hours)s hour.",
            "Very many invitations were sent. You can send the next one in about %(hours)s hours.",
            hours,
        )
    return words % {"hours": hours}
