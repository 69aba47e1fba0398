"""How far a council has come on Guildhall, and what moves it on. Only an open council is public (decision 27)."""

from enum import StrEnum

from guildhall.kernel.refusals import Conflict


class Stage(StrEnum):
    """Where a council stands."""

    LISTED = "listed"
    """It is on the list of councils, and nobody has been asked to own it."""

    INVITED = "invited"
    """An operator has invited somebody to be its first owner, who has not accepted."""

    SETTING_UP = "setting_up"
    """It has a team, which prepares it. Residents see nothing."""

    OPEN = "open"
    """One of its owners has opened it to residents."""

    TAKEN_OFF = "taken_off"
    """An operator has taken it off again."""


class NotBeingSetUp(Conflict):
    """Only a council that is being set up can be opened."""


class NothingToTakeOff(Conflict):
    """Nobody has accepted an invitation to the council: there is nothing to take off, only invitations to withdraw."""


class NotTakenOff(Conflict):
    """Only a council that was taken off can be put back."""


class CouncilIsOpen(Conflict):
    """Residents use the council: it must be taken off before its team is sent away."""


def after_inviting(stage: Stage) -> Stage:
    """Return where an operator's invitation leaves a council: nothing becomes public by it."""
    return Stage.INVITED if stage is Stage.LISTED else stage


def after_withdrawing(stage: Stage, *, still_invited: bool) -> Stage:
    """Return where a withdrawn invitation leaves a council, which may have invited others too."""
    return Stage.LISTED if stage is Stage.INVITED and not still_invited else stage


def after_accepting(stage: Stage) -> Stage:
    """Return where an accepted invitation leaves a council."""
    return Stage.SETTING_UP if stage is Stage.INVITED else stage


def after_opening(stage: Stage) -> Stage:
    """Return where its owner's opening leaves a council. Opening an open one changes nothing.

    :raises NotBeingSetUp: it cannot be opened from where it stands.
    """
    if stage not in (Stage.SETTING_UP, Stage.OPEN):
        raise NotBeingSetUp(f"a council that is {stage} cannot be opened")
    return Stage.OPEN


def after_taking_off(stage: Stage) -> Stage:
    """Return where an operator's taking off leaves a council. Taking it off twice changes nothing.

    :raises NothingToTakeOff: nobody has accepted an invitation yet.
    """
    if stage in (Stage.LISTED, Stage.INVITED):
        raise NothingToTakeOff(f"a council that is {stage} cannot be taken off")
    return Stage.TAKEN_OFF


def after_putting_back(stage: Stage, *, was_open: bool, keeps_owner: bool) -> Stage:
    """Return where a council that is put back stands: where it was, unless every owner of that time is gone.

    :raises NotTakenOff: it was not taken off.
    """
    if stage is not Stage.TAKEN_OFF:
        raise NotTakenOff(f"a council that is {stage} cannot be put back")
    return Stage.OPEN if was_open and keeps_owner else Stage.SETTING_UP


def after_sending_away(stage: Stage) -> Stage:
    """Return where a council stands whose whole team was sent away.

    :raises CouncilIsOpen: residents use it: it must be taken off first.
    """
    if stage is Stage.OPEN:
        raise CouncilIsOpen("take the council off before its team is sent away")
    return stage if stage is Stage.TAKEN_OFF else Stage.LISTED
