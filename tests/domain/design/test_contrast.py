import pytest

from guildhall.design.brand import DEFAULT_COLOUR
from guildhall.design.domain.contrast import (
    BLACK,
    WHITE,
    ContrastTooLow,
    NotAColour,
    contrast_ratio,
    parse_colour,
    readable_brand_colour,
)


def test_black_on_white_is_the_greatest_contrast_and_a_colour_on_itself_the_least() -> None:
    assert contrast_ratio(BLACK, WHITE) == contrast_ratio(WHITE, BLACK) == 21.0
    assert contrast_ratio(WHITE, WHITE) == 1.0


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#767676", 4.54), ("#777777", 4.48), ("#1d70b8", 5.17), ("#ff0000", 4.0)]
)
def test_the_ratio_is_the_one_that_wcag_defines(colour: str, ratio: float) -> None:
    assert contrast_ratio(parse_colour(colour), WHITE) == pytest.approx(ratio, abs=0.01)


def test_a_colour_that_white_words_cannot_be_read_on_is_refused_with_the_measured_ratio() -> None:
    with pytest.raises(ContrastTooLow, match=r"White text on #777777 has a contrast of 4\.47:1") as refused:
        readable_brand_colour("#777777")
    assert refused.value.ratio == 4.47


def test_a_ratio_just_short_of_enough_is_never_rounded_up_to_enough() -> None:
    with pytest.raises(ContrastTooLow) as refused:
        readable_brand_colour("#ff0000")
    assert refused.value.ratio < 4.5


@pytest.mark.parametrize("typed", ["#00703C", "00703c", " #00703c "])
def test_a_colour_may_be_typed_with_or_without_its_sign_and_in_capitals(typed: str) -> None:
    assert str(readable_brand_colour(typed)) == "#00703c"


@pytest.mark.parametrize("typed", ["", "red", "#12345", "#12345g", "rgb(0,0,0)", "#000;}*{display:none"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(NotAColour):
        readable_brand_colour(typed)


def test_a_short_colour_is_the_long_one() -> None:
    assert parse_colour("#08c") == parse_colour("#0088cc")


def test_guildhalls_own_colour_can_be_read() -> None:
    assert str(readable_brand_colour(DEFAULT_COLOUR)) == DEFAULT_COLOUR
