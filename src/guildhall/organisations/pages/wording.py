"""Words for codes that the officers' pages show."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from guildhall.design.forms import Option
from guildhall.design.languages import Text
from guildhall.design.pages.speaking import current_language
from guildhall.kernel.audiences import Role
from guildhall.kernel.money import Pence, in_pounds
from guildhall.kernel.outside import whole_number
from guildhall.kernel.visitor import Language
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.domain.teams import InvitationState
from guildhall.organisations.queries import Actor, ActorKind, AuditLine


def name_of_role(role: Role) -> str:
    """Return what a role is called."""
    return {
        Role.OWNER: _("Owner"),
        Role.SERVICE_MANAGER: _("Service manager"),
        Role.CASEWORKER: _("Caseworker"),
        Role.FINANCE_VIEWER: _("Finance viewer"),
        Role.AUDITOR: _("Auditor"),
    }[role]


def names_of_roles(roles: frozenset[Role]) -> str:
    """Return what several roles are called, in their usual order."""
    return ", ".join(name_of_role(role) for role in Role if role in roles)


def name_of_stage(stage: Stage) -> str:
    """Return how far a council has come, in words."""
    return {
        Stage.LISTED: _("Not invited"),
        Stage.INVITED: _("Invited"),
        Stage.SETTING_UP: _("Being set up"),
        Stage.OPEN: _("Open"),
        Stage.TAKEN_OFF: _("Taken off"),
    }[stage]


def place_of(nation: str, region: str) -> str:
    """Return the nation that a council is in and, in England, the region."""
    names = {
        "England": _("England"),
        "Northern Ireland": _("Northern Ireland"),
        "Scotland": _("Scotland"),
        "Wales": _("Wales"),
        "East Midlands": _("East Midlands"),
        "East of England": _("East of England"),
        "London": _("London"),
        "North East": _("North East"),
        "North West": _("North West"),
        "South East": _("South East"),
        "South West": _("South West"),
        "West Midlands": _("West Midlands"),
        "Yorkshire and The Humber": _("Yorkshire and The Humber"),
    }
    return ", ".join(names.get(place, place) for place in dict.fromkeys((nation, region)) if place)


def name_of_invitation_state(state: InvitationState) -> str:
    """Return what has become of an invitation, in a word."""
    return {
        InvitationState.WAITING: _("Waiting"),
        InvitationState.EXPIRED: _("Expired"),
        InvitationState.ACCEPTED: _("Accepted"),
        InvitationState.WITHDRAWN: _("Withdrawn"),
    }[state]


def role_options() -> list[Option]:
    """Return the roles to choose from, each with what it lets somebody do. No role implies another."""
    hints = {
        Role.OWNER: _("manages the team, the keys and the council’s name and colour"),
        Role.SERVICE_MANAGER: _("puts services online, changes them, and makes keys for programs"),
        Role.CASEWORKER: _("works on residents’ cases and writes to residents"),
        Role.FINANCE_VIEWER: _("sees payments, and what the council used"),
        Role.AUDITOR: _("reads everything in the audit trail and changes nothing"),
    }
    return [Option(role, name_of_role(role), hints[role]) for role in Role]


def name_of_platform(platform: Platform) -> str:
    """Return what a platform is called."""
    return {
        Platform.NOTIFY: _("Messages (Notify)"),
        Platform.PAY: _("Payments (Pay)"),
        Platform.REGISTERS: _("Registers"),
    }[platform]


def name_of_kind(kind: KeyKind) -> str:
    """Return what a kind of key is called."""
    return {KeyKind.LIVE: _("Live"), KeyKind.TEAM: _("Team only"), KeyKind.TEST: _("Test")}[kind]


def hint_of_kind(kind: KeyKind) -> str:
    """Return how far a kind of key reaches."""
    return {
        KeyKind.LIVE: _("reaches everybody, and real money moves"),
        KeyKind.TEAM: _("reaches only the people on your team"),
        KeyKind.TEST: _("reaches nobody: for trying things out"),
    }[kind]


def name_of_actor(actor: Actor) -> str:
    """Return who did something, and what they are to the council where they are not of its team."""
    if actor.kind is ActorKind.OPERATOR and actor.name:
        return _("%(name)s, an operator of Guildhall") % {"name": actor.name}
    if actor.kind is ActorKind.FORMER_OFFICER and actor.name:
        return _("%(name)s, who is not on the team now") % {"name": actor.name}
    return actor.name or {
        ActorKind.SYSTEM: _("Guildhall itself"),
        ActorKind.OPERATOR: _("An operator of Guildhall"),
    }.get(actor.kind, _("Somebody whose account is gone"))


def details_in_words(line: AuditLine) -> list[str]:
    """Return what else there is to say of an act, each as "Roles: Owner", in the order of the settings."""
    language = current_language()
    labels: dict[str, Text] = settings.AUDIT_DETAILS
    told = line.told_in(language)
    in_order = sorted(told, key=lambda name: (list(labels).index(name) if name in labels else len(labels), name))
    return [f"{_label(name, language)}: {_said(name, told[name], language)}" for name in in_order if told[name]]


def _label(name: str, language: Language) -> str:
    labels: dict[str, Text] = settings.AUDIT_DETAILS
    return labels[name].in_(language) if name in labels else name


def _said(name: str, value: str, language: Language) -> str:
    if name == "pence":
        return in_pounds(Pence(whole_number(value) or 0))
    if name in settings.AUDIT_COUNTS and (count := whole_number(value)) is not None:
        return f"{count:,}"
    codes: Mapping[str, Text] = settings.AUDIT_VALUES.get(name, {})
    words = [codes[code].in_(language) for code in value.split(",") if code in codes]
    return ", ".join(words) or value


def name_of_action(action: str) -> str:
    """Return what an action in the audit trail is called; other modules' are listed in the settings (AUDIT_WORDS)."""
    ours = {
        "council.opened": _("The council was opened to residents"),
        "council.taken_off": _("An operator of Guildhall took the council off"),
        "council.put_back": _("An operator of Guildhall put the council back"),
        "council.team_sent_away": _("An operator of Guildhall took everybody off the team"),
        "council.settings_changed": _("The council’s settings were changed"),
        "officer.invited": _("Somebody was invited to the team"),
        "officer.joined": _("An officer joined the team"),
        "officer.left": _("An officer left the team"),
        "officer.removed": _("An officer was taken off the team"),
        "officer.roles_changed": _("An officer’s roles were changed"),
        "invitation.sent_again": _("An invitation was sent again"),
        "invitation.corrected": _("An invitation was sent to a corrected address"),
        "invitation.withdrawn": _("An invitation was withdrawn"),
        "service.created": _("A service was added"),
        "service.went_live": _("A service was put online"),
        "service.taken_off": _("A service was taken off"),
        "key.created": _("A key was made"),
        "key.revoked": _("A key was revoked"),
        "operator.looked": _("An operator of Guildhall looked at the council’s state"),
    }
    theirs: dict[str, Text] = settings.AUDIT_WORDS
    return theirs[action].in_(current_language()) if action in theirs else ours.get(action, action)
