"""``./guildhall migrate``: the database brought up to date: tables, councils, letters, the sandbox if there is one."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command

from guildhall.config.installation import Installation
from guildhall.config.logins import logged_in_as
from guildhall.config.marks import KEY, Marks, read_marks, write_mark
from guildhall.config.sandbox import close_sandbox, compose_sandbox
from guildhall.config.sandbox_choice import MARK as SANDBOX
from guildhall.config.sandbox_choice import NONE
from guildhall.config.up_to_date import refuse_other_key, wanted_marks
from guildhall.identity import operations as identity
from guildhall.kernel import clock
from guildhall.notify import operations as notify
from guildhall.organisations import operations as organisations


@dataclass(frozen=True)
class Step:
    """One thing to bring up to date, and the login that may and should do it."""

    mark: str
    words: str
    login: str
    do: Callable[[datetime], object]


STEPS = (
    Step("tables", "Migrating", "owner", lambda now: call_command("migrate", verbosity=0, skip_checks=True)),
    Step("councils", "Loading the councils", "owner", lambda now: organisations.load_councils()),
    Step("months", "Making room for the coming months", "owner", lambda now: notify.make_months()),
    Step("letters", "Writing the installation's letters", "web", lambda now: identity.ensure_letters(now=now)),
)
COMPOSING = Step(SANDBOX, "Composing the sandbox council", "web", lambda now: compose_sandbox(now=now))
CLOSING = Step(SANDBOX, "Closing the sandbox council", "web", lambda now: close_sandbox(now=now))
NEVER_HAD_ONE = Step(SANDBOX, "", "web", lambda now: None)


def run(options: Namespace, installation: Installation) -> int:
    """Do what the database's marks say has not been done, and mark it. Running it again changes nothing."""
    owner = installation.addresses["owner"]
    wanted, found = wanted_marks(installation), read_marks(owner)
    refuse_other_key(found, installation)
    for step in (*STEPS, _sandbox_step(found, installation)):
        if found.get(step.mark) != wanted[step.mark]:
            if step.words:
                print(f"  {step.words}", flush=True)
            with logged_in_as(step.login):
                step.do(clock.now())
            write_mark(owner, step.mark, wanted[step.mark])
    if KEY not in found:
        write_mark(owner, KEY, wanted[KEY])
    return 0


def _sandbox_step(found: Marks, installation: Installation) -> Step:
    if installation.sandbox.exists:
        return COMPOSING
    return NEVER_HAD_ONE if found.get(SANDBOX, NONE) == NONE else CLOSING
