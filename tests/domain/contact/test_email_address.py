import pytest

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address


@pytest.mark.parametrize(
    ("typed", "known_as"),
    [
        ("resident@example.com", "resident@example.com"),
        ("  Mair.EVANS@Example.Gov.UK\t", "mair.evans@example.gov.uk"),
        ("o'brien+council@example.com", "o'brien+council@example.com"),
        ("\u200bresident@example.com\u00a0", "resident@example.com"),
        ("siôn@example.com".replace("ô", "o"), "sion@example.com"),
        ("post@câr.example", "post@câr.example"),
    ],
)
def test_an_address_has_one_spelling_however_it_is_typed(typed: str, known_as: str) -> None:
    assert parse_email_address(typed) == known_as


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "resident",
        "resident@",
        "@example.com",
        "resident@example",
        "resident@@example.com",
        "resident@.example.com",
        "resident..surname@example.com",
        "resident@example..com",
        "resident surname@example.com",
        "resident@example.com\nbcc:other@example.com",
        "resident@-example.com",
        "resident@example.c",
        "résident@example.com",
        "resident@" + "a" * 64 + ".example.com",
        "a" * 310 + "@example.com",
    ],
)
def test_an_address_that_no_message_could_reach_is_refused(typed: str) -> None:
    with pytest.raises(NotAnEmailAddress):
        parse_email_address(typed)


LONGEST_HOST = ".".join(["a" * 63] * 3 + ["b" * 57, "com"])


def test_an_address_has_room_for_320_characters_and_a_host_of_253() -> None:
    """RFC 1035, 2.3.4; alphagov/notifications-utils:notifications_utils/recipient_validation/email_address.py"""
    longest = f"{'x' * 66}@{LONGEST_HOST}"
    assert (len(longest), parse_email_address(longest)) == (320, longest)
    for too_long in (f"x{longest}", f"jo@{LONGEST_HOST}m", f"jo@{'c' + LONGEST_HOST[1:-4]}c.com"):
        with pytest.raises(NotAnEmailAddress):
            parse_email_address(too_long)
