"""Whatever is asked of the message API, it answers as its own description says: schemathesis tries for ten minutes.

A whole house of its own; requests are made up from ``/guildhall/v1/openapi.json`` and signed with the sandbox's keys.
A 500, or a status that the description does not name, is a failure.

    ./guildhall bench fuzz [--seconds N]
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import schemathesis

from bench.harness import House, running_house

KEYS, TEMPLATES = "FUZZ_KEYS", "FUZZ_TEMPLATES"
NOBODYS = "6ce466d0-fd6a-41e5-82f5-e0accb9d11a6"
CHECKS = "not_a_server_error,status_code_conformance"


def fuzz(base_url: str, *, keys: list[str], templates: Mapping[str, str], seconds: int) -> tuple[int, str]:
    """Try for so many seconds; return schemathesis's exit code, 0 when nothing was found, and what it said.

    :param templates: one for each channel.
    """
    here = Path(__file__).parents[1]
    environment = os.environ | {
        KEYS: json.dumps(keys),
        TEMPLATES: json.dumps(dict(templates)),
        "SCHEMATHESIS_HOOKS": "bench.fuzz",
        "PYTHONPATH": f"{here}:{here / 'src'}",
    }
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{base_url}/guildhall/v1/openapi.json"),
        *(f"--url={base_url}", f"--checks={CHECKS}", f"--max-time={seconds}", "--continue-on-failure"),
        *("--request-timeout=30", "--warnings=off", "--phases=examples,coverage,fuzzing"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


# -- what schemathesis calls, in its own process ----------------------------------------------------------------------

_chance = random.Random(1)
_seen: list[str] = []
_RIGHT = {
    "email": {"email_address": "jo@example.com"},
    "sms": {"phone_number": "07700 900123"},
    "letter": {},
    "batch": {
        "recipients": [{"email_address": "jo@example.com", "personalisation": {"name": "Jo"}}, {"language": "cy"}]
    },
}
_VALUES = {
    **{"name": "Jo", "thing": "sofa", "date": "1 May", "reference": "HDJ2123F"},
    **{"address_line_1": "Jo Bloggs", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"},
}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Sign the request, but for a few, and put some of what was made up right, so that not everything is refused."""
    keys, templates = json.loads(os.environ[KEYS]), json.loads(os.environ[TEMPLATES])
    if _chance.random() < 0.97:
        case.headers["Authorization"] = f"Bearer {_token(_chance.choice(keys))}"
    kind = case.path.rpartition("/")[2]
    if isinstance(case.body, dict) and kind in _RIGHT:
        right = {"template_id": templates.get(kind, templates["email"]), **_RIGHT[kind]}
        right |= {} if kind == "batch" else {"personalisation": _VALUES}
        case.body.update({name: value for name, value in right.items() if _chance.random() < 0.8})
    ids = {"template_id": list(templates.values()), "notification_id": _seen, "service_id": [keys[0][-73:-37]]}
    for name, known in ids.items():
        if name in (case.path_parameters or {}) and _chance.random() < 0.7:
            case.path_parameters[name] = _chance.choice([*known, NOBODYS])


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Remember some of the messages that were accepted."""
    if response.status_code == 201 and len(_seen) < 500:
        told = response.json()
        _seen.extend(each["id"] for each in told.get("results", [told]) if "id" in each)


def _token(key: str) -> str:
    service, secret = key[-73:-37], key[-36:]
    claims = {"iss": service, "iat": int(time.time())}
    signed = b".".join(_base64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
    seal = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + _base64(seal)).decode()


def _base64(words: bytes) -> bytes:
    return base64.urlsafe_b64encode(words).rstrip(b"=")


# -- the bench --------------------------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(prog="./guildhall bench fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=600, help="how long to try")
    options = parser.parse_args()
    with running_house() as house:
        notify = house.sandbox()["notify"]
        _lift_limits(house)
        code, said = fuzz(
            house.base_url,
            keys=list(notify["api_keys"].values()),
            templates={channel: template for channel, template in notify["templates"].items() if template},
            seconds=options.seconds,
        )
        print(said)
        errors = (house.data / "log").read_text().count("notify_v2_failed")
    print(f"{'Nothing was found' if not code else 'SOMETHING WAS FOUND'}; {errors} bugs in the log of the house")
    return 1 if code or errors else 0


def _lift_limits(house: House) -> None:
    """Let the fuzzer ask as fast as it can: a limit that is reached answers the same to everything."""
    with psycopg.connect(house.cluster.logins_for("guildhall").superuser) as superuser:
        superuser.execute(
            "UPDATE notify_notifyservice SET requests_a_minute = 10000000, emails_a_day = 10000000,"
            " texts_a_day = 10000000, texts_abroad_a_day = 10000000"
        )


if __name__ == "__main__":
    sys.exit(main())
