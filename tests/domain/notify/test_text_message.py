"""What a text says and costs (alphagov/notifications-utils:notifications_utils/template.py, sanitise_text.py)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts import cases

from guildhall.notify.domain import text_message
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.text_message import Dearer, count_fragments, replace_characters, tidy, write_text_message


@pytest.mark.parametrize(
    ("content", "fragments"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" + "x" * 158, 1),
        ("€" + "x" * 159, 2),
        ("ŵ" + "x" * 69, 1),
        ("ŵ" + "x" * 70, 2),
        ("ŵ" + "x" * 133, 2),
        ("ŵ" + "x" * 134, 3),
        ("é" * 160, 1),
    ],
)
def test_a_message_is_charged_by_fragment(content: str, fragments: int) -> None:
    assert count_fragments(content) == fragments


def test_what_has_a_plain_twin_is_replaced_by_it_and_every_other_character_is_sent_as_it_is() -> None:
    """alphagov/notifications-utils pull request 1442: no accent is stripped, nothing becomes a question mark."""
    assert tidy("“Ça… ç – Łódź” \U0001f600 ŵ 市") == '"Ça... ç - Lódź" \U0001f600 ŵ 市'


@pytest.mark.parametrize(
    ("content", "units", "fragments"),
    [
        ("\U0001f600", 2, 1),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", 11, 1),
        ("Đorđe", 5, 1),
        ("\U0001f600" * 35, 70, 1),
        ("\U0001f600" * 36, 72, 2),
        ("€" + "x" * 159, 160, 2),
    ],
)
def test_characters_are_counted_as_code_units_of_utf_16(content: str, units: int, fragments: int) -> None:
    """Contract 1.13: an emoji is two, a family of four joined ones eleven."""
    message = write_text_message(content)
    assert (message.content, message.length, message.fragments) == (content, units, fragments)


def test_an_accent_typed_by_itself_is_one_character_with_its_letter() -> None:
    assert tidy("Lly\u0302n") == "Llŷn"
    assert write_text_message("e\u0301" * 160).fragments == 1


def test_what_joins_letters_stays_only_where_there_is_something_to_join() -> None:
    assert tidy("a\u200db\u200cc") == "abc"
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize(
    ("content", "dearer"),
    [
        ("x" * 160, None),
        ("ŵ" + "x" * 100 + "ŷŵ", Dearer(("ŵ", "ŷ"), 2, 1)),
        ("€" + "x" * 159, Dearer(("€",), 2, 1)),
        ("€" + "x" * 300 + "ŵ", Dearer(("ŵ",), 5, 2)),
        ("short ŵ", None),
    ],
)
def test_it_is_known_which_characters_make_a_text_dearer_and_by_how_much(content: str, dearer: Dearer | None) -> None:
    assert write_text_message(content).dearer == dearer


@settings(deadline=None)
@given(st.text("aZ é£€[^\n ,.'\"", max_size=30))
def test_a_text_of_which_all_is_sent_as_it_stands_is_read_the_short_way_and_comes_out_the_same(text: str) -> None:
    assert tidy(f"{text}z漢") == f"{tidy(f'{text}z')}漢"


def test_the_services_name_stands_in_front_and_does_not_count_towards_the_limit() -> None:
    message = write_text_message("x" * 918, prefix="Borsetshire Council")
    assert message.content.startswith("Borsetshire Council: x")
    assert message.length == 918 + len("Borsetshire Council: ")
    assert not message.is_too_long
    assert write_text_message("x" * 919, prefix="Borsetshire Council").is_too_long


def test_stray_space_is_removed() -> None:
    assert tidy(" Dear  Jo ,\t\r\n\n\n\nthe  end . \n ") == "Dear Jo,\n\nthe end."


def test_an_empty_message_is_empty_whatever_its_prefix() -> None:
    assert write_text_message("((name))", Personalisation({"name": " "}), prefix="Council").is_empty
    assert not write_text_message("x", prefix="Council").is_empty


def test_the_contracts_alphabets() -> None:
    alphabets = cases("notify/sms_characters.json")
    assert set(alphabets["gsm_basic"]) == text_message.GSM_ALPHABET
    assert set(alphabets["gsm_extended_cost_2"]) == text_message.COSTS_TWO
    assert set(alphabets["welsh_all"]) - text_message.FITS_GSM == set(alphabets["welsh_non_gsm_forces_ucs2"])
    for code, replacement in alphabets["replacements"].items():
        is_joiner = code in ("U+200C", "U+200D")
        read = tidy if is_joiner else replace_characters
        assert read(f"x{chr(int(code[2:], 16))}x") == f"x{replacement}x"


def test_the_contracts_cases_of_replacing() -> None:
    for case in cases("notify/sms_ascii_downgrade.json"):
        if case.get("target") == "sms":
            assert replace_characters(case["char"]) == case["expected"]
        elif "expected_sms" in case:
            assert replace_characters(case["char"]) == case["expected_sms"]


def test_the_contracts_cases_of_counting() -> None:
    for case in cases("notify/sms_fragments.json"):
        # The cases leave a gap's place empty after everything else was done: Ω stands in it until then.
        given = Personalisation(dict.fromkeys(case["placeholders"], "Ω"))
        message = write_text_message(case["content"], given, prefix=case["prefix"])
        stand_ins = message.content.count("Ω")
        content = message.content.replace("Ω", "")
        assert content == case["rendered"], case
        assert message.length - stand_ins == case["content_count"], case
        assert message.length_without_prefix - stand_ins == case["content_count_without_prefix"], case
        assert count_fragments(content) == case["fragment_count"], case
        assert message.is_too_long == case["too_long"], case
        assert set(content) - text_message.FITS_GSM == set(case["non_gsm"]), case
        assert sum(character in text_message.COSTS_TWO for character in content) == case["extended_gsm"], case


def test_the_contracts_cases_of_texts_with_values() -> None:
    for case in cases("notify/template_rendering_with_values.json"):
        message = write_text_message(case["content"], Personalisation(case["values"]))
        assert (message.content, message.fragments) == (case["sms"], case["sms_fragments"]), case
