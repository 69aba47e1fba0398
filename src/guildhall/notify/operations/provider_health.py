"""How provider accounts are doing, kept where every worker sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.failover import A_PROBE_TAKES, Health, after_hand_over
from guildhall.notify.domain.ids import ProviderAccountId
from guildhall.notify.queries.provider_accounts import health_of


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of handing messages over to an account: how many it took, how many it did not, and why not.

    ``answered`` counts also those whose sender it refused: then it is there, and it is not its fault.
    """

    account_id: ProviderAccountId
    taken: int
    not_taken: int
    problem: str
    is_probe: bool
    at: datetime
    answered: int


@transaction
def note_tally(tally: Tally) -> None:
    """Keep at once how a hand-over went."""
    _note(tally)


@part_of_a_transaction
def note_tallies(tallies: Iterable[Tally]) -> None:
    """Keep how hand-overs went, with what is recorded of their messages."""
    for tally in sorted(tallies, key=lambda each: each.account_id):  # all lock in the same order
        _note(tally)


@transaction
def take_probe(account_id: ProviderAccountId, *, now: datetime) -> bool:
    """Take it on to ask an account again whose pause is over. False: somebody else is asking it already."""
    return bool(
        models.ProviderAccount.objects.filter(id=account_id, set_aside_until__lte=now).update(
            set_aside_until=now + A_PROBE_TAKES
        )
    )


def _note(tally: Tally) -> None:
    row = models.ProviderAccount.objects.select_for_update(of=("self",)).filter(id=tally.account_id).first()
    if row is None:
        return
    health = after_hand_over(
        health_of(row), taken=tally.answered, not_taken=tally.not_taken, is_probe=tally.is_probe, now=tally.at
    )
    changed: dict[str, object] = health_columns(health) | {
        "taken": F("taken") + tally.taken,
        "not_taken": F("not_taken") + tally.not_taken,
    }
    if tally.taken:
        changed["last_taken_at"] = tally.at
    if tally.problem:
        changed |= {"last_problem": tally.problem[:500], "last_problem_at": tally.at}
    models.ProviderAccount.objects.filter(id=tally.account_id).update(**changed)


def health_columns(health: Health) -> dict[str, object]:
    """Return the columns of an account that say how it is doing."""
    return {
        "faults": health.faults,
        "counted_from": health.counted_from,
        "failed_in_a_row": health.failed_in_a_row,
        "pauses": health.pauses,
        "set_aside_until": health.set_aside_until,
    }
