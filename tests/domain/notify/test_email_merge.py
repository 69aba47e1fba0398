"""An email that is merged is the email that would have been written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from guildhall.notify.domain import email_merge
from guildhall.notify.domain.email_merge import merge_email
from guildhall.notify.domain.email_message import write_email
from guildhall.notify.domain.personalisation import Personalisation

PIECES = (
    *("((name))", "((a b))", "((NAME))", "((when??on time))", "((when?? see ((name)) ))", "((when??\n\n* item\n))"),
    *(" ", "  ", "\n", "\n\n", ".", ",", "'", '"', "-", " – ", "# ", "## ", "* ", "1. ", "^ ", "^", "---", "===", "|"),
    *(
        "https://example.com/",
        "http://",
        "GOV",
        ".UK",
        "@",
        "[link](",
        "](https://x.example/",
        ")",
        "[",
        "]",
        "(",
        "/?a=",
    ),
    *("Hello", "you", "90s", "s", "&", "<b>", "&amp;", "`", "~~~", "_", "\t", "\\", ":", "!", "?", "    ", "Zqxaaajv"),
)
VALUES = (
    "Jo",
    "Jo Jones",
    "12",
    "12 High Street",
    "GOV",
    "HDJ2123F",
    "s",
    "",
    "a.b",
    "* x",
    "90s",
    "Zqxaabjv",
    ["a", "b"],
    7,
)


@settings(max_examples=500, deadline=None)
@given(
    subject=some.lists(some.sampled_from(PIECES), max_size=6).map("".join),
    body=some.lists(some.sampled_from(PIECES), max_size=16).map("".join),
    values=some.fixed_dictionaries({"name": some.sampled_from(VALUES), "ab": some.sampled_from(VALUES)}),
    when=some.sampled_from(("yes", "no", True, False, "1")),
)
def test_merging_changes_nothing(subject: str, body: str, values: dict[str, object], when: object) -> None:
    personalisation = Personalisation({**values, "when": when})
    assert merge_email(subject, body, personalisation) == write_email(subject, body, personalisation)


def test_a_long_email_is_shortened_after_its_values_are_in() -> None:
    body = "Dear ((name)) " + "word " * 100
    for name in ("Jo", "Persephone Featherstonehaugh"):
        personalisation = Personalisation({"name": name})
        assert merge_email("s", body, personalisation) == write_email("s", body, personalisation)


def test_an_ordinary_template_is_written_once_for_all() -> None:
    email_merge._set_with_marks.cache_clear()
    for number in range(50):
        values = {"name": "Jo Jones", "thing": "sofa", "reference": f"HDJ{number}"}
        body = "Dear ((name))\n\n# Your ((thing))\n\nSee https://x.example/((reference)). It is ((reference))."
        assert f"HDJ{number}" in merge_email("Your ((thing))", body, Personalisation(values)).html
    assert email_merge._set_with_marks.cache_info().misses == 1


@pytest.mark.parametrize("value", ["O’Brien", "* a list", "https://evil.example", "a", "two  spaces", " edge "])
def test_a_value_that_may_change_how_it_is_read_is_written_the_long_way(value: str) -> None:
    email_merge._set_with_marks.cache_clear()
    merge_email("s", "Dear ((name))", Personalisation({"name": value}))
    assert email_merge._set_with_marks.cache_info().misses == 0


def test_an_email_too_long_to_be_read_whole_is_written_as_it_would_be_alone() -> None:
    for words, filling in ((6_000, ""), (1, "word " * 6_000)):
        body = f"Dear ((name)) again\n\n{filling}\n\n* one\n\n* two"
        personalisation = Personalisation({"name": " ".join(["Jo"] * words)})
        assert merge_email("s", body, personalisation) == write_email("s", body, personalisation)
    marked = "Dear ((name)) again\n\n* one"  # marks are longer than the words they stand for
    personalisation = Personalisation({"name": " ".join(["Jo"] * 4_000)})
    assert merge_email("s", marked, personalisation) == write_email("s", marked, personalisation)
