"""What an XGov definition says is said here too: no word is lost, none touch, and no wording stands in the way.

How a browser sets elements is HTML's; which classes make a block of any element is alphagov/govuk-frontend's.
"""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.services_forms.test_xgov import ENGLISH, NUMBER, WELSH, reasons, small

from guildhall.services.forms.domain.guidance import blocks
from guildhall.services.forms.domain.xgov import import_xgov
from guildhall.services.forms.domain.xgov.markup import NotGuidance, read_markup, read_words, to_guidance

TEXT = {"type": "TextField", "name": "t", "title": "What is your name?"}


def imported(*components: dict[str, Any], **more: Any) -> Any:
    return import_xgov(small(*components, **more), workflow="grant")


def asked(component: dict[str, Any]) -> Any:
    return imported(component).definition.questions[component["name"]]


def notes(*components: dict[str, Any], **more: Any) -> list[str]:
    """Return what is noted, but for the pages of the small form that nobody gets to."""
    said = [str(note) for note in imported(*components, **more).notes]
    return [note for note in said if "Nobody can get to this page" not in note]


# -- markup -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "guidance"),
    [
        ("<b>Name</b><b>Jo</b>", "**Name** **Jo**"),
        ("<span>One</span><span>two</span>", "One two"),
        ("<b>N</b>ame", "**N**ame"),
        ("H<sub>2</sub>O", "H2O"),
        ("one<br>two<br/>three</br>four", "one\n\ntwo\n\nthree\n\nfour"),
        ("<div>one</div><div>two</div>three", "one\n\ntwo\n\nthree"),
        ("<span class='govuk-heading-m'>Title</span>text", "## Title\n\ntext"),
        ("<strong class='govuk-heading-s'>Title</strong>text", "### Title\n\ntext"),
        ("<span class='govuk-caption-l'>Part 1</span>text", "Part 1\n\ntext"),
        ("<a class='govuk-button' href='https://a.uk'>Go</a>text", "[Go](https://a.uk)\n\ntext"),
        ("<span style='color:red; display: block'>one</span>two", "one\n\ntwo"),
        ("<span class='govuk-visually-hidden'>one</span> two", "one two"),
        ("<fieldset><legend>Who?</legend><label>You</label><label>Them</label></fieldset>", "Who?\n\nYou\n\nThem"),
        (
            "<details><summary><span class='govuk-details__summary-text'>Help</span></summary>Text</details>",
            "### Help\n\nText",
        ),
        (
            "<table><tr><th>Size</th><td>Big</td></tr><tr><th>Cost</th><td>£2</td></tr></table>",
            "- Size – Big\n- Cost – £2",
        ),
        ("<dl><dt>Size</dt><dd>Big</dd></dl>", "Size\n\nBig"),
        ("<ul><li><p>one</p><p>more</p></li><li>two<ul><li>three</li></ul></li></ul>", "- one more\n- two\n- three"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n1. two"),
        ("<h2>One<br>two</h2>three", "## One two\n\nthree"),
        ("<a href='https://a.uk'><div>One</div>two</a> three", "[One two](https://a.uk) three"),
        ("<a href='https://a.uk/a (b)'>x</a>", "[x](https://a.uk/a%20%28b%29)"),
        ("a < b &amp; c > d", "a < b & c > d"),
        ("one<!-- <b>never</b> -->two", "onetwo"),
        ("<style>p { color: red }</style>one", "one"),
        ("<blink>one</blink><x-custom>two</x-custom>", "one two"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("one</div></b>two", "onetwo"),
    ],
)
def test_blocks_end_lines_and_words_of_two_elements_never_touch(html: str, guidance: str) -> None:
    assert to_guidance(html) == guidance


INLINE = st.sampled_from(["b", "strong", "i", "em", "span", "u", "small", "a", "abbr"])
BLOCK = st.sampled_from(["p", "div", "li", "h2", "label", "fieldset", "legend", "section", "td", "summary", "dd"])
WORD = st.text("abcdefg*[]_#-&<>1.", min_size=1, max_size=6).filter(str.split)
TREE = st.recursive(
    WORD, lambda inner: st.tuples(INLINE | BLOCK, st.lists(inner, min_size=1, max_size=3)), max_leaves=12
)


def written(tree: Any) -> str:
    if isinstance(tree, str):
        return tree.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    name, inside = tree
    return f"<{name}>{''.join(map(written, inside))}</{name}>"


def leaves(tree: Any) -> list[str]:
    return [tree] if isinstance(tree, str) else [leaf for each in tree[1] for leaf in leaves(each)]


@given(st.lists(TREE, min_size=1, max_size=4))
def test_no_word_of_any_markup_is_lost_or_changed(trees: list[Any]) -> None:
    words = read_markup("".join(map(written, trees))).words
    assert "".join(words.split()).replace("–", "") == "".join(leaf for tree in trees for leaf in leaves(tree))


@given(WORD, WORD, INLINE | BLOCK, INLINE | BLOCK)
def test_words_of_neighbours_never_touch_whatever_the_elements(one: str, two: str, first: str, second: str) -> None:
    words = read_markup(written((first, [one])) + written((second, [two]))).words
    assert words.replace(" – ", " ").split() == [one, two]


@pytest.mark.parametrize("tag", ["script", "iframe", "object", "form", "input", "button", "select", "video"])
def test_what_does_more_than_say_something_is_refused_by_name(tag: str) -> None:
    for read in (read_markup, read_words):
        with pytest.raises(NotGuidance) as refused:
            read(f"one <{tag.upper()} src=x>")
        assert refused.value.what == f"<{tag}>"


@pytest.mark.parametrize("template", ["{{ name }}", "{% if a %}", "{# a #}", "{{"])
@pytest.mark.parametrize("key", ["title", "hint"])
def test_words_that_change_with_the_answers_are_refused_wherever_they_stand(template: str, key: str) -> None:
    [reason] = reasons(small(TEXT | {key: f"Dear {template}"}))
    assert "The words depend on the person who reads them" in reason


@pytest.mark.parametrize(
    "address",
    ["property-address", "/form/next-page", "#top", "javascript:alert(1)", "//evil.example", "data:text/html,x", ""],
)
def test_a_link_that_leads_nowhere_here_leaves_its_words(address: str) -> None:
    said = read_markup(f"See <a href='{address}'>the page</a>.")
    assert said.guidance == "See the page."
    assert said.left_out == (address,)


def test_a_picture_leaves_the_words_that_stand_for_it_and_a_note() -> None:
    picture = {"type": "Html", "name": "h", "content": "<p>See <img src='map.png' alt='a map of Wrexham'></p>"}
    page = imported(picture, TEXT).definition.pages[0]
    assert page.guidance.en == "See a map of Wrexham"
    assert "A picture is left out" in notes(picture, TEXT)[0]


def test_a_title_is_words_whatever_is_written_into_it() -> None:
    assert asked(TEXT | {"title": "<b>N</b>ame &amp; <i>address</i>"}).text.en == "Name & address"
    assert asked(TEXT | {"title": "Less than < 5 and > 3"}).text.en == "Less than < 5 and > 3"
    assert asked(TEXT | {"title": "**Not** [bold](x)"}).text.en == "**Not** [bold](x)"


# -- hints ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hint", "kept"),
    [
        ("What is your name?", ""),
        ("<label class='govuk-label'>What is your NAME</label>", ""),
        ("<p>What is your name:</p><p>As on your passport</p>", "As on your passport"),
        ("What is your name? As on your passport", "What is your name? As on your passport"),
        ("As on your passport", "As on your passport"),
    ],
)
def test_a_hint_that_repeats_its_label_loses_the_repetition(hint: str, kept: str) -> None:
    assert asked(TEXT | {"hint": hint}).hint.en == kept


