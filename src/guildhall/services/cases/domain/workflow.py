"""A workflow is data: the states a case can be in, and the actions that move it, each open to some roles.

A form definition embeds one as JSON; ``parse`` reads it or says everything that is wrong with it.

    {"name": "bulky-waste", "first_state": "received",
     "states": [{"state": "received", "public_status": "received", "name": {"en": …, "cy": …},
                 "what_happens_next": {"en": …, "cy": …}}, …],
     "actions": [{"action": "check", "name": {"en": …, "cy": …}, "from": ["received"], "next_state": "checking",
                  "roles": ["caseworker"], "needs_note": false, "notify": true, "words": {"en": …, "cy": …}}, …]}

``what_happens_next`` and ``words`` may be left out: the public status then speaks for itself.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guildhall.design.languages import Text
from guildhall.kernel.refusals import Conflict, Forbidden
from guildhall.kernel.text import compose, is_blank
from guildhall.services.tracking.domain.statuses import PublicStatus, what_happened, what_happens_next

ROLES_THAT_WORK = ("owner", "service_manager", "caseworker")


class ActionNotPossible(Conflict):
    """The workflow has no such action from the state the case is in."""


class ActionNotOpen(Forbidden):
    """The action is for officers with another role."""


@dataclass(frozen=True)
class State:
    """Where a case can be. ``public_status`` is what the resident is told; ``name`` is what officers call it."""

    state: str
    public_status: PublicStatus
    name: Text
    what_happens_next: Text


@dataclass(frozen=True)
class Action:
    """What an officer can do to a case.

    ``needs_note``: the resident must be told something besides ``words``, such as the day or the reason.
    ``notify``: the resident gets an email; always so when their public status changes.
    """

    action: str
    name: Text
    from_states: tuple[str, ...]
    next_state: str
    roles: frozenset[str]
    needs_note: bool
    notify: bool
    words: Text


@dataclass(frozen=True)
class Workflow:
    """States and actions that hang together: ``parse`` makes no others."""

    name: str
    first_state: str
    states: tuple[State, ...]
    actions: tuple[Action, ...]

    def state(self, code: str) -> State:
        """Return the state of that code; every state of a case is one of its workflow's."""
        return next(state for state in self.states if state.state == code)

    def action(self, code: str) -> Action:
        """Return the action of that code, whatever state it starts from.

        :raises ActionNotPossible: the workflow has none.
        """
        for action in self.actions:
            if action.action == code:
                return action
        raise ActionNotPossible(f"there is no action “{code}”")

    def actions_open_to(self, state: str, roles: Collection[str]) -> tuple[Action, ...]:
        """List what an officer with these roles can do to a case in ``state``, in the workflow's order."""
        return tuple(
            action for action in self.actions if state in action.from_states and not action.roles.isdisjoint(roles)
        )

    def next_state(self, state: str, action: str, roles: Collection[str]) -> State:
        """Decide where ``action`` takes a case that is in ``state``.

        :raises ActionNotPossible: the workflow has no such action from there.
        :raises ActionNotOpen: none of ``roles`` may take it.
        """
        wanted = self.action(action)
        if state not in wanted.from_states:
            raise ActionNotPossible(f"“{wanted.name.en}” cannot be done to a case that is “{state}”")
        if wanted.roles.isdisjoint(roles):
            raise ActionNotOpen(f"“{wanted.name.en}” is for another role")
        return self.state(wanted.next_state)


