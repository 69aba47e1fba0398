"""What an email shows (alphagov/notifications-utils:notifications_utils/markdown.py, formatters.py, template.py)."""

import signal
from collections.abc import Iterator

import pytest
from tests.contracts import cases

from guildhall.notify.domain.email_message import (
    write_body,
    write_email,
    write_html,
    write_plain_text,
    write_preheader,
    write_subject,
    write_subject_preview,
)
from guildhall.notify.domain.letter import letter_html
from guildhall.notify.domain.markdown.blocks import LONGEST_READ
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.typography import curl_quotes, keep_from_linking, set_type

PARAGRAPH = '<p style="Margin: 0 0 20px 0; font-size: 19px; line-height: 25px; color: #0B0C0C;">'
LINK = '<a style="word-wrap: break-word; color: #1D70B8;"'


def test_an_email_is_shown_four_ways() -> None:
    email = write_email('Your "bin"', "# Hello\n\nDear ((name)),\n* one\n* two", Personalisation({"name": "Jo"}))
    assert email.subject == "Your “bin”"
    assert email.plain_text == "Hello\n" + "=" * 65 + "\n\nDear Jo,\n\n• one\n• two\n"
    assert email.preheader == "Hello Dear Jo, • one • two"
    assert f"{PARAGRAPH}Dear Jo,</p>" in email.html


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ('\'twas "so"', "‘twas “so”"),
        ("the '80s, it's Jo's", "the ‘80s, it’s Jo’s"),
        ("in the\"'quoted'\"", "in the“‘quoted’”"),
        ("a <a href='x'>it's</a> it's", "a <a href='x'>it's</a> it’s"),
        (r"C:\'x", "C:'x"),
    ],
)
def test_quotation_marks_are_curled_outside_tags_and_links(typed: str, set_as: str) -> None:
    assert curl_quotes(typed) == set_as


def test_dashes_get_air_and_points_lose_it() -> None:
    assert set_type("one -- two - three, 2004-2008 , four .") == "one – two – three, 2004-2008, four."


def test_an_address_keeps_its_straight_apostrophe() -> None:
    assert set_type("write to o'neil@example.com, it's fine") == "write to o'neil@example.com, it’s fine"


def test_govuk_as_a_word_is_kept_from_becoming_a_link() -> None:
    assert keep_from_linking("on GOV.UK and gov.uk/x and www.gov.uk") == "on GOV.\u200bUK and gov.uk/x and www.gov.uk"


def test_a_link_cannot_run_a_script_or_break_out_of_its_attribute() -> None:
    html = write_html("[x](javascript:alert('1') 'a \" onclick=\"b') https://x.example/\"onclick=\"y")
    assert 'href="javascript' not in html
    assert '" onclick="' not in html
    assert html.count(f"{LINK} href=") == 2


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("https://a.example/%2Fb%3Fc", "https://a.example/%2Fb%3Fc"),
        ("https://a.example/%C3%A9?next=%2F%2Fevil.example", "https://a.example/%C3%A9?next=%2F%2Fevil.example"),
        ("https://a.example/%25", "https://a.example/%25"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
    ],
)
def test_links_keep_their_percent_encoding(written: str, href: str) -> None:
    """alphagov/notifications-utils:notifications_utils/formatters.py quotes and never unquotes."""
    assert f'href="{href}"' in write_email("s", written).html
    assert f'href="{href}"' in write_email("s", f"[words]({written})").html


def test_a_links_title_is_kept_beside_a_subject() -> None:
    """alphagov/notifications-utils:notifications_utils/markdown.py, NotifyEmailPreheaderMarkdownRenderer.link."""
    assert write_email("s", '[words](https://a.example "a title")').preheader == "words (a title)"


def test_a_list_may_hold_lists_and_paragraphs() -> None:
    assert write_plain_text("* one\n  1. a\n  2. b\n* two") == "• one\n\n1. a\n2. b\n• two\n"
    assert write_html("* one\n\n* two").count("<p ") == 2


