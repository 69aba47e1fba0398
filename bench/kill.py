"""Killing web, worker and database in turn under load: nothing accepted is lost, nothing sent twice, meters are true.

An installation of its own, started as an operator starts it, under a load of submissions with payments, payments by
API and emails by API. Every few seconds one of its processes is killed (SIGKILL). When all is quiet again, what was
promised to somebody is compared with what there is.

    ./guildhall bench kill [--times 30] [--every SECONDS]
"""

import argparse
import contextlib
import itertools
import os
import re
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.harness import House, NoAnswer, Page, Visitor, running_house
from bench.load import Program
from guildhall.pay.domain.ids import find_payment_id
from guildhall.pay.domain.states import State, Status, standing

VICTIMS = ("web", "worker", "database")
SECONDS_TO_RECOVER = 60
SECONDS_TO_SETTLE = 180
SENDERS, PAYERS, RESIDENTS = 4, 3, 3
EMAILS_A_SECOND_EACH = 8  # within the sandbox service's 3,000 requests a minute

ANSWERS = {
    "is-from-a-home": "yes",
    "kinds-of-items": "furniture",
    "number-of-items": "2",
    "description": "A sofa and a table",
    "gets-a-benefit": "no",
    "address-address1": "1 High Street",
    "address-town_or_city": "Testford",
    "address-postcode": "SW1A 2AA",
    "preferred-day-day": "1",
    "preferred-day-month": "2",
    "preferred-day-year": "2090",
    "name": "Ffion Jones",
    "phone": "",
}
CARD = {
    "card-no": "4242424242424242",
    "expiry-month": "11",
    "expiry-year": "40",
    "cardholder-name": "F Jones",
    "cvc": "123",
    "address-line-1": "1 High Street",
    "address-city": "Testford",
    "address-postcode": "SW1A 2AA",
    "address-country": "GB",
    "email": "ffion@example.com",
}


@dataclass
class Promises:
    """What the product told somebody, and so must keep."""

    emails: set[str] = field(default_factory=set)
    payments: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    troubles: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """A running house of our own, and the sandbox's keys to it."""

    house: House
    sandbox: dict[str, Any]

    @property
    def base_url(self) -> str:
        return self.house.base_url

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Look at the rows as the superuser, to whom no wall applies."""
        with psycopg.connect(self.house.cluster.logins_for("guildhall").superuser) as connection:
            return connection.execute(statement.encode()).fetchall()


def main() -> int:
    options = _options()
    _say("starting Guildhall")
    with running_house() as house:
        site, promises = Site(house, house.sandbox()), Promises()
        with _load(site, promises):
            outages = [_kill(house, victim, options.every) for victim in _in_turn(options.times)]
        seconds = _settle(site)
        wrongs = _compare(site, promises)
        _report(promises, outages, seconds, wrongs)
        if wrongs:
            _keep_log(house)
    return 1 if wrongs else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./guildhall bench kill", description=__doc__)
    parser.add_argument("--times", type=int, default=30, help="how many kills, in turn: web, worker, database")
    parser.add_argument("--every", type=float, default=12.0, help="seconds of load before each kill, on average")
    return parser.parse_args()


def _in_turn(times: int) -> Iterator[str]:
    return itertools.islice(itertools.cycle(VICTIMS), times)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


# -- the kills ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outage:
    """How long after the kill of which process everything was in order again."""

    victim: str
    seconds: float


def _kill(house: House, victim: str, every: float) -> Outage:
    """Let the load run for a while, at random so that the kill finds something different under way, and kill."""
    time.sleep(every * (0.5 + secrets.randbelow(1000) / 1000))
    killed = _with_children(house.processes(victim))
    for process in killed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    began = time.monotonic()
    while not (_lives_again(house, victim, killed) and house.is_ready()):
        if time.monotonic() - began > SECONDS_TO_RECOVER:
            raise SystemExit(f"The {victim} did not come back:\n{(house.data / 'log').read_text()[-4000:]}")
        time.sleep(0.05)
    seconds = time.monotonic() - began
    _say(f"killed the {victim}: all in order again after {seconds:.1f} s")
    return Outage(victim, seconds)


def _lives_again(house: House, victim: str, killed: list[int]) -> bool:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return any(process not in killed and _parent_of(process) for process in house.processes(victim))
    return False


def _with_children(processes: list[int]) -> list[int]:
    """The database's sessions are children of its first process, and not of its group."""
    everybody = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [*processes, *(process for process in everybody if _parent_of(process) in processes)]