class WorkflowInvalid(ValueError):
    """The document is no workflow. ``problems`` says everything that is wrong, each in one sentence."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def parse(document: object) -> Workflow:
    """Read a workflow from JSON already decoded.

    :raises WorkflowInvalid: with every problem found, not only the first.
    """
    if not isinstance(document, Mapping):
        raise WorkflowInvalid(("A workflow must be an object with name, first_state, states and actions.",))
    reading = _Reading()
    workflow = reading.workflow(document)
    if not reading.problems:
        reading.problems += _loose_ends(workflow)
    if reading.problems:
        raise WorkflowInvalid(tuple(reading.problems))
    return workflow


def to_document(workflow: Workflow) -> dict[str, Any]:
    """Write the workflow as the JSON that ``parse`` reads back to an equal one."""
    return {
        "name": workflow.name,
        "first_state": workflow.first_state,
        "states": [_state_document(state) for state in workflow.states],
        "actions": [_action_document(action) for action in workflow.actions],
    }


def to_text(workflow: Workflow) -> str:
    """Write the workflow as one canonical line, so that equal workflows are equal texts."""
    return json.dumps(to_document(workflow), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=256)
def from_text(text: str) -> Workflow:
    """Read what ``to_text`` wrote. The same text is read once: a workflow never changes.

    :raises WorkflowInvalid: it is no workflow.
    """
    return parse(json.loads(text))


def _state_document(state: State) -> dict[str, Any]:
    return {
        "state": state.state,
        "public_status": state.public_status.value,
        "name": _both(state.name),
        "what_happens_next": _both(state.what_happens_next),
    }


def _action_document(action: Action) -> dict[str, Any]:
    return {
        "action": action.action,
        "name": _both(action.name),
        "from": list(action.from_states),
        "next_state": action.next_state,
        "roles": sorted(action.roles),
        "needs_note": action.needs_note,
        "notify": action.notify,
        "words": _both(action.words),
    }


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "cy": text.cy}


_NO_TEXT = Text("", "")


class _Reading:
    """One pass over a document that notes every problem and carries on."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def workflow(self, document: Mapping[str, Any]) -> Workflow:
        self._only(document, "The workflow", {"name", "first_state", "states", "actions"})
        states = tuple(self.state(row, n) for n, row in enumerate(self._rows(document, "states"), 1))
        self._once_each("state", [state.state for state in states])
        first = self._word(document, "first_state", "The workflow")
        if states and first and first not in {state.state for state in states}:
            self.problems.append(f"first_state is “{first}”, which is none of the states.")
        by_code = {state.state: state for state in states}
        actions = tuple(self.action(row, n, by_code) for n, row in enumerate(self._rows(document, "actions"), 1))
        self._once_each("action", [action.action for action in actions])
        return Workflow(self._word(document, "name", "The workflow"), first, states, actions)

    def state(self, row: Mapping[str, Any], number: int) -> State:
        where = f"State {number}"
        self._only(row, where, {"state", "public_status", "name", "what_happens_next"})
        status = self._status(row, where)
        return State(
            self._word(row, "state", where),
            status,
            self._text(row, "name", where),
            self._text(row, "what_happens_next", where, otherwise=what_happens_next(status)),
        )

    def action(self, row: Mapping[str, Any], number: int, by_code: Mapping[str, State]) -> Action:
        where = f"Action {number}"
        keys = {"action", "name", "from", "next_state", "roles", "needs_note", "notify", "words"}
        self._only(row, where, keys)
        from_states = self._codes(row, "from", where, by_code, "state of this workflow")
        target = self._word(row, "next_state", where)
        if target and target not in by_code:
            self.problems.append(f"{where}: next_state is “{target}”, which is none of the states.")
        status = by_code[target].public_status if target in by_code else PublicStatus.RECEIVED
        moves = any(by_code[code].public_status != status for code in from_states)
        return Action(
            self._word(row, "action", where),
            self._text(row, "name", where),
            from_states,
            target,
            frozenset(self._codes(row, "roles", where, ROLES_THAT_WORK, "role that works on cases")),
            self._needs_note(row, where, status),
            self._notify(row, where, moves),
            self._text(row, "words", where, otherwise=what_happened(status)),
        )

    def _status(self, row: Mapping[str, Any], where: str) -> PublicStatus:
        value = row.get("public_status")
        if value in list(PublicStatus):
            return PublicStatus(value)
        self.problems.append(f"{where}: public_status must be one of {', '.join(PublicStatus)}.")
        return PublicStatus.RECEIVED

    def _needs_note(self, row: Mapping[str, Any], where: str, status: PublicStatus) -> bool:
        needs_note = self._yes_or_no(row, "needs_note", where, otherwise=status == PublicStatus.CLOSED)
        if status == PublicStatus.CLOSED and not needs_note:
            self.problems.append(f"{where}: it closes without doing, so the resident must be told why (needs_note).")
        return needs_note

    def _notify(self, row: Mapping[str, Any], where: str, moves: bool) -> bool:
        notify = self._yes_or_no(row, "notify", where, otherwise=moves)
        if moves and not notify:
            self.problems.append(f"{where}: it changes what the resident sees, so they must be told (notify).")
        return notify

    def _yes_or_no(self, row: Mapping[str, Any], key: str, where: str, *, otherwise: bool) -> bool:
        value = row.get(key, otherwise)
        if not isinstance(value, bool):
            self.problems.append(f"{where}: {key} must be true or false.")
            return otherwise
        return value

    def _codes(
        self, row: Mapping[str, Any], key: str, where: str, known: Collection[str], what: str
    ) -> tuple[str, ...]:
        value = row.get(key)
        if not isinstance(value, list) or not value:
            self.problems.append(f"{where}: {key} must list at least one {what}.")
            return ()
        for code in value:
            if not isinstance(code, str) or code not in known:
                self.problems.append(f"{where}: {key} names “{code}”, which is no {what}.")
        return tuple(code for code in value if isinstance(code, str) and code in known)

    def _rows(self, document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = document.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(row, Mapping) for row in value):
            self.problems.append(f"{key} must be a list with at least one object.")
            return []
        return value

    def _word(self, row: Mapping[str, Any], key: str, where: str) -> str:
        value = row.get(key)
        if isinstance(value, str) and value.isascii() and 0 < len(value) <= 60 and _is_code(value):
            return value
        self.problems.append(f"{where}: {key} must be a short code of small letters, digits, - and _.")
        return ""

    def _text(self, row: Mapping[str, Any], key: str, where: str, *, otherwise: Text = _NO_TEXT) -> Text:
        value = row.get(key)
        if value is None and otherwise is not _NO_TEXT:
            return otherwise
        texts = value if isinstance(value, Mapping) else {}
        for language, called in (("en", "English"), ("cy", "Welsh")):
            words = texts.get(language)
            if not isinstance(words, str) or is_blank(words):
                self.problems.append(f"{where}: {key} has no {called}.")
        return Text(compose(str(texts.get("en", ""))), compose(str(texts.get("cy", ""))))

    def _only(self, row: Mapping[str, Any], where: str, keys: set[str]) -> None:
        for key in sorted(set(map(str, row)) - keys):
            self.problems.append(f"{where} has “{key}”, which means nothing here.")

    def _once_each(self, what: str, codes: list[str]) -> None:
        for code in sorted(code for code, times in Counter(codes).items() if code and times > 1):
            self.problems.append(f"There is more than one {what} called “{code}”.")


def _is_code(value: str) -> bool:
    return value == value.lower() and value.replace("-", "").replace("_", "").isalnum()


def _loose_ends(workflow: Workflow) -> list[str]:
    """Find the states a case could never reach, or never leave though the council has not finished."""
    reached = _reachable(workflow)
    left = {code for action in workflow.actions for code in action.from_states}
    never = [f"No action leads to “{state.state}”." for state in workflow.states if state.state not in reached]
    stuck = [
        f"A case that is “{state.state}” could never be finished: no action leads away."
        for state in workflow.states
        if state.state not in left and not state.public_status.is_final
    ]
    return never + stuck


def _reachable(workflow: Workflow) -> set[str]:
    leads_to: dict[str, list[str]] = {}
    for action in workflow.actions:
        for code in action.from_states:
            leads_to.setdefault(code, []).append(action.next_state)
    reached, waiting = set[str](), [workflow.first_state]
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += leads_to.get(code, ())
    return reached