def test_a_line_break_is_kept_and_an_indented_line_is_shown_as_typed() -> None:
    assert write_html("one\ntwo") == f"{PARAGRAPH}one<br>two</p>"
    assert write_html("    one") == "one"


def test_what_markdown_elsewhere_makes_bold_is_just_text() -> None:
    assert write_html("see **a** _b_ `c` ~~d~~") == f"{PARAGRAPH}see **a** _b_ `c` ~~d~~</p>"


def test_a_space_that_does_not_break_is_kept_and_makes_no_paragraph() -> None:
    """As mistune 0.8.4 does, which GOV.UK Notify reads with (lepture/mistune:mistune.py, preprocessing)."""
    assert write_plain_text("5\u00a0pm\n\n\u00a0\n\n* 6\u00a0pm") == "5\u00a0pm\n\n• 6\u00a0pm\n"
    assert letter_html("5\u00a0pm\n\n\u00a0\n\nx") == "<p>5\u00a0pm</p><p>x</p>"


def test_a_rule_an_inset_and_headings() -> None:
    text = write_plain_text("one\n\n---\n\n^ two\n\n## three\n\n### four")
    assert text == f"one\n\n{'=-' * 32}=\n\ntwo\n\n\nthree\n{'-' * 65}\n\nfour\n"
    html = write_html("one\n\n---\n\n^ two\n\n## three\n\n### four")
    assert "<hr " in html
    assert "<blockquote " in html
    assert f"</h3>{PARAGRAPH}four</p>" in html


def test_characters_behind_a_backslash_mean_nothing() -> None:
    assert write_html(r"A \[x\]\(\) evil\. com") == f"{PARAGRAPH}A [x]() evil. com</p>"


def test_the_contracts_cases_without_values() -> None:
    for case in cases("notify/template_rendering_no_values.json"):
        content = case["content"]
        assert write_html(content) == case["email_html_body"], content
        assert write_plain_text(content) == case["email_text"], content
        assert write_preheader(content) == case["email_preheader"], content
        assert write_subject_preview(content[:200]) == case["email_subject"], content
        if not case["placeholders"]:
            assert len(write_body(content).encode()) == case["email_bytes"], content


def test_the_contracts_cases_with_values() -> None:
    for case in cases("notify/template_rendering_with_values.json"):
        content, given = case["content"], Personalisation(case["values"])
        assert write_html(content, given) == case["email_html_body"], case
        assert write_plain_text(content, given) == case["email_text"], case
        assert write_subject(content.split("\n")[0], given) == case["email_subject"], case


def test_the_contracts_cases_of_typography() -> None:
    for case in cases("notify/text_formatting.json"):
        if case["check"] == "unlink_govuk_escaped":
            assert keep_from_linking(case["template_content"]) == case["expected"]
        if case["check"] == "smart_quotes":
            assert curl_quotes(case["dumb"]) == case["smart"]
        if case["check"] == "en_dashes":
            assert set_type(case["nasty"]) == case["nice"]


HOSTILE = [
    "<a@",
    "<",
    "<!--",
    "<a>",
    "[a](",
    "[",
    "- - - -x\n",
    "~~~x\n",
    "|",
    "* a\n  * b\n",
    "a\n",
    "> ",
    "https://a.b/(",
    "__",
]


@pytest.fixture
def patience() -> Iterator[None]:
    """Give up after twenty seconds: each of these was once read for minutes or hours, and now takes less than one."""
    signal.alarm(20)
    yield
    signal.alarm(0)


@pytest.mark.parametrize("piece", HOSTILE)
def test_nobody_can_write_what_takes_for_ever_to_read(piece: str, patience: None) -> None:
    body = piece * (100_000 // len(piece))
    assert write_html(body) and write_plain_text(body)


def test_markup_is_read_to_a_length_and_what_follows_is_shown_as_typed() -> None:
    read = "* one\n\n" + "word " * (LONGEST_READ // 5 - 2)
    html = write_html(f"{read}\n\n* two <b>\n\nlast [a](https://b.c)")
    assert html.count("<li") == 1
    assert "* two &lt;b&gt;" in html and "last [a](https://b.c)" in html
