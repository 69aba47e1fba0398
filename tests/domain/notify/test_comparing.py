"""What changed between two versions of a template."""

from hypothesis import given
from hypothesis import strategies as st

from guildhall.notify.domain.comparing import (
    Change,
    compare,
    compare_placeholders,
    only_in_one_language,
)
from guildhall.notify.domain.template import Pair, Words


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(str(piece.change), piece.text) for piece in compare(before, after)]


def test_words_that_stayed_came_and_went_are_told_apart() -> None:
    assert told("We collect on Monday.", "We collect early on Tuesday.") == [
        ("same", "We collect "),
        ("added", "early "),
        ("same", "on "),
        ("removed", "Monday."),
        ("added", "Tuesday."),
    ]


def test_a_placeholder_is_one_word_however_many_it_has() -> None:
    assert told("Dear ((first name)),", "Dear ((full name)),") == [
        ("same", "Dear "),
        ("removed", "((first name))"),
        ("added", "((full name))"),
        ("same", ","),
    ]


@given(st.text("ab ()\n", max_size=60), st.text("ab ()\n", max_size=60))
def test_nothing_of_either_version_is_lost(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED) == after


def test_a_word_that_changed_in_a_long_text_is_found() -> None:
    line = "Your sofa will be collected on a weekday between seven and five, so put it out before seven. "
    assert told(line * 200 + "Thank you.", line * 200 + "Thank you all.")[1:] == [
        ("removed", "you."),
        ("added", "you all."),
    ]
    before = " ".join(f"word{number}" for number in range(5_000))
    assert [change for change, _ in told(before, before.replace("word70 ", "").replace("word4000", "new"))] == [
        "same",
        "removed",
        "same",
        "removed",
        "added",
        "same",
    ]


def test_a_new_name_for_the_same_gap_is_added_and_removed() -> None:
    before = Pair(Words("About ((thing))", "Dear ((first_name))"))
    after = Pair(Words("About ((thing))", "Dear ((First Name)) ((street))"))
    assert compare_placeholders(before, before).is_same
    changed = compare_placeholders(before, after)
    assert (list(changed.added), list(changed.removed)) == (["street"], [])


def test_the_two_languages_should_ask_for_the_same() -> None:
    unlike = only_in_one_language(Pair(Words("", "((name)) ((day))"), Words("", "((name)) ((dydd))")))
    assert (list(unlike.added), list(unlike.removed)) == (["dydd"], ["day"])
    assert only_in_one_language(Pair(Words("", "((name))"))).is_same