def _parent_of(process: int) -> int | None:
    """Return the parent of a living process, or None of one that is no more."""
    with contextlib.suppress(OSError):
        fields = Path("/proc", str(process), "stat").read_text().rpartition(")")[2].split()
        return int(fields[1]) if fields[0] not in "ZX" else None
    return None


# -- the load ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _load(site: Site, promises: Promises) -> Iterator[None]:
    """Keep senders, payers and residents busy until told to stop; trouble is counted and everybody goes on."""
    stopping = threading.Event()

    def again_and_again(work: Callable[[Site, Promises], None]) -> None:
        while not stopping.is_set():
            try:
                work(site, promises)
            except NoAnswer as trouble:
                promises.troubles[f"{work.__name__.strip('_')}: {_kind_of(trouble)}"] += 1
                stopping.wait(0.3)
            except Exception as surprise:
                promises.surprises.append(f"{work.__name__.strip('_')} stopped: {surprise!r}")
                return

    crowd = [_send] * SENDERS + [_pay] * PAYERS + [_apply] * RESIDENTS
    threads = [threading.Thread(target=again_and_again, args=(work,), daemon=True) for work in crowd]
    for thread in threads:
        thread.start()
    _say(f"{SENDERS} programs send emails, {PAYERS} take payments, {RESIDENTS} residents apply and pay")
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(60)


def _kind_of(trouble: NoAnswer) -> str:
    """Return what went wrong without the particulars: an error's name, or a status."""
    return re.split("[ (]", str(trouble))[0]


def _send(site: Site, promises: Promises) -> None:
    """Send one email by API; 201 is the promise."""
    time.sleep(1 / EMAILS_A_SECOND_EACH)
    notify = site.sandbox["notify"]
    program = Program(site.base_url, notify["api_keys"]["live"])
    reference = secrets.token_hex(8)
    answer = program.send_email(
        template=notify["templates"]["email"],
        to=f"{reference}@example.com",
        reference=reference,
        values=_values(site, program),
    )
    if answer.status == 201:
        promises.emails.add(answer.told["id"])
    else:
        promises.troubles[f"email answered {answer.status}"] += 1


def _values(site: Site, program: Program) -> dict[str, str]:
    """Return something for each placeholder of the template; asked for once."""
    if not _PLACEHOLDERS:
        template = program.get_template(site.sandbox["notify"]["templates"]["email"])
        _PLACEHOLDERS.extend(template.told["personalisation"] or ["none"])
    return dict.fromkeys(_PLACEHOLDERS, "bench")


_PLACEHOLDERS: list[str] = []


def _pay(site: Site, promises: Promises) -> None:
    """Create a payment by API and pay it on its pages; 201 is one promise, "success" another."""
    program = Program(site.base_url, site.sandbox["pay"]["api_key"])
    answer = program.create_payment(amount=1200, reference=secrets.token_hex(8), return_url=f"{site.base_url}/healthz")
    if answer.status != 201:
        promises.troubles[f"payment answered {answer.status} {answer.told.get('code', '')}"] += 1
        return
    created = answer.told
    promises.payments.add(created["payment_id"])
    visitor = Visitor()
    page = visitor.get(created["_links"]["next_url"]["href"])
    for _ in range(2):
        page = visitor.send(page, CARD)
    if program.get_payment(created["payment_id"]).told["state"]["status"] == "success":
        promises.paid.add(created["payment_id"])


