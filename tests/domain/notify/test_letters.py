"""What a letter says (alphagov/notifications-utils:notifications_utils/markdown.py, template.py, letter_timings.py)."""

from datetime import UTC, date, datetime

import pytest
from tests.contracts import cases

from guildhall.contact.countries import Zone
from guildhall.kernel.clock import LONDON
from guildhall.notify.domain.letter import letter_date, letter_heading, letter_html, letter_lines
from guildhall.notify.domain.letter_timing import LetterClass, class_of, letter_timing, pick_up_of
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.qr_code import QrCodeTooLong
from guildhall.notify.domain.template import Postage


def test_the_contracts_letters_without_values() -> None:
    for case in cases("notify/template_rendering_no_values.json"):
        assert letter_html(case["content"]) == case["letter_body_html"], case["content"]


def test_the_contracts_letters_with_values() -> None:
    for case in cases("notify/template_rendering_with_values.json"):
        assert letter_html(case["content"], Personalisation(case["values"])) == case["letter_body_html"], case


def test_a_rule_begins_a_new_page_and_small_headings_are_paragraphs() -> None:
    html = letter_html("# One\n\n***\n\n## Two\n\n* a\n* b")
    assert html == ("<h2>One</h2>\n<div class='page‑break'>&nbsp;</div><p>Two</p><ul>\n<li>a</li>\n<li>b</li>\n</ul>\n")


def test_addresses_on_paper_are_strong_and_without_their_protocol() -> None:
    assert letter_html("see https://www.gov.uk/tax") == (
        "<p>see <strong data‑original‑protocol='https://'>www.gov.uk/tax</strong></p>"
    )


def test_a_code_keeps_its_hyphens_and_holds_what_was_typed() -> None:
    html = letter_html("((a)) - it's\n\nQR: https://x.example/?a=1&b=((b))", Personalisation({"a": "x", "b": "2-3"}))
    assert html.startswith("<p>x – it’s</p><p><div class='qrcode'><svg viewBox=")
    assert "‑" not in html
    assert html == letter_html("x - it's\n\nqr : https://x.example/?a=1&b=2-3")


def test_a_code_that_holds_more_than_504_bytes_is_refused() -> None:
    letter_html("QR: " + "a" * 504)
    with pytest.raises(QrCodeTooLong) as refused:
        letter_html("QR: ŵ" + "a" * 503)
    assert (refused.value.size, refused.value.most) == (505, 504)
    assert str(refused.value) == "Cannot create a usable QR code - the link is too long"


def test_headings_and_sender_blocks_are_set_too() -> None:
    given = Personalisation({"ref": "<A-1>"})
    assert letter_heading("Your  ((ref)) - it's", given) == "Your &lt;A‑1&gt; – it’s"
    assert letter_lines("\nTown Hall\n\nRef ((ref))\n", given) == ["Town Hall", "", "Ref &lt;A‑1&gt;"]


def test_the_senders_block_is_printed_as_it_was_typed() -> None:
    """alphagov/notifications-utils:notifications_utils/template.py, LetterPreviewTemplate._contact_block."""
    assert letter_lines('Monday - Friday , 8am – 6pm\nThe "Old" Mayor\'s Office') == [
        "Monday ‑ Friday, 8am – 6pm",
        'The "Old" Mayor\'s Office',
    ]


@pytest.mark.parametrize(
    ("day", "english", "welsh"),
    [
        (date(2026, 1, 1), "1 January 2026", "1 Ionawr 2026"),
        (date(2025, 12, 31), "31 December 2025", "31 Rhagfyr 2025"),
    ],
)
def test_a_letter_is_dated_in_its_language(day: date, english: str, welsh: str) -> None:
    assert (letter_date(day, is_welsh=False), letter_date(day, is_welsh=True)) == (english, welsh)


def _utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _london(written: str) -> datetime:
    return datetime.strptime(written.partition(" ")[2], "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("accepted_at", "picked_up_at"),
    [
        ("2026-07-01 16:29:59", "2026-07-01 16:30:00"),
        ("2026-07-01 16:30:00", "2026-07-02 16:30:00"),
        ("2026-12-01 17:29:59", "2026-12-01 17:30:00"),
        ("2026-07-01 23:30:00", "2026-07-02 16:30:00"),
    ],
)
def test_letters_are_picked_up_at_half_past_five_in_london(accepted_at: str, picked_up_at: str) -> None:
    assert pick_up_of(_utc(accepted_at)) == _utc(picked_up_at)


def test_nothing_is_printed_or_delivered_on_a_bank_holiday() -> None:
    timing = letter_timing(_utc("2026-04-02 12:00:00"), LetterClass.FIRST)  # the day before Good Friday
    assert timing.printed_by == _utc("2026-04-07 14:00:00")
    assert timing.earliest_delivery == timing.latest_delivery == _utc("2026-04-08 15:00:00")


def test_first_class_letters_come_on_saturdays_too() -> None:
    thursday = _utc("2026-11-19 12:00:00")
    assert letter_timing(thursday, LetterClass.FIRST).earliest_delivery == _utc("2026-11-21 16:00:00")
    assert letter_timing(thursday, LetterClass.SECOND).earliest_delivery == _utc("2026-11-26 16:00:00")


def test_a_letter_abroad_travels_by_where_it_goes() -> None:
    assert class_of(Zone.UNITED_KINGDOM, Postage.ECONOMY) is LetterClass.ECONOMY
    assert class_of(Zone.EUROPE, Postage.FIRST) is LetterClass.EUROPE


def test_the_contracts_delivery_dates() -> None:
    for case in cases("notify/letter_delivery_dates.json"):
        accepted_at = _utc(case["upload_time"].partition(" ")[2])
        first = letter_timing(accepted_at, LetterClass.FIRST)
        assert first.printed_by == _london(case["expected_print_time"])
        assert first.earliest_delivery == first.latest_delivery == _london(case["first_class"])
        for postage, name in (("second", "second_class"), ("economy", "economy"), ("europe", "europe")):
            timing = letter_timing(accepted_at, LetterClass(postage))
            assert timing.earliest_delivery == _london(case[f"expected_earliest_{name}"])
            assert timing.latest_delivery == _london(case[f"expected_latest_{name}"])
        far = letter_timing(accepted_at, LetterClass.REST_OF_WORLD)
        assert far.earliest_delivery == _london(case["expected_earliest_rest_of_world"])
        assert far.latest_delivery == _london(case["expected_latest_rest_of_world"])
