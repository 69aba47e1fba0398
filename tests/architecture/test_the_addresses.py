"""Every address says who may call it, with which methods, and what keeps forged forms out; a committed table has all.

A reviewer sees in the table's difference that a door was opened. ``tests/operations/organisations/test_gate.py`` tries
each line with a real client.
"""

import inspect
import os
import re
from pathlib import Path

from django.urls import resolve
from tests.addresses import declared, filled, patterns, read_table, write_table

import guildhall
from guildhall.config.fast_path import FAST_PATH
from guildhall.kernel.audiences import find_audience, methods_of

SOURCE = Path(guildhall.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
# Their view takes the same request from mail programs, which have no form of ours.
SENT_BARE = {"notify/templates/notify/unsubscribe.html", "notify/templates/notify/unsubscribed.html"}


def test_every_view_declares_its_audience():
    silent = [route for route, _, entry in patterns() if find_audience(entry.callback) is None]
    assert silent == []


def test_the_addresses_are_those_of_the_committed_table():
    if os.environ.get("UPDATE") == "1":
        write_table(declared())
    told, committed = set(declared()), set(read_table())
    assert (told - committed, committed - told) == (set(), set()), (
        "an address changed: UPDATE=1 pytest tests/architecture/test_the_addresses.py, and read the difference"
    )


def test_no_address_hides_behind_another():
    """The first pattern that matches has the request: a later one like it would never be asked."""
    hidden = {
        route: resolve(filled(f"/{route}", "testford")).route
        for route, _, entry in patterns()
        if resolve(filled(f"/{route}", "testford")).func is not entry.callback
    }
    assert hidden == {}


def test_what_the_fast_path_does_not_answer_django_does():
    through_django = {path: find_audience(resolve(path).func).kind for path in FAST_PATH}
    assert through_django == dict.fromkeys(FAST_PATH, "keyholders")


def test_addresses_for_officers_name_their_council():
    assert [each for each in declared() if each.audience == "officers" and "<slug:council>" not in each.address] == []


def test_staff_and_operator_addresses_are_not_open_to_the_public():
    indoors = [each for each in declared() if each.address.startswith(("staff/", "operator"))]
    assert [each for each in indoors if each.audience not in {"officers", "operators", "signed_in"}] == []


def test_whoever_is_exempt_from_csrf_says_why():
    assert [each for each in declared() if each.csrf.isupper()] == []


def test_nobody_is_exempt_from_csrf_but_by_our_own_decorator():
    """Django's own says no reason, and its ``require_…`` decorators cannot be read by the gate and the table."""
    forbidden = re.compile(r"csrf_exempt\b(?!_because)|decorators\.(csrf|http)")
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if forbidden.search(path.read_text(encoding="utf-8"))
    }
    assert users == {"kernel/audiences.py"}


def test_a_view_that_reads_a_form_says_that_it_answers_post():
    """The gate refuses a POST to all others, so the branch would never run."""
    surprised = [
        route
        for route, _, entry in patterns()
        if re.search(r"request\.(POST|FILES)\b", inspect.getsource(inspect.unwrap(entry.callback)))
        and "POST" not in methods_of(entry.callback)
    ]
    assert surprised == []


def test_every_form_that_is_sent_carries_the_token():
    forms = [
        (path.relative_to(SOURCE).as_posix(), form)
        for path in TEMPLATES
        for form in re.findall(r"<form\b.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert len(forms) > 50
    bare = {place for place, form in forms if 'method="post"' in form.split(">")[0] and "csrf_input" not in form}
    assert bare == SENT_BARE
