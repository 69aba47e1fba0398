"""The dialect's own rules, as its source writes them, against our readers, which answer the same in linear time.

Source of the rules: lepture/mistune 0.8.4:mistune.py and alphagov/notifications-utils:notifications_utils/
(markdown.py, formatters.py, sanitise_text.py). They backtrack, and so they are tried on short texts only.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from guildhall.notify.domain.escaping import escape, unescape
from guildhall.notify.domain.markdown import blocks
from guildhall.notify.domain.markdown.beginnings import Beginnings
from guildhall.notify.domain.markdown.blocks import read_blocks
from guildhall.notify.domain.markdown.inline import read_inline
from guildhall.notify.domain.markdown.links import Links
from guildhall.notify.domain.markdown.tree import Link, Paragraph, Words
from guildhall.notify.domain.sanitising import sanitise
from guildhall.notify.domain.text_message import tidy
from guildhall.notify.domain.typography import curl_quotes, set_type

LINK = re.compile(
    r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
    r"\(\s*(<)?([\s\S]*?)(?(2)>)(?:\s+['\"]([\s\S]*?)['\"])?\s*\)"
)
HEADING = re.compile(r" *(#{1,6}) *([^\n]+?) *#* *(?:\n+|\Z)")
FENCES = re.compile(r"(`{3,}|~{3,}) *[^`\s]* *\n([\s\S]+?)\s*\1 *(?:\n+|\Z)")
REFERENCE = re.compile(r" *\[[^\]^][^\]]*\]: *<?[^\s>]+>?(?: +[\"(][^\n]+[\")])? *(?:\n+|\Z)")
LIST = re.compile(
    r"( *)(?:[•*-]|\d+\.)[\s\S]+?(?:\n+(?=\1?(?:[-*_] *){3,}(?:\n+|\Z))"
    rf"|\n+(?={REFERENCE.pattern})|\n{{2,}}(?! )(?!\1(?:[•*-]|\d+\.) )\n*|\s*\Z)"
)
ADDRESS = re.compile(r"\b(?<![@.])(https?://)?([\w\-]+\.)+([a-z]{2,63})(?!@)\b([/?#][^<\s]*)?", re.IGNORECASE)

often = settings(max_examples=400, deadline=None)


def texts(*pieces: str) -> some.SearchStrategy[str]:
    return some.lists(some.sampled_from(pieces), max_size=14).map("".join)


@often
@given(texts("a", "[", "]", "](", ")", "(", "<", ">", " ", '"', "'", "\n", "[a](b)", ' "t")', "\x0b"))
def test_a_link_is_what_the_dialects_rule_says(text: str) -> None:
    links = Links(text)
    for at in range(len(text)):
        match, found = LINK.match(text, at), links.find(at)
        assert (match is None) == (found is None)
        if match and found:
            assert (match[3], match[4] or "", match.end()) == (found.address, found.title, found.end)
            assert match[1] == text[at + 1 : found.words_end]


@often
@given(texts("a", "#", "##", "######", " ", "  ", "x #"))
def test_a_heading_is_what_the_dialects_rule_says(line: str) -> None:
    match, found = HEADING.match(line), Beginnings(line).find_heading(0)
    assert (match and (len(match[1]), match[2], match.end())) == (found and (found.level, found.words, found.end))


@often
@given(texts("```", "````", "`", "~~~", "~~~~", "~", "\n", "\n", " ", "a", "word\n", "\x0b"))
def test_what_stands_between_fences_is_what_the_dialects_rule_says(text: str) -> None:
    part = Beginnings(text)
    for at in range(len(text)):
        if at and text[at - 1] == text[at]:
            continue  # the middle of a fence begins nothing
        match, found = FENCES.match(text, at), part.find_fenced(at)
        assert (match and (match[2], match.end())) == (found and (found.content, found.end))


@often
@given(texts("[a", "[", "]", "]: ", "x", "<x>", '"t"', "(t)", " ", "\n", "^", "\n[a]: b\n"))
def test_a_reference_is_what_the_dialects_rule_says(text: str) -> None:
    part = Beginnings(text)
    for at in range(len(text)):
        match = REFERENCE.match(text, at)
        assert (match.end() if match else -1) == part.find_end_of_reference(at)


@often
@given(texts("* a", "* ", "\n", "\n\n", "\n\n\n", "---", "- - -", " ", "  ", "1. ", "[a]: b", "b", "\x0b", "•", "12"))
def test_a_list_ends_where_the_dialects_rule_says(text: str) -> None:
    text = f"* a{text}b"
    match, read = LIST.match(text), blocks._list(blocks._Part(text, 0), 0)
    assert match and read and match.end() == read[1]


@often
@given(texts("a", "b", "com", "uk", ".", ".", "-", "_", "/", "?", "#", "@", "http://", "HTTPS://", "é", " ", "<", ":"))
def test_an_address_that_is_broken_is_what_the_dialects_rule_says(text: str) -> None:
    def broken(address: re.Match[str]) -> str:
        return address[0].replace(".", ". ") if re.fullmatch(r"[a-zA-Z0-9.\-]+", address[0]) else ""

    assert sanitise(text) == re.sub(r"([`*_()\\{}\[\]<>#+\-.!|])", r"\\\1", ADDRESS.sub(broken, text))


@often
@given(texts("a", " ", "  ", "\t", "\n", ",", ".", "-", "--", "–", "\x0b"))
def test_spaces_before_points_and_around_dashes_are_those_of_the_dialects_rules(text: str) -> None:
    without = re.sub(r"[ \t]+([,.])", r"\1", text)
    assert set_type(text) == re.sub(r"\s+[-–—]{1,3}\s+", " – ", without)
    assert "".join(tidy(text).split()) == "".join(tidy(without).split())


@often
@given(texts("<", ">", "<!--", "-->", "--", " ", "a", "<a>", "</a>", '"', "'"))
def test_quotation_marks_in_tags_stay_straight(text: str) -> None:
    tags = re.findall(r"<!--.*?--\s*>|<[^>]*>", text)
    position = 0
    for tag in tags:
        position = curl_quotes(text).index(tag, position) + len(tag)


def test_links_within_links_are_read_to_a_depth() -> None:
    text = "[" * 3_000 + "a" + "](https://b.c)" * 3_000
    depth, piece = 0, read_inline(text)[0]
    while isinstance(piece, Link):
        depth, piece = depth + 1, piece.content[0]
    assert depth == 7 and isinstance(piece, Words)


def test_whatever_closes_far_away_closes() -> None:
    filling = "word " * 2_000
    [link] = read_inline(f"[{filling}](https://a.b '{filling}')")
    assert isinstance(link, Link) and link.title == filling
    assert read_inline(f"<b>{filling}</b> <!--{filling}-->") == (Words(f"<b>{filling}</b> <!--{filling}-->"),)
    [paragraph] = read_blocks(f"[{filling}](https://a.b)")
    assert isinstance(paragraph, Paragraph) and isinstance(paragraph.content[0], Link)


@pytest.mark.parametrize(
    ("entity", "character"),
    [("&#10;", "\n"), ("&#0;", "\ufffd"), ("&#X00041;", "A"), ("&#1114109;", "\U0010fffd"), ("&#1114112;", "\ufffd")],
)
def test_an_entity_is_the_character_of_its_number(entity: str, character: str) -> None:
    assert unescape(entity) == escape(entity) == character


@pytest.mark.parametrize("digits", ["1" * 5_000, "x" + "f" * 5_000])
def test_an_entity_of_more_digits_than_python_counts_with_is_no_character(digits: str) -> None:
    assert unescape(f"&#{digits};") == escape(f"&#{digits};") == "\ufffd"
    assert unescape(f"&#{'0' * 5_000}65;") == "A"