def _apply(site: Site, promises: Promises) -> None:
    """Fill in the bulky waste form, pay, and note the reference that the last page shows: the promise.

    A page that leads nowhere (the payment was confirmed, and the answer lost) is left for the form's last page.
    """
    visitor = Visitor()
    start = f"{site.base_url}/{site.sandbox['organisation']['slug']}/bulky-waste"
    page = visitor.get(start)
    for _ in range(40):
        if page.path.endswith("/submitted"):
            promises.references.add(page.find(r"govuk-panel__body.*?<strong>\s*(\w{8})") or "no reference shown")
            return
        page = _step(visitor, page) if page.form else _look_again(visitor, f"{start}/submitted")
    raise NoAnswer(f"no-end {page.path}")


def _look_again(visitor: Visitor, address: str) -> Page:
    """Wait a moment, as for a payment that is being taken, and look whether it is done."""
    time.sleep(1)
    return visitor.get(address)


def _step(visitor: Visitor, page: Page) -> Page:
    """Send the page; where nobody answers, open it again a moment later, as a patient resident would."""
    for _ in range(20):
        with contextlib.suppress(NoAnswer):
            return visitor.send(page, ANSWERS | CARD)
        time.sleep(1)
        with contextlib.suppress(NoAnswer):
            again = visitor.get(page.url)
            if again.url != page.url or again.form is None:
                return again
    raise NoAnswer(page.url)


# -- the truth ---------------------------------------------------------------------------------------------------------

UNFINISHED = """
SELECT (SELECT count(*) FROM notify_message WHERE status IN ('created', 'sending', 'pending'))
     + (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name <> 'periodic')
     + (SELECT count(*) FROM pay_provideract WHERE answered_at IS NULL)
     + (SELECT count(*) FROM pay_payment WHERE state LIKE 'CAPTURE\\_%')
"""

LEFT = """
SELECT 'reaction', id::text, status::text, attempts, scheduled_at::text, worker_id::text, args->>'reaction'
FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name <> 'periodic'
UNION ALL SELECT 'message', id::text, status, tries, next_try_at::text, provider, problem
FROM notify_message WHERE status IN ('created', 'sending', 'pending')
UNION ALL SELECT 'act', payment_id::text, kind, 0, asked_at::text, '', '' FROM pay_provideract WHERE answered_at IS NULL
LIMIT 10
"""


def _settle(site: Site) -> float:
    """Wait until every message is delivered, every reaction has run and every payment is taken; return the seconds."""
    began = time.monotonic()
    while (left := site.ask(UNFINISHED)[0][0]) and time.monotonic() - began < SECONDS_TO_SETTLE:
        time.sleep(0.5)
    if left:
        _say(f"{left} still under way after {SECONDS_TO_SETTLE} s: {site.ask(LEFT)}")
    return time.monotonic() - began


def _compare(site: Site, promises: Promises) -> list[str]:
    """Return everything that is not as it was promised, or that does not add up."""
    return [
        *promises.surprises,
        *_lost(site, promises),
        *_sent_other_than_once(site),
        *_cases_amiss(site),
        *_meters_untrue(site),
    ]


def _lost(site: Site, promises: Promises) -> Iterator[str]:
    inbox = {str(row[0]) for row in site.ask("SELECT message_id FROM notify_inboxentry")}
    yield from (f"email {each} was accepted and is not in the inbox" for each in promises.emails - inbox)
    states = {row[0]: State(row[1]) for row in site.ask("SELECT id, state FROM pay_payment")}
    for each in promises.payments:
        if find_payment_id(each) not in states:
            yield f"payment {each} was accepted and is not there"
    for each in promises.paid:
        if standing(states[find_payment_id(each)]).status is not Status.SUCCESS:
            yield f"payment {each} was paid and does not read success"
    references = {row[0] for row in site.ask("SELECT reference FROM services_cases_case")}
    yield from (f"reference {each} was given and has no case" for each in promises.references - references)


