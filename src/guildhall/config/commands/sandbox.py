"""``./guildhall sandbox [--json]``: working credentials of the sandbox council."""

import json
from argparse import Namespace

from guildhall.config.installation import Installation
from guildhall.config.problems import Problem
from guildhall.config.sandbox import compose_sandbox, describe
from guildhall.identity.domain.authenticator_app import code_of, step_at
from guildhall.kernel import clock


def run(options: Namespace, installation: Installation) -> int:
    """Print the credentials, as lines for people or as one JSON object; the same each time, but for people's codes.

    :raises Problem: this installation has no sandbox.
    """
    if not installation.sandbox.exists:
        raise Problem("This installation has no sandbox: set GUILDHALL_SANDBOX=1 to have one, never where people live.")
    described = describe(compose_sandbox(now=clock.now()))
    print(json.dumps(described, indent=2) if options.json else "\n".join(_lines("", described)))
    return 0


def _lines(name: str, value: object) -> list[str]:
    if isinstance(value, dict):
        return [line for key, inner in value.items() for line in _lines(f"{name}.{key}" if name else key, inner)]
    return [f"{name:36} {value}", *_code_now(name, str(value))]


def _code_now(name: str, secret: str) -> list[str]:
    """Return a line with the code that signs somebody in just now: who looks round needs no app."""
    person, _, what = name.rpartition(".")
    if what != "totp_secret":
        return []
    return [f"{person + '.security_code_now':36} {code_of(secret, step_at(clock.now()))} (works once, for two minutes)"]
