"""What is taken away in one process stops in every other within a minute: keys, services, people, templates.

Another process is played by the database alone: nothing tells this one. The clock is moved; nobody waits.
"""

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from guildhall.notify.queries.remembered import forget_services, forget_templates
from guildhall.notify.testing import Sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

A_MINUTE = 60.0
COLLEAGUE = "colleague@testford.example"
GUEST = "guest@testford.example"

Elsewhere = Callable[[str], None]


@pytest.fixture
def elsewhere(database: dict[str, str], council: Council) -> Elsewhere:
    """Change a row of the council as another process does."""

    def change(statement: str) -> None:
        with psycopg.connect(database["superuser"]) as connection:
            connection.execute(f"{statement} organisation_id = '{council.id}'".encode())

    return change


@pytest.fixture
def a_minute_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    now = time.monotonic
    return lambda: monkeypatch.setattr(time, "monotonic", lambda: now() + A_MINUTE)


REVOKED = "UPDATE organisations_apikey SET revoked_at = now() WHERE kind = 'live' AND"
ARCHIVED = "UPDATE notify_notifyservice SET is_active = false WHERE"
TEMPLATE_GONE = "UPDATE notify_template SET is_archived = true WHERE"
NO_GUEST = "UPDATE notify_notifyservice SET guest_emails = '{}' WHERE"
NO_COLLEAGUE = "DELETE FROM organisations_membership WHERE"
TAKEN_OFF = (
    "UPDATE organisations_organisation AS council SET stage = 'taken_off', taken_off_at = now() "
    "FROM notify_notifyservice AS service WHERE council.id = service.organisation_id AND service."
)
NO_EMAILS = "UPDATE notify_notifyservice SET may_send_emails = false WHERE"


@pytest.mark.parametrize(
    ("taken_away", "kind", "to", "refusal"),
    [
        (REVOKED, KeyKind.LIVE, "jo@example.com", "Invalid token: API key revoked"),
        (ARCHIVED, KeyKind.LIVE, "jo@example.com", "Invalid token: service is archived"),
        (TAKEN_OFF, KeyKind.LIVE, "jo@example.com", "Invalid token: service is archived"),
        (TAKEN_OFF, KeyKind.TEAM, COLLEAGUE, "Invalid token: service is archived"),
        (TAKEN_OFF, KeyKind.TEST, "jo@example.com", "Invalid token: service is archived"),
        (TEMPLATE_GONE, KeyKind.LIVE, "jo@example.com", "deleted"),
        (NO_EMAILS, KeyKind.LIVE, "jo@example.com", "Service is not allowed to send emails"),
        (NO_GUEST, KeyKind.TEAM, GUEST, "team-only API key"),
        (NO_COLLEAGUE, KeyKind.TEAM, COLLEAGUE, "team-only API key"),
    ],
)
def test_what_was_taken_away_elsewhere_stops_within_a_minute(
    api: Any,
    sender: Sender,
    council: Council,
    elsewhere: Elsewhere,
    a_minute_later: Callable[[], None],
    taken_away: str,
    kind: KeyKind,
    to: str,
    refusal: str,
) -> None:
    make_officer(council)
    elsewhere(f"UPDATE organisations_membership SET email = '{COLLEAGUE}' WHERE")
    elsewhere(f"UPDATE notify_notifyservice SET guest_emails = '{{{GUEST}}}' WHERE")
    forget_services()
    forget_templates()
    assert api.send_email(kind, email_address=to).status_code == 201
    elsewhere(taken_away)
    a_minute_later()
    answer = api.send_email(kind, email_address=to)
    assert answer.status_code in (400, 403)
    assert refusal in answer.json()["errors"][0]["message"]
