"""Ten thousand recipients in one request: how long until all of them are durably accepted, at what cost of CPU.

A real web process on a durable database of its own, with every limit on; each row has its own name, reference and
language. Beside it PostgreSQL's own rate in the same minute: single rows of the same table, by one client.

    ./guildhall bench notify_batch [--recipients N] [--times N]
"""

import argparse
import http.client
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.accept import _cpu_of, _installation, _make_senders, _pgbench, _postmaster, _sign, _web
from guildhall.config.installation import Installation

TARGET_SECONDS = 1.0
SECONDS_OF_PGBENCH = 4


@dataclass(frozen=True)
class Measured:
    """One batch: seconds until it was answered, and the milliseconds of CPU it took."""

    seconds: float
    cpu_web: float
    cpu_database: float


def main() -> int:
    options = _options()
    with _installation() as (installation, data):
        senders = _make_senders()
        measured = _measure(installation, data, senders, options)
        alone = _pgbench(installation, data, 1, SECONDS_OF_PGBENCH)
        are_all_there = _count(installation) == options.recipients * len(measured)
    return _report(measured, options.recipients, alone, are_all_there=are_all_there)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./guildhall bench notify_batch", description=__doc__.partition("\n")[0])
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=6, help="how many batches, each of another service")
    return parser.parse_args()


def _measure(
    installation: Installation, data: Path, senders: list[dict[str, str]], options: argparse.Namespace
) -> list[Measured]:
    database, measured = _postmaster(installation), []
    with _web(data, os.cpu_count() or 1) as (web, port):
        for sender in senders[: options.times]:
            body = _batch(sender, options.recipients)
            before = _cpu_of(web), _cpu_of(database)
            seconds = _send(port, sender, body, options.recipients)
            after = _cpu_of(web), _cpu_of(database)
            measured.append(
                Measured(seconds, *(1000 * (end - start) for start, end in zip(before, after, strict=True)))
            )
    return measured


def _batch(sender: dict[str, str], recipients: int) -> bytes:
    rows = [
        {
            "email_address": f"resident.{number}@example.com",
            "personalisation": {"name": f"Resident {number}", "thing": "collection of a sofa and two chairs"},
            "reference": f"HDJ{number}",
            "language": "cy" if number % 5 == 0 else "en",
        }
        for number in range(recipients)
    ]
    return json.dumps({"template_id": sender["template"], "recipients": rows}).encode()


def _send(port: int, sender: dict[str, str], body: bytes, recipients: int) -> float:
    token = _sign({"iss": sender["service"], "iat": int(time.time())}, sender["secret"])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    connection.request("POST", "/guildhall/v1/notifications/batch", body, {"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    answer = response.read()
    took = time.perf_counter() - begun
    if response.status != 201 or json.loads(answer)["accepted"] != recipients:
        raise SystemExit(f"the batch was not accepted: {response.status} {answer[:500]!r}")
    return took


def _count(installation: Installation) -> int:
    assert installation.cluster is not None, "the bench has an embedded database"
    with psycopg.connect(installation.cluster.logins_for("guildhall").superuser) as superuser:
        found = superuser.execute("SELECT count(*) FROM notify_message WHERE key_kind = 'live'").fetchone()
    return int(found[0]) if found else 0


def _report(measured: list[Measured], recipients: int, alone: float, *, are_all_there: bool) -> int:
    print(f"\nBatches of {recipients}, each in one request, {os.cpu_count()} processors shared by all:\n")
    print(f"{'seconds':>10} {'rows/s':>10} {'CPU web':>10} {'CPU db':>10}   (CPU in milliseconds for each batch)")
    for each in measured:
        rate = recipients / each.seconds
        print(f"{each.seconds:>10.2f} {rate:>10.0f} {each.cpu_web:>10.0f} {each.cpu_database:>10.0f}")
    median = sorted(each.seconds for each in measured)[len(measured) // 2]
    is_met = median < TARGET_SECONDS and are_all_there
    print(f"\npgbench, one client, single rows of the same table: {alone:.0f} rows/s")
    print(
        f"Target: under {TARGET_SECONDS:.0f} s: {'met' if is_met else 'MISSED'} (median {median:.2f} s); "
        f"every row is there: {'yes' if are_all_there else 'NO'}"
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
