"""What stands around the words of an email."""

import pytest

from guildhall.notify.domain.email_document import EmailLook, email_page
from guildhall.notify.domain.email_message import write_email

EMAIL = write_email("Your <bins>", "Hello")


def page(look: EmailLook) -> str:
    return email_page(EMAIL, language="en", look=look)


def test_an_email_without_a_look_is_plain() -> None:
    assert page(EmailLook()) == email_page(EMAIL, language="en")
    assert "<img" not in page(EmailLook())


def test_a_logo_has_words_for_those_who_do_not_see_it() -> None:
    shown = page(EmailLook("https://x.example/logo.png?v=1&w=2", 'Testford "Council"'))
    assert 'alt="Testford &quot;Council&quot;"' in shown
    assert 'src="https://x.example/logo.png?v=1&amp;w=2"' in shown


@pytest.mark.parametrize(("colour", "words"), [("#ffffff", "#0B0C0C"), ("#1d3a5f", "#FFFFFF"), ("#ffdd00", "#0B0C0C")])
def test_words_on_a_banner_stand_out_from_it(colour: str, words: str) -> None:
    shown = page(EmailLook("https://x.example/l.png", "Testford", colour, True))
    assert f"background-color: {colour};" in shown
    assert f"border: 0; color: {words};" in shown


def test_a_colour_without_a_banner_is_a_line_beside_the_logo() -> None:
    shown = page(EmailLook("https://x.example/l.png", "Testford", "#1d70b8"))
    assert "border-left: 2px solid #1d70b8;" in shown
    assert "background-color" not in shown
