from datetime import timedelta

import pytest

from guildhall.identity.domain import code
from guildhall.identity.domain.code import Purpose


@pytest.mark.parametrize(
    "typed",
    [
        "012345",
        " 012345 ",
        "012 345",
        "012-345",
        "01.23.45",
        "012\u00a0345",
        "012\u2011345",
        "\u206601234\u200b5\u2069",
        "٠١٢٣٤٥",
    ],
)
def test_a_code_may_be_typed_with_spaces_and_hyphens(typed: str) -> None:
    assert code.read_code(typed) == "012345"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", code.CodeMissing),
        ("  ", code.CodeMissing),
        ("12345", code.CodeTooShort),
        ("1234567", code.CodeTooLong),
        ("12345a", code.CodeHasOtherCharacters),
        ("12345½", code.CodeHasOtherCharacters),
        ("12345²", code.CodeHasOtherCharacters),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_the_reason(typed: str, refusal: type[code.NotACode]) -> None:
    with pytest.raises(refusal):
        code.read_code(typed)


def test_codes_keep_their_leading_noughts() -> None:
    assert code.write_code(0) == "000000"
    assert code.write_code(code.HOW_MANY - 1) == "999999"


def test_a_code_works_for_a_quarter_of_an_hour_and_an_hour_when_creating_an_account() -> None:
    assert code.lifetime_of(Purpose.SIGN_IN) == timedelta(seconds=900)
    assert code.lifetime_of(Purpose.USE_EMAILED_CODES) == timedelta(seconds=900)
    assert code.lifetime_of(Purpose.CREATE_ACCOUNT) == timedelta(seconds=3600)
