"""Looking at a page: what every page promises its visitor, and pictures for the README.

Pictures are taken when TAKE_PICTURES=1 is set.
"""

import os
import re
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALL = 320
# Only what is wrong comes back: all that axe found in order is ten times the work of telling it. Two thirds of its time
# go into colours; it looks at them where words have a colour, a size or a ground that it has not found in order yet.
FIND_BARRIERS = """async levels => {
    const grounds = new Map([[null, ""]]);
    const ground = (element) => {
        if (!grounds.has(element)) {
            const {backgroundColor, backgroundImage, opacity} = getComputedStyle(element);
            grounds.set(element, `${ground(element.parentElement)}/${backgroundColor} ${backgroundImage} ${opacity}`);
        }
        return grounds.get(element);
    };
    const looks = (element) => {
        const {color, fontSize, fontWeight} = getComputedStyle(element);
        const isOff = Boolean(element.closest(":disabled, [aria-disabled=true]"));
        return [color, fontSize, fontWeight, isOff, ground(element)].join();
    };
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const written = new Set(document.querySelectorAll("input, select, textarea"));
    while (words.nextNode()) if (words.currentNode.data.trim()) written.add(words.currentNode.parentElement);
    const isSeen = (element) => {
        const {width, height} = element.getBoundingClientRect();
        return width > 1 && height > 1 && element.checkVisibility({opacityProperty: true, visibilityProperty: true});
    };
    const all = [...written].filter(isSeen).map(looks), inOrder = (window.inOrder ??= new Set());
    const {violations} = await axe.run({
        runOnly: {type: "tag", values: levels},
        rules: {"color-contrast": {enabled: !all.every(each => inOrder.has(each))}},
        resultTypes: ["violations"],
        preload: false,
    });
    if (!violations.some(({id}) => id === "color-contrast")) all.forEach(each => inOrder.add(each));
    return violations.map(({id, help, nodes}) => [id, help, nodes.map(node => node.html)]);
}"""
# What the visitor has before them. No markup tells what they have ticked, and nobody else may get a council's colours
# before it is open.
TELL = """() => {
    const copy = document.documentElement.cloneNode(true), copied = copy.querySelectorAll("link[rel=stylesheet]");
    document.querySelectorAll("link[rel=stylesheet]").forEach((link, place) => {
        const {origin, pathname} = new URL(link.href);
        if (origin !== location.origin || pathname.startsWith("/assets/")) return;
        const colours = document.createElement("style");
        colours.textContent = [...link.sheet.cssRules].map(each => each.cssText).join("");
        copied[place].replaceWith(colours);
    });
    const ticked = [...document.querySelectorAll("input")].map(each => each.checked);
    return {markup: copy.outerHTML, ticked};
}"""
SHOW = """async ({address, markup, ticked}) => {
    const told = new DOMParser().parseFromString(markup, "text/html"), root = document.documentElement;
    told.querySelectorAll("script").forEach(each => each.remove());
    const base = told.createElement("base");
    base.href = address;
    told.head.prepend(base);
    [...root.attributes].forEach(each => root.removeAttribute(each.name));
    [...told.documentElement.attributes].forEach(each => root.setAttribute(each.name, each.value));
    const sheets = [...told.querySelectorAll("link[rel=stylesheet]")];
    const loading = sheets.map(each => new Promise((loaded, failed) => {
        each.onload = loaded;
        each.onerror = () => failed(new Error(`no ${each.href}`));
    }));
    document.head.replaceWith(document.adoptNode(told.head));
    document.body.replaceWith(document.adoptNode(told.body));
    document.querySelectorAll("input").forEach((each, place) => { each.checked = ticked[place]; });
    await Promise.all(loading);
}"""
# What a page shows where a template went wrong: tags, placeholders, Python.
TORN = re.compile(r"</?[a-z]+(?: [^>]*)?>|%\(\w+\)s|\{\{|Traceback|Undefined|\bNone\b(?! of)")
LOOK = """() => ({
    words: document.body.innerText,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    language: document.documentElement.lang,
    width: document.documentElement.scrollWidth,
    has_scripts: document.body.classList.contains("govuk-frontend-supported"),
})"""


def find_barriers(page: Page) -> list[str]:
    """Return what keeps somebody from using the page, in axe's words, each with the element it is about."""
    examiner = _examiner_of(page)
    examiner.evaluate(SHOW, page.evaluate(TELL) | {"address": page.url})
    found = examiner.evaluate(FIND_BARRIERS, LEVELS)
    return [f"{page.url} {rule}: {help_} – {html[:200]}" for rule, help_, places in found for html in places]


def _examiner_of(page: Page) -> Page:
    """Return a page on the same screen that shows what others show, where axe has been warm since its first look.

    In each page by itself axe would be read and compiled anew, which took most of the time of all journeys.
    """
    browser, screen = page.context.browser, page.viewport_size
    assert browser, "a journey's page is opened in a browser"
    assert screen, "a journey's page has a size"
    if browser not in _examiners:
        _examiners[browser] = browser.new_context(reduced_motion="reduce").new_page()
        _examiners[browser].evaluate(Axe().axe_script)
    if _examiners[browser].viewport_size != screen:
        _examiners[browser].set_viewport_size(screen)
    return _examiners[browser]


_examiners: WeakKeyDictionary[Browser, Page] = WeakKeyDictionary()


def check_page_on_both_screens(page: Page) -> None:
    """Check a page as it was opened, and again on a small phone."""
    check_page(page)
    wide = page.viewport_size
    assert wide, page.url
    page.set_viewport_size({"width": SMALL, "height": wide["height"]})
    check_page(page)
    page.set_viewport_size(wide)


def check_page(page: Page, *, language: str = "", meant: str = "") -> None:
    """Hold a page to what every page promises: no barrier, one heading, a title, nothing wider than the screen.

    ``meant`` is a pattern of what looks torn and is not, such as the placeholders of a template being written.
    """
    page.wait_for_load_state()
    seen = page.evaluate(LOOK)
    torn = [words for words in TORN.findall(seen["words"]) if not re.fullmatch(meant, words)]
    assert not torn, f"{page.url} shows {torn}"
    assert seen["title"].strip(), page.url
    assert seen["headings"] == 1, f"{page.url} has {seen['headings']} first headings"
    assert seen["language"] in ([language] if language else ["en", "cy"]), f"{page.url} is in {seen['language']!r}"
    screen = page.viewport_size["width"] if page.viewport_size else 0
    assert seen["width"] <= screen, f"{page.url} is {seen['width']} pixels wide on a screen of {screen}"
    assert not (seen["has_scripts"] and page in _switches), f"{page.url} ran scripts that were switched off"
    assert not (barriers := find_barriers(page)), "\n".join(barriers)


def look_at(page: Page, address: str, visit: dict[str, Any], *, picture: str = "", meant: str = "") -> None:
    """Go to an address and check the page, in the visit's language; with ``picture``, keep one of how it looks."""
    page.goto(address)
    check_page(page, language=visit.get("language", "en"), meant=meant)
    if picture and not visit:
        take_picture(page, picture)


def switch_scripts_off(page: Page) -> None:
    """Keep the scripts of what ``page`` shows from running."""
    _switches[page] = page.context.new_cdp_session(page)
    _switches[page].send("Emulation.setScriptExecutionDisabled", {"value": True})


_switches: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


def take_picture(page: Page, name: str) -> None:
    """Keep a picture of what the visitor sees, for the README."""
    if os.environ.get("TAKE_PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=PICTURES / f"{name}.png", scale="css")
