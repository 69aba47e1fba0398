"""Teams, keys, services, the council's own words, operators, and money: each act done once."""

from guildhall.design.languages import Text
from guildhall.identity.testing import make_person
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, ServiceId, new_id
from guildhall.kernel.money import Pence
from guildhall.metering.domain.allowance import OrganisationType
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.operations import allowances, caps
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.operations import councils, invitations, keys, operators, services, stages, teams
from guildhall.organisations.operations.invitations import Inviter
from guildhall.organisations.operations.keys import WantedKey
from guildhall.organisations.operations.teams import NewOfficer
from guildhall.organisations.queries import get_invitation
from guildhall.organisations.testing import OFFICER, make_officer, png, stand_at
from guildhall.pay.operations import accounts

from .driving import House, doing

SOMEBODY = Inviter(OFFICER, "Olwen Ap Rhys")
CAP = Cap(Period.MONTH, pence=Pence(50_000))


def service_of(house: House) -> ServiceId:
    return ServiceId(house.sender.id)


def wanted_key(house: House) -> WantedKey:
    return WantedKey(service_of(house), Platform.NOTIFY, KeyKind.TEST, f"A key {new_id().hex[-6:]}")


@doing(invitations.invite)
def invite(house: House) -> None:
    invitations.invite("new@testford.example", frozenset({Role.AUDITOR}), inviter=_me(house), now=clock.now())


@doing(invitations.send_invitation_again)
def send_invitation_again(house: House) -> None:
    invited = invitations.invite("wa@testford.example", frozenset({Role.AUDITOR}), inviter=SOMEBODY, now=clock.now())
    invitations.send_invitation_again(invited, "wa@testford.example", inviter=_me(house), now=clock.now())
    invitations.send_invitation_again(invited, "aw@testford.example", inviter=_me(house), now=clock.now())


@doing(invitations.withdraw_invitation)
def withdraw_invitation(house: House) -> None:
    invited = invitations.invite("w@testford.example", frozenset({Role.AUDITOR}), inviter=SOMEBODY, now=clock.now())
    invitations.withdraw_invitation(invited, by=_me(house), now=clock.now())


@doing(invitations.accept_invitation)
def accept_invitation(house: House) -> None:
    invited = invitations.invite("me@testford.example", frozenset({Role.OWNER}), inviter=SOMEBODY, now=clock.now())
    me = NewOfficer(house.me, "me@testford.example", "Mair Evans")
    invitations.accept_invitation(get_invitation(invited).token, me, now=clock.now())


@doing(teams.change_roles)
def change_roles(house: House) -> None:
    colleague = make_officer(house.council, Role.AUDITOR)
    teams.change_roles(colleague.person_id, frozenset({Role.CASEWORKER, Role.AUDITOR}), **house.by_me())


@doing(teams.remove_member)
def remove_member(house: House) -> None:
    colleague = make_person(name="Ffion Jones").id
    make_officer(house.council, Role.AUDITOR, person_id=colleague)
    teams.remove_member(colleague, **house.by_me())


@doing(keys.create_key)
def create_key(house: House) -> None:
    keys.create_key(wanted_key(house), **house.by_me())


@doing(keys.ensure_key)
def ensure_key(house: House) -> None:
    wanted = WantedKey(service_of(house), Platform.NOTIFY, KeyKind.TEST, "Ensured", secret=str(new_id()))
    keys.ensure_key(wanted, **house.by_me())


@doing(keys.revoke_key)
def revoke_key(house: House) -> None:
    made = keys.create_key(wanted_key(house), actor=OFFICER, now=clock.now())
    keys.revoke_key(made.id, **house.by_me())


@doing(accounts.issue_key)
def issue_pay_key(house: House) -> None:
    accounts.issue_key(service_of(house), "test", "The shop", **house.by_me())


@doing(services.create_service)
def create_service(house: House) -> None:
    services.create_service(services.NewService("allotments", Text("Allotments", "Rhandiroedd")), **house.by_me())


@doing(services.ensure_service)
def ensure_service(house: House) -> None:
    services.ensure_service(services.NewService("parking", Text("Parking", "Parcio")), **house.by_me())


@doing(councils.change_own_words)
def change_own_words(house: House) -> None:
    words = councils.OwnWords("Testford Council", "Cyngor Testford", "https://testford.example", "#005ea5")
    councils.change_own_words(words, **house.by_me())


@doing(councils.set_logo)
def set_logo(house: House) -> None:
    councils.set_logo(png(), **house.by_me())


@doing(councils.remove_logo)
def remove_logo(house: House) -> None:
    councils.set_logo(png(), actor=OFFICER, now=clock.now())
    councils.remove_logo(**house.by_me())


@doing(operators.look_as_operator)
def look_as_operator(house: House) -> None:
    operators.look_as_operator(operator=house.me, now=clock.now())


@doing(operators.invite_owner)
def invite_owner(house: House) -> None:
    operators.invite_owner(house.council.id, "f@testford.example", operator=_me(house), now=clock.now())


@doing(stages.open_council)
def open_council(house: House) -> None:
    make_officer(house.council, Role.OWNER, person_id=house.me)
    stand_at(house.council, Stage.SETTING_UP)
    stages.open_council(**house.by_me())


@doing(operators.take_council_off)
def take_council_off(house: House) -> None:
    invitations.invite("t@testford.example", frozenset({Role.AUDITOR}), inviter=SOMEBODY, now=clock.now())
    operators.take_council_off(operator=house.me, now=clock.now())
    stand_at(house.council, Stage.OPEN)


@doing(operators.put_council_back)
def put_council_back(house: House) -> None:
    stand_at(house.council, Stage.TAKEN_OFF)
    operators.put_council_back(operator=house.me, now=clock.now())
    stand_at(house.council, Stage.OPEN)


@doing(operators.send_team_away)
def send_team_away(house: House) -> None:
    stand_at(house.council, Stage.SETTING_UP)
    operators.send_team_away(operator=OFFICER, now=clock.now())  # officers of other acts have no account
    make_officer(house.council, Role.AUDITOR, person_id=make_person(name="Ffion Jones").id)
    keys.create_key(wanted_key(house), actor=OFFICER, now=clock.now())
    operators.send_team_away(operator=house.me, now=clock.now())
    stand_at(house.council, Stage.OPEN)


@doing(allowances.set_allowance)
def set_allowance(house: House) -> None:
    allowances.set_allowance(house.sender.id, 2026, 20_000, **house.by_me())


@doing(allowances.set_organisation_type)
def set_organisation_type(house: House) -> None:
    allowances.set_organisation_type(OrganisationType("local"), **house.by_me())


@doing(allowances.set_cost_centre)
def set_cost_centre(house: House) -> None:
    allowances.set_cost_centre(house.sender.id, "WASTE-01", **house.by_me())


@doing(caps.agree_cap)
def agree_cap(house: House) -> None:
    caps.agree_cap(house.sender.id, CAP, **house.by_me())


@doing(caps.lift_cap)
def lift_cap(house: House) -> None:
    caps.agree_cap(house.sender.id, CAP, actor=OFFICER, now=clock.now())
    caps.lift_cap(house.sender.id, Period.MONTH, **house.by_me())


def _me(house: House) -> Inviter:
    return Inviter(PersonId(house.me), "Mair Evans")
