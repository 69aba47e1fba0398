"""Whoever looks at a page sees what is wrong with it, as the page stands before its visitor."""

import pytest
from playwright.sync_api import Error
from tests.journeys.conftest import NewPage
from tests.journeys.looking import SMALL, find_barriers

PAGE = '<!doctype html><html lang="en"><title>A page</title>{head}<main><h1>A page</h1>{rest}</main>'
SMALL_LINKS = "<p><a href='#1'>a</a> <a href='#2'>b</a> <a href='#3'>c</a></p>"
PALE_WHEN_TICKED = "label:has(:not(:checked)) + .more { display: none } p { color: #ccc }"
HIDDEN_UNTIL_TICKED = "<label><input type=checkbox> More</label><p class=more>pale</p>"


@pytest.mark.parametrize(
    ("rule", "style", "rest"),
    [
        ("color-contrast", "p { color: #ccc; background: #fff }", "<p>pale</p>"),
        ("label", "", "<input name=q>"),
        ("image-alt", "", "<img src='data:,'>"),
        ("button-name", "", "<button></button>"),
        ("target-size", "a { font-size: 10px; margin: 0 }", SMALL_LINKS),
        ("valid-lang", "", "<p lang=welsh>Helo</p>"),
        (
            "color-contrast",
            PALE_WHEN_TICKED,
            HIDDEN_UNTIL_TICKED,
        ),
    ],
)
@pytest.mark.parametrize("javascript", [True, False], ids=["with-scripts", "without"])
def test_a_barrier_is_found(new_page: NewPage, javascript: bool, rule: str, style: str, rest: str) -> None:
    page = new_page(javascript=javascript)
    page.set_content(PAGE.format(head=f"<style>{style}</style>", rest=rest))
    for box in page.locator("input[type=checkbox]").all():
        assert find_barriers(page) == []
        box.check()
    assert {each.split()[1] for each in find_barriers(page)} == {f"{rule}:"}


def test_what_is_wrong_on_one_screen_only_is_found_there(new_page: NewPage) -> None:
    page = new_page()
    pale_when_small = f"<style>@media (max-width: {SMALL}px) {{ p {{ color: #ccc }} }}</style>"
    page.set_content(PAGE.format(head=pale_when_small, rest="<p>pale</p>"))
    assert find_barriers(page) == []
    page.set_viewport_size({"width": SMALL, "height": 900})
    assert "color-contrast" in find_barriers(page)[0]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert find_barriers(page) == []


def test_a_page_is_looked_at_with_its_style_sheet(new_page: NewPage) -> None:
    page = new_page()
    page.set_content(PAGE.format(head="<link rel=stylesheet href='data:text/css,p{color:%23ccc}'>", rest="<p>pale</p>"))
    assert "color-contrast" in find_barriers(page)[0]
    page.set_content(PAGE.format(head="<link rel=stylesheet href='http://localhost:1/none.css'>", rest="<p>pale</p>"))
    with pytest.raises(Error, match=r"no http://localhost:1/none\.css"):
        find_barriers(page)
