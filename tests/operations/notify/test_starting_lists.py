"""Letting a list go and taking it back: nothing is chosen beforehand, and each button says what it does."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from tests.operations.notify.list_pages import RIGHT, body, make_list_officer, send_now, upload

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.operations.lists import send_next
from guildhall.notify.pages.lists.when import day_before_midnight, moment_of, read_when, when_form
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council

AsDispatcher = Callable[[Callable[[], int]], int]


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


@pytest.fixture
def officer(council: Council) -> Client:
    return make_list_officer(council)


def in_two_days() -> str:
    return (clock.london_day(clock.now()) + timedelta(days=2)).isoformat()


def later(time: str, day: str = "", **more: str) -> dict[str, str]:
    return {"when": "later", "day": day or in_two_days(), "time": time, **more}


def test_nothing_is_chosen_beforehand(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, RIGHT)
    page = body(officer.get(f"{here}/start"))
    assert " checked" not in page
    assert '<option value="" selected>Choose a day</option>' in page
    assert "Select when it should be sent" in body(officer.post(f"{here}/start", {}))
    assert "Select when it should be sent" in body(officer.post(f"{here}/start", later("9am") | {"when": ""}))


@pytest.mark.parametrize("filled", [{"time": "9am"}, {"day": "2026-12-03"}, {"time": "9am", "day": "2026-12-03"}])
def test_now_with_a_day_or_a_time_is_asked_about_and_never_sent(
    officer: Client, sender: Sender, filled: dict[str, str]
) -> None:
    here = upload(officer, sender, RIGHT)
    page = body(officer.post(f"{here}/start", {"when": "now", "send": "yes", **filled}))
    assert "You chose Now, but filled in when to send it later" in page
    assert "Ready to send" in body(officer.get(here))


def test_the_button_says_what_will_be_done_and_only_it_does_it(officer: Client, sender: Sender, settle: Any) -> None:
    here = upload(officer, sender, RIGHT)
    page = body(officer.post(f"{here}/start", {"when": "now"}))
    assert "Check before you send 3 emails" in page
    assert "Send 3 emails now" in page
    settle()
    assert "Ready to send" in body(officer.get(here))
    send_now(officer, here)
    settle()
    assert "Delivered" in body(officer.get(here))


def test_a_list_is_scheduled_in_london_time(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, RIGHT)
    page = body(officer.post(f"{here}/start", later("9.30 am")))
    day = clock.in_london(date.fromisoformat(in_two_days()), datetime.min.time())
    assert f"Schedule for {day.astimezone(clock.LONDON):%A %-d %B %Y} at 9:30am" in page
    assert 'value="9.30 am"' in page
    assert "Ready to send" in body(officer.get(here))
    changed = body(officer.post(f"{here}/start", later("9.30 am", change="yes")))
    assert 'value="9.30 am"' in changed
    assert "When should it be sent?" in changed
    assert officer.post(f"{here}/start", later("9.30 am", send="yes")).status_code == 302
    assert "9:30am, confirmed by Olwen Rhys" in body(officer.get(here))
    assert officer.get(f"{here}/start").status_code == 302


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (later("soon"), "Enter a time, like 9am"),
        (later(""), "Enter a time, like 9am"),
        (later("9"), "Say whether it is in the morning or the afternoon, like 9am or 9pm"),
        (later("9am", "x"), "Select a day"),
        (later("9am", "2020-01-01"), "has passed"),
        (later("9am", "2099-01-01"), "in the next 7 days"),
        (later("9" * 40), "Time must be 30 characters or fewer"),
    ],
)
def test_a_time_that_is_none_is_asked_for_again(
    officer: Client, sender: Sender, answer: dict[str, str], words: str
) -> None:
    here = upload(officer, sender, RIGHT)
    for more in ({}, {"send": "yes"}):
        assert words in body(officer.post(f"{here}/start", answer | more))
    assert "Ready to send" in body(officer.get(here))


@pytest.mark.parametrize(
    ("now", "answer", "moment"),
    [
        ("2026-10-24T12:00Z", later("1:30am", "2026-10-25"), "2026-10-25T00:30Z"),
        ("2026-03-28T12:00Z", later("1:30am", "2026-03-29"), None),
        ("2026-06-01T12:00Z", later("noon", "2026-06-02"), "2026-06-02T11:00Z"),
        ("2026-06-01T12:00Z", later("midnight", "2026-06-02"), "2026-06-01T23:00Z"),
    ],
)
def test_a_moment_is_one_that_londons_clocks_show(now: str, answer: dict[str, str], moment: str | None) -> None:
    sent = QueryDict(mutable=True)
    sent.update(answer)
    at = datetime.fromisoformat(now)
    form = read_when(when_form(at).read(sent), now=at)
    assert form.is_refused is (moment is None)
    assert moment is None or moment_of(form) == datetime.fromisoformat(moment)


def test_midnight_says_which_night_it_is_in() -> None:
    assert day_before_midnight(datetime(2026, 6, 1, 23, tzinfo=UTC)) == date(2026, 6, 1)
    assert day_before_midnight(datetime(2026, 6, 2, 0, tzinfo=UTC)) is None


def test_cancelling_is_asked_about_and_says_what_was_cancelled(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, RIGHT)
    officer.post(f"{here}/start", later("9am", send="yes"))
    asked = body(officer.get(f"{here}/cancel"))
    for fact in ("Do you want to cancel this list?", "people.csv", "An email", "3 emails", "at 9am", "Cancel 3 emails"):
        assert fact in asked
    assert "Scheduled" in body(officer.get(here))
    answer = officer.post(f"{here}/cancel", follow=True)
    page = body(answer)
    assert "Olwen Rhys cancelled this list on" in page
    assert "It was to send 3 emails on" in page
    assert "9am, confirmed by Olwen Rhys" in page
    assert officer.get(f"{here}/cancel").status_code == 302
    assert "It was too late" not in body(officer.get(f"{here}?done=too-late"))


def test_a_list_that_nobody_confirmed_is_cancelled_too(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, RIGHT)
    assert "Nobody has said yet" in body(officer.get(f"{here}/cancel"))
    page = body(officer.post(f"{here}/cancel", follow=True))
    assert "It had 3 emails, and nobody had confirmed it." in page


def test_who_cancels_too_late_is_told_how_far_the_list_has_come(
    officer: Client, sender: Sender, as_dispatcher: AsDispatcher
) -> None:
    here = upload(officer, sender, RIGHT)
    send_now(officer, here)

    def step() -> int:
        with acting_for(None):
            return send_next(now=clock.now())

    assert as_dispatcher(step) == 3
    page = body(officer.post(f"{here}/cancel", follow=True))
    assert "It was too late to cancel this list: it began to be sent on" in page
    assert "3 of 3 rows are done" in page
