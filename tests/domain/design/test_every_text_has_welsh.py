"""What a page says in English it says in Welsh: nothing is left out, said past gettext, or filled differently."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.template import engines
from jinja2 import nodes

from guildhall.design import translations

SOURCE = translations.SOURCE
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))

# Options of GOV.UK's macros that a person reads or hears.
SPOKEN_OPTIONS = {
    "text",
    "html",
    "titleText",
    "ariaLabel",
    "label",
    "visuallyHiddenText",
    "menuButtonText",
    "summaryText",
    "alt",
}
SPOKEN_ATTRIBUTES = re.compile(r"""\b(?:aria-label|alt|title|placeholder)=["']([^"'{]*[A-Za-z]{2}[^"'{]*)["']""")
COOKIES = {"session", "csrftoken", "guildhall_language", "guildhall_answers", "frontend_state", "known_browser"}
NAMES = {"Guildhall", "GOV", "UK", "English", "Cymraeg", "CSV", "JSON", *COOKIES}
WEB_ADDRESS = re.compile(r"\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.ASCII)
TAGS = re.compile(r"<[^>]*>?|^[^<]*>|&[a-z]+;", re.DOTALL)
WORD = re.compile(r"[A-Za-z][A-Za-z_]+")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\(\(\w+\)\)|%\{\w+\}")


def test_every_text_of_pages_and_programs_has_welsh() -> None:
    welsh = [catalogue for _place, catalogue in translations.catalogues()]
    missing = translations.untranslated(translations.words_on_pages(), welsh)
    assert not missing, "add these to a locale/cy/LC_MESSAGES/django.po:\n" + "\n".join(missing)


MUTATES = re.compile(
    r"\b(?:i|o|am|ar|at|dan|dros|drwy|gan|heb|hyd|wrth|â|gyda|yn|neu) (?:%\(council\)s|\(\(council_cy\)\))",
    re.IGNORECASE,
)


def test_no_word_that_would_mutate_a_councils_name_stands_before_it() -> None:
    """“Cyngor” would have to be “i Gyngor”, “â Chyngor”, “yng Nghyngor”: the Welsh is written so that it stays."""
    pages = [str(message.string) for _place, catalogue in translations.catalogues() for message in catalogue]
    letters = [path.read_text() for path in SOURCE.rglob("*letters*.py")]
    found = [MUTATES.findall(text) for text in [*pages, *letters]]
    assert not [each for each in found if each]
    assert any("((council_cy))" in text for text in letters)
    assert any("%(council)s" in text for text in pages)


def test_a_text_without_welsh_is_found_with_its_place() -> None:
    words, welsh = Catalog(), Catalog(locale="cy")
    words.add("Good morning", locations=[("page.html", 3)])
    words.add("Good night", locations=[("page.html", 4)])
    welsh.add("Good morning", "Bore da")
    welsh.add("Good night", "")
    assert translations.untranslated(words, [welsh]) == ["page.html:4: 'Good night'"]


def test_a_text_that_counts_needs_every_form_of_its_welsh() -> None:
    words, welsh = Catalog(), Catalog(locale="cy")
    words.add(("one day", "%(n)s days"), locations=[("page.html", 1)])
    welsh.add(("one day", "%(n)s days"), ("un diwrnod", ""))
    assert len(translations.untranslated(words, [welsh])) == 1


def test_the_welsh_of_a_text_has_the_same_places_to_fill_in() -> None:
    for place, catalogue in translations.catalogues():
        for message in catalogue:
            if message.id:
                english = [message.id] if isinstance(message.id, str) else message.id
                welsh = [message.string] if isinstance(message.string, str) else message.string
                wanted = {frozenset(PLACEHOLDER.findall(side)) for side in english}
                assert {frozenset(PLACEHOLDER.findall(side)) for side in welsh} <= wanted, f"{place}: {message.id}"


def test_every_catalogue_says_that_its_translations_await_a_native_reader() -> None:
    places = [place for place, _catalogue in translations.catalogues()]
    assert places
    for place in places:
        assert "# Translations await a native reader" in place.read_text(), place


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_says_anything_but_through_gettext(template: Path) -> None:
    assert not list(untranslatable(template.read_text())), template


def test_plain_words_in_a_template_are_found() -> None:
    assert list(untranslatable("<p class='govuk-body'>Hello there</p>")) == ["Hello there"]
    assert list(untranslatable('{{ govukButton({"text": "Continue"}) }}')) == ["Continue"]
    assert list(untranslatable('<img alt="A bin"><p>{{ _("Bins") }}</p>')) == ["A bin"]
    assert not list(
        untranslatable('{% trans %}Hello there{% endtrans %}<a class="govuk-link" href="/x">{{ name }}</a>')
    )


def untranslatable(source: str) -> Iterator[str]:
    """Yield each piece of English that a template says without asking gettext."""
    tree = engines["jinja2"].env.parse(source)
    together = "\x00".join(piece.data for piece in tree.find_all(nodes.TemplateData))
    yield from (match[1] for match in SPOKEN_ATTRIBUTES.finditer(together))
    pieces = TAGS.sub("\x01", together).replace("\x00", "\x01").split("\x01")
    yield from (piece.strip() for piece in pieces if _speaks(piece))
    spoken = (pair for pair in tree.find_all(nodes.Pair) if getattr(pair.key, "value", None) in SPOKEN_OPTIONS)
    said_plainly = (pair.value.value for pair in spoken if isinstance(pair.value, nodes.Const))
    yield from (words for words in said_plainly if _speaks(str(words)))


def _speaks(piece: str) -> bool:
    """Say whether a piece holds words, beside names and web addresses, which are the same in every language."""
    return bool(set(WORD.findall(WEB_ADDRESS.sub("", piece))) - NAMES)
