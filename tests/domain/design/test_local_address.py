"""Whatever text names a page to go to, a browser that is led there stays in the house (WHATWG's URL is the judge)."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.browsers_urls import Browser, a_browsers_reading

from guildhall.design.domain.local_address import LONGEST, local_address

PIECES = [
    "/",
    "\\",
    "//",
    "/\\",
    "\t",
    "\r\n",
    "\n",
    " ",
    "\x00",
    "\x7f",
    "\x85",
    "\u200b",
    "\u202e",
    "\uff0e",
    "\uff0f",
]
PIECES += ["%09", "%0d%0a", "%2f", "%5c", "@", ":", "?", "#", ".", "..", "%2e%2e", "evil.example", "http:", "https://"]
PIECES += ["javascript:", "é", "\ud800", "[", "]", "|", "<", '"', "%", "%zz", "a", ";", "&", "=", "staff"]
ANY_CHARACTER = st.integers(0, 0x10FFFF).map(chr)
PATHS = st.lists(st.one_of(st.sampled_from(PIECES), ANY_CHARACTER), max_size=8).map("".join)
ANY_TEXT = st.one_of(PATHS, PATHS.map("/".__add__))
LEAVES_THE_HOUSE = [
    "/\t//evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\n/evil.example",
    "/\t\\evil.example",
    "http://evil.example",
    "javascript:alert(1)",
    "///evil.example",
]
READ_OTHERWISE_THAN_IT_LOOKS = [
    "/a//evil.example",
    "/..//evil.example",
    "/a/\\evil.example",
    "/a\t",
    "/a\u202e",
    "",
    "a",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browsers_reading() as browser:
        yield browser


@pytest.mark.parametrize("text", LEAVES_THE_HOUSE)
def test_what_leads_a_browser_away_names_no_page(text: str, browser: Browser) -> None:
    read = browser.read(text)
    assert read is None or not read.stays_here
    assert local_address(text) is None


@pytest.mark.parametrize("text", READ_OTHERWISE_THAN_IT_LOOKS)
def test_what_somebody_could_read_as_another_place_names_no_page(text: str) -> None:
    assert local_address(text) is None


def test_a_browser_stays_in_the_house_whatever_the_text(browser: Browser) -> None:
    @settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
    @given(ANY_TEXT)
    @example("/\t//evil.example")
    @example("/\r\nSet-Cookie: a=b")
    @example("/a?\r\nx")
    def stays(text: str) -> None:
        address = local_address(text)
        if address is None:
            return
        read = browser.read(address)
        assert read is not None and read.stays_here
        assert address.startswith("/") and address.isascii() and address.isprintable() and " " not in address
        assert local_address(address) == address

    stays()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/staff/conwy/cases?q=sofas&page=2",
        "/a/b%20c?x=%2F%2Fy",
        "/conwy/bulky-waste/page/it's",
        "/a?b=c/d?e",
        "/~me/@x:1",
    ],
)
def test_an_address_of_ours_stays_as_it_is_and_means_to_browsers_what_it_says(address: str, browser: Browser) -> None:
    read = browser.read(address)
    assert local_address(address) == address and read is not None and read.address == address


def test_what_people_type_is_written_as_browsers_write_it(browser: Browser) -> None:
    typed = "/staff/ynys-môn?q=Siân & Bob|[x]#top"
    address = local_address(typed)
    assert address == "/staff/ynys-m%C3%B4n?q=Si%C3%A2n%20&%20Bob%7C%5Bx%5D"


def test_an_address_that_no_page_has_is_not_looked_at() -> None:
    assert local_address("/" + "a" * (LONGEST - 1))
    assert local_address("/" + "a" * LONGEST) is None
    assert local_address("/" + "é" * (LONGEST - 1)) is None