def test_a_hint_loses_a_page_title_that_became_the_question() -> None:
    hidden = TEXT | {"hint": "A", "options": {"hideTitle": True}}
    assert (asked(hidden).text.en, asked(hidden).hint.en) == ("A", "")


def test_each_language_is_compared_with_its_own() -> None:
    english, welsh = copy.deepcopy(ENGLISH), copy.deepcopy(WELSH)
    for form in (english, welsh):
        field = form["pages"][3]["components"][0]
        field["hint"] = f"<p>{field['title']}</p><p>{form['startPage']}</p>"
    form = import_xgov(english, welsh, workflow="grant").definition
    assert form.questions["fZAMFv"].hint == (type(form.title))(english["startPage"], welsh["startPage"])


# -- content ----------------------------------------------------------------------------------------------------------

ITEMS = {
    "name": "l",
    "items": [{"text": "one", "value": "1"}, {"text": "two", "value": "2", "description": "Two <b>things</b>"}],
}


@pytest.mark.parametrize(
    ("component", "guidance"),
    [
        ({"type": "List", "name": "c", "list": "l"}, "- one\n- Two **things**"),
        ({"type": "List", "name": "c", "list": "l", "options": {"type": "numbered"}}, "1. one\n1. Two **things**"),
        ({"type": "FlashCard", "name": "c", "list": "l"}, "- one\n- Two **things**"),
        ({"type": "Details", "name": "c", "title": "Help", "content": "Text"}, "### Help\n\nText"),
        ({"type": "Details", "name": "c", "content": "Text"}, "Text"),
        ({"type": "InsetText", "name": "c", "content": "Text"}, "Text"),
    ],
)
def test_what_a_page_says_is_its_guidance(component: dict[str, Any], guidance: str) -> None:
    assert imported(component, TEXT, lists=[ITEMS]).definition.pages[0].guidance.en == guidance


