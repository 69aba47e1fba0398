"""``./guildhall migrate``: the database brought up to date – tables, councils, and the sandbox where there is one."""

from argparse import Namespace

from django.core.management import call_command

from guildhall.config.installation import Installation
from guildhall.config.marks import read_marks, wanted_marks, write_mark
from guildhall.config.sandbox import compose_sandbox
from guildhall.organisations.operations import load_councils


def run(options: Namespace, installation: Installation) -> int:
    """Do what the database's marks say has not been done, and mark it. Running it again changes nothing."""
    owner = installation.addresses["owner"]
    wanted = wanted_marks(installation.addresses, has_sandbox=installation.has_sandbox)
    found = read_marks(owner)
    for name, do in _STEPS.items():
        if name in wanted and found.get(name) != wanted[name]:
            do()
            write_mark(owner, name, wanted[name])
    return 0


def _migrate() -> None:
    print("  Migrating", flush=True)
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def _load_councils() -> None:
    print("  Loading the councils", flush=True)
    load_councils()


def _compose_sandbox() -> None:
    print("  Composing the sandbox council", flush=True)
    compose_sandbox()


_STEPS = {"tables": _migrate, "councils": _load_councils, "sandbox": _compose_sandbox}