def _sent_other_than_once(site: Site) -> Iterator[str]:
    for message, entries in site.ask(
        "SELECT m.id, count(i.message_id) FROM notify_message m LEFT JOIN notify_inboxentry i ON i.message_id = m.id "
        "GROUP BY m.id HAVING count(i.message_id) <> 1"
    ):
        yield f"message {message} is in the inbox {entries} times"
    for (entry,) in site.ask("SELECT message_id FROM notify_inboxentry EXCEPT SELECT id FROM notify_message"):
        yield f"the inbox holds {entry}, which nobody sent"


def _cases_amiss(site: Site) -> Iterator[str]:
    """A submission that is paid has one case, one timeline and one receipt; one that is not has none."""
    paid = [state.value for state in State if standing(state).status is Status.SUCCESS]
    states = ", ".join(f"'{state}'" for state in paid)
    for reference, is_paid, cases, timelines, receipts in site.ask(
        f"""
        SELECT s.reference,
               EXISTS (SELECT FROM services_forms_paymentattempt a JOIN pay_payment p ON p.id = a.payment_id
                       WHERE a.submission_id = s.id AND p.state IN ({states})),
               (SELECT count(*) FROM services_cases_case c WHERE c.submission_id = s.id),
               (SELECT count(*) FROM services_tracking_tracker t WHERE t.reference = s.reference),
               (SELECT count(*) FROM notify_message m WHERE m.reference = s.reference)
        FROM services_forms_submission s WHERE s.amount_due > 0
        """
    ):
        if (cases, timelines, receipts) != ((1, 1, 1) if is_paid else (0, 0, 0)):
            yield (
                f"submission {reference}, {'paid' if is_paid else 'not paid'}, has {cases} cases, "
                f"{timelines} timelines and {receipts} receipts"
            )


def _meters_untrue(site: Site) -> Iterator[str]:
    metered = dict(site.ask("SELECT meter, sum(quantity) FROM metering_usageevent GROUP BY meter"))
    states = [State(row[0]) for row in site.ask("SELECT state FROM pay_payment")]
    truth = {
        "emails": site.ask("SELECT count(*) FROM notify_message WHERE channel = 'email' AND key_kind <> 'test'")[0][0],
        "payments": sum(standing(state).status is Status.SUCCESS for state in states),
    }
    for meter, count in truth.items():
        if metered.get(meter, 0) != count:
            yield f"the meter of {meter} says {metered.get(meter, 0)}, and there are {count}"


def _report(promises: Promises, outages: list[Outage], seconds: float, wrongs: list[str]) -> None:
    print()
    for victim in VICTIMS:
        took = sorted(outage.seconds for outage in outages if outage.victim == victim)
        if took:
            print(f"  {victim:10} killed {len(took):2} times, in order again after {took[0]:.1f} to {took[-1]:.1f} s")
    print(f"  accepted   {len(promises.emails)} emails, {len(promises.payments)} payments by API, of which")
    print(f"             {len(promises.paid)} were paid, and {len(promises.references)} submissions, paid")
    print(f"  unanswered {', '.join(f'{what} {count}' for what, count in promises.troubles.most_common())}")
    print(f"  all delivered {seconds:.1f} s after the last request")
    for wrong in wrongs[:50]:
        print(f"  WRONG      {wrong}")
    print(f"  {len(wrongs)} wrong" if wrongs else "  nothing lost, nothing sent twice, meters equal the truth")


def _keep_log(house: House) -> None:
    kept = Path(tempfile.gettempdir(), f"guildhall-kill-{os.getpid()}.log")
    shutil.copy(house.data / "log", kept)
    _say(f"what the house said is kept in {kept}")


if __name__ == "__main__":
    sys.exit(main())
