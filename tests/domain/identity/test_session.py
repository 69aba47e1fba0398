from datetime import UTC, datetime, timedelta

from guildhall.identity.domain.session import ends_at, is_over, is_sure

NINE = datetime(2026, 11, 21, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_session_ends_an_hour_after_the_person_last_did_something() -> None:
    seen = NINE + timedelta(hours=2)
    assert not is_over(signed_in_at=NINE, last_seen_at=seen, now=seen + timedelta(minutes=59))
    assert is_over(signed_in_at=NINE, last_seen_at=seen, now=seen + timedelta(hours=1))


def test_a_session_ends_after_twelve_hours_however_busy_the_person_is() -> None:
    assert ends_at(signed_in_at=NINE, last_seen_at=NINE + timedelta(hours=11, minutes=59)) == NINE + timedelta(hours=12)
    assert is_over(signed_in_at=NINE, last_seen_at=NINE + timedelta(hours=11), now=NINE + timedelta(hours=12))


def test_a_password_given_a_quarter_of_an_hour_ago_is_asked_for_again() -> None:
    assert is_sure(password_given_at=NINE, now=NINE + 14 * MINUTE)
    assert not is_sure(password_given_at=NINE, now=NINE + 15 * MINUTE)
