"""What officers do to a case: act, assign, note, write. All of it is in the history and the council's audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import is_blank
from guildhall.kernel.transactions import transaction
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries as teams
from guildhall.services.cases import models
from guildhall.services.cases.domain.history import Kind
from guildhall.services.cases.domain.letters import MESSAGE, STATUS, for_any_reader, status_words
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.domain.workflow import ROLES_THAT_WORK, Action, State, from_text
from guildhall.services.cases.domain.writing import is_said
from guildhall.services.cases.operations import letters
from guildhall.services.cases.operations.history import Deed, claim, hold, is_done, write
from guildhall.services.tracking import operations as tracking
from guildhall.services.tracking.domain.statuses import PublicStatus
from guildhall.services.tracking.domain.timeline import NO_WORDS, NewEntry


class NoteMissing(Invalid):
    """The action needs words for the resident, such as a day or a reason."""


class NothingWritten(Invalid):
    """A note or a message has no words."""


class NotOnTheTeam(Invalid):
    """A case can only be assigned to an officer of the council who works on cases."""


@dataclass(frozen=True)
class WantedAction:
    """An action as the officer asked for it. ``message`` is for the resident, ``note`` for colleagues."""

    case_id: UUID
    action: str
    seen_version: int
    message: Text = NO_WORDS
    note: str = ""


@transaction
def take_action(wanted: WantedAction, *, by: Officer, now: datetime) -> None:
    """Move a case along its workflow, tell the resident, and record it.

    Two officers may act on the same page at once: the first moves the case, the other is refused and nothing of
    what they asked for happens.

    :raises NoSuchCase: the council has none with this id.
    :raises CaseChanged: the case is not as the officer saw it.
    :raises ActionNotPossible: the workflow has no such action from the case's state.
    :raises ActionNotOpen: the action is for another role.
    :raises NoteMissing: the action needs words for the resident.
    """
    case = claim(wanted.case_id, seen_version=wanted.seen_version)
    workflow = from_text(case.workflow.document)
    state = workflow.next_state(case.state, wanted.action, by.roles)
    action = workflow.action(wanted.action)
    if action.needs_note and not is_said(wanted.message):
        raise NoteMissing("say something to the resident")
    deed = Deed(
        Kind.ACTION,
        by.person_id,
        action=action.action,
        from_state=case.state,
        to_state=state.state,
        note=wanted.note,
        message=wanted.message,
    )
    event = write(case, deed, now=now, state=state.state, public_status=state.public_status)
    _tell(case, action, state, wanted.message, position=event.position, now=now)
    codes = {"action": action.action, "from_state": case.state, "to_state": state.state}
    words = {"step": action.name, "left_state": workflow.state(case.state).name, "new_state": state.name}
    _audit("case.action", case, by, {**codes, **_in_both(words)}, now=now)


@transaction
def assign(case_id: UUID, to: PersonId | None, *, seen_version: int, by: Officer, now: datetime) -> None:
    """Give a case to an officer, or to nobody.

    :raises NoSuchCase: the council has none with this id.
    :raises CaseChanged: the case is not as the officer saw it.
    :raises NotOnTheTeam: ``to`` is no officer of the council who works on cases.
    """
    if to is not None:
        _check_works_here(to)
    case = claim(case_id, seen_version=seen_version)
    write(case, Deed(Kind.ASSIGNED, by.person_id, subject_id=to), now=now, assignee_id=to)
    _audit("case.assigned" if to else "case.given_back", case, by, {"to": str(to)} if to else {}, now=now)


@transaction
def add_note(case_id: UUID, text: str, *, once: UUID, by: Officer, now: datetime) -> None:
    """Write something down for colleagues; the resident does not see it. The same ``once`` again changes nothing.

    :raises NoSuchCase: the council has none with this id.
    :raises NothingWritten: there are no words.
    """
    if is_blank(text):
        raise NothingWritten("write the note")
    case = hold(case_id)
    deed = Deed(Kind.NOTE, by.person_id, note=text, once=once)
    if is_done(deed):
        return
    event = write(case, deed, now=now)
    _audit("case.note", case, by, {"position": str(event.position)}, now=now)


@transaction
def write_to_resident(case_id: UUID, message: Text, *, once: UUID, by: Officer, now: datetime) -> None:
    """Send the resident a message by email and show it on their timeline. The same ``once`` again changes nothing.

    ``message`` is in the language or languages the resident reads; English stands in where there is no Welsh.

    :raises NoSuchCase: the council has none with this id.
    :raises NothingWritten: there are no words.
    """
    if not is_said(message):
        raise NothingWritten("write the message")
    case = hold(case_id)
    deed = Deed(Kind.MESSAGE, by.person_id, message=message, once=once)
    if is_done(deed):
        return
    event = write(case, deed, now=now)
    state = from_text(case.workflow.document).state(case.state)
    entry = NewEntry(PublicStatus(case.public_status), MESSAGE_SENT, state.what_happens_next, message)
    tracking.add_entry(case.id, entry, now=now)
    letters.send(MESSAGE, case, {"message": for_any_reader(message)}, position=event.position, now=now)
    _audit("case.message", case, by, {"position": str(event.position)}, now=now)


MESSAGE_SENT = Text("We sent you a message.", "Anfonom neges atoch.")


def _tell(case: models.Case, action: Action, state: State, note: Text, *, position: int, now: datetime) -> None:
    """Tell the resident what they should know of the action: on their timeline, and by email if it notifies."""
    if not action.notify and state.public_status == case.public_status and note == NO_WORDS:
        return
    entry = NewEntry(state.public_status, action.words, state.what_happens_next, note)
    tracking.add_entry(case.id, entry, now=now)
    if action.notify:
        words = status_words(action, state, note)
        letters.send(STATUS, case, words, position=position, now=now)


def _check_works_here(person_id: PersonId) -> None:
    membership = teams.find_membership(person_id)
    if membership is None or not membership.may(*map(Role, ROLES_THAT_WORK)):
        raise NotOnTheTeam("choose an officer who works on cases")


def _in_both(words: Mapping[str, Text]) -> dict[str, str]:
    return {key: value for name, text in words.items() for key, value in organisations.in_both(name, text).items()}


def _audit(deed: str, case: models.Case, by: Officer, details: Mapping[str, str], *, now: datetime) -> None:
    subject = organisations.Subject("case", case.id, case.reference, case.service_id)
    organisations.record_audit(deed, subject, actor=by.person_id, now=now, details=details)
