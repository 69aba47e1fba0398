"""``./guildhall migrate``: the database brought up to date: tables, councils, letters, the sandbox if there is one."""

from argparse import Namespace
from collections.abc import Callable
from datetime import datetime

from django.core.management import call_command

from guildhall.config.installation import Installation
from guildhall.config.marks import read_marks, wanted_marks, write_mark
from guildhall.config.sandbox import compose_sandbox
from guildhall.identity import operations as identity
from guildhall.kernel import clock
from guildhall.notify import operations as notify
from guildhall.organisations import operations as organisations

Step = tuple[str, str, Callable[[datetime], object]]

STEPS: tuple[Step, ...] = (
    ("tables", "Migrating", lambda now: call_command("migrate", verbosity=0, interactive=False, skip_checks=True)),
    ("councils", "Loading the councils", lambda now: organisations.load_councils()),
    ("months", "Making room for this month's messages", lambda now: notify.make_months()),
    ("letters", "Writing the installation's letters", lambda now: identity.ensure_letters(now=now)),
    ("sandbox", "Composing the sandbox council", lambda now: compose_sandbox(now=now)),
)


def run(options: Namespace, installation: Installation) -> int:
    """Do what the database's marks say has not been done, and mark it. Running it again changes nothing."""
    owner = installation.addresses["owner"]
    wanted = wanted_marks(installation.addresses, has_sandbox=installation.has_sandbox)
    found = read_marks(owner)
    for name, words, do in STEPS:
        if name in wanted and found.get(name) != wanted[name]:
            print(f"  {words}", flush=True)
            do(clock.now())
            write_mark(owner, name, wanted[name])
    return 0