def test_components_that_come_after_the_button_are_kept() -> None:
    english = small(TEXT)
    english["pages"][0]["componentsAfter"] = [{"type": "Para", "content": "Or ring us"}]
    assert import_xgov(english, workflow="grant").definition.pages[0].guidance.en == "Or ring us"


def test_words_about_what_happens_next_are_kept() -> None:
    special = {
        "confirmationPage": {
            "customText": {"nextSteps": "<p>We <b>read</b> it</p>", "title": "Done"},
            "components": [{"type": "Html", "content": "<p>and write</p>"}],
        }
    }
    assert imported(TEXT, specialPages=special).definition.what_happens_next.en == "We **read** it\n\nand write"
    assert notes(TEXT, specialPages=special) == ["specialPages: Its own words for “title” are left out: “Done”."]


def test_words_where_answers_are_checked_are_noted() -> None:
    english = small(TEXT)
    english["pages"][3]["components"] = [{"type": "Para", "content": "Look at everything"}]
    assert "“Look at everything”" in str(import_xgov(english, workflow="grant").notes[0])


@pytest.mark.parametrize("length", [251, 900])
def test_a_long_title_is_no_reason_to_refuse(length: int) -> None:
    assert len(asked(TEXT | {"title": "x" * length}).text.en) == length


# -- wording in options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"summaryTitle": "Name"},
        {"customText": {"a": "b"}},
        {"customTitles": ["a"]},
        {"labelHint": "x"},
        {"disableChangingFromSummary": True},
        {"prefix": "https://"},
        {"suffix": "kg"},
    ],
)
def test_wording_is_noted_and_never_refused(options: dict[str, Any]) -> None:
    [note] = notes(TEXT | {"options": options})
    assert note.startswith(f"pages[/a].t: Its own words for “{next(iter(options))}” are left out")


@pytest.mark.parametrize(
    "options",
    [
        {"classes": "x", "optionalText": False, "autocomplete": "name", "exposeToContext": True},
        {"hideTitle": False, "rows": 5, "allowPrePopulation": True, "isInternational": True},
        {"summaryTitle": "", "customValidationMessages": {}, "regex": "", "maxWords": None},
    ],
)
def test_looks_and_empty_options_are_not_worth_a_note(options: dict[str, Any]) -> None:
    assert notes(TEXT | {"options": options}) == []


@pytest.mark.parametrize("name", ["customValidationMessage", "customValidationMessages", "errorMessage"])
def test_messages_are_noted_where_ours_are_told(name: str) -> None:
    messages = {"string.empty": "Enter a name"} if name.endswith("s") else "Enter a name"
    assert notes(TEXT | {"options": {name: messages}}) == [
        "pages[/a].t: Its own error message is left out: people see the standard ones."
    ]


@pytest.mark.parametrize(
    "messages",
    [
        {"customValidationMessage": "At most five"},
        {"customValidationMessages": {"number.max": "At most five"}},
        {"customValidationMessages": {"number.max": "At most five", "number.min": "At most five"}},
    ],
)
def test_a_message_about_bounds_is_told_in_its_own_words(messages: dict[str, Any]) -> None:
    assert asked(NUMBER | {"options": messages}).range_message.en == "At most five"
    assert notes(NUMBER | {"options": messages}) == []


@pytest.mark.parametrize(
    "messages", [{"number.max": "{{#label}} is too big"}, {"number.max": "a", "number.min": "b"}, {"number.max": 5}]
)
def test_a_message_that_is_more_than_words_is_noted(messages: dict[str, Any]) -> None:
    number = NUMBER | {"schema": {"min": 1, "max": 5}, "options": {"customValidationMessages": messages}}
    assert asked(number).range_message.en == ""
    assert len(notes(number)) == 1


def test_what_is_said_besides_about_other_mistakes_is_noted() -> None:
    messages = {"number.max": "At most five", "number.base": "Not a number"}
    number = NUMBER | {"options": {"customValidationMessages": messages}}
    assert asked(number).range_message.en == "At most five"
    assert len(notes(number)) == 1


def test_guidance_reads_back_as_it_was_said() -> None:
    said = to_guidance("<p>1. is [not] a *list*</p><ul><li># one</li></ul>")
    assert [[span.words for span in line] for block in blocks(said) for line in block.lines] == [
        ["1. is [not] a *list*"],
        ["# one"],
    ]
