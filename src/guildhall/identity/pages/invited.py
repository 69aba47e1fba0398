"""Following an invitation into a council's team."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages.leading import path_of, see_other
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page
from guildhall.kernel import clock
from guildhall.kernel.audiences import link_holders, methods
from guildhall.kernel.ids import PersonId
from guildhall.kernel.visitor import Visitor
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries as invitations
from guildhall.organisations.domain.teams import InvitationState
from guildhall.organisations.queries import InvitationView


@link_holders
@methods("GET", "HEAD", "POST")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Lead the invited person through an account and a second proof to their place in the team."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    try:
        invited = invitations.read_invitation(token)
    except invitations.InvitationNotFound:
        return show(request, "identity/invitation-closed.html", status=410)
    if invited.state(clock.now()) is not InvitationState.WAITING:
        return show(request, "identity/invitation-closed.html", status=410)
    if request.method == "POST" and visitor.person_id and visitor.has_second_factor:
        return _accept(request, token, visitor, visitor.person_id)
    return show(request, "identity/invitation.html", _shown(request, invited, visitor))


def _shown(request: HttpRequest, invited: InvitationView, visitor: Visitor) -> dict[str, object]:
    here = path_of(request)
    return {
        "invitation": invited,
        "is_somebody_else": visitor.is_signed_in and visitor.email != invited.email,
        "register_url": page("register", wanted=here),
        "sign_in_url": page("sign-in", wanted=here),
        "prove_more_url": page("prove-more", wanted=here),
    }


def _accept(request: HttpRequest, token: str, visitor: Visitor, person_id: PersonId) -> HttpResponse:
    officer = organisations.NewOfficer(person_id, visitor.email, visitor.name)
    try:
        organisations.accept_invitation(token, officer, now=clock.now())
    except (organisations.InvitationForSomebodyElse, organisations.InvitationClosed):
        return see_other(path_of(request))
    return see_other("/staff")
