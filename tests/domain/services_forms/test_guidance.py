"""Guidance is a small part of Markdown; everything else in it is words."""

from hypothesis import given
from hypothesis import strategies as st

from guildhall.services.forms.domain.guidance import Block, Span, as_paragraph, blocks, escaped, unsafe_addresses


def test_guidance_is_read_as_blocks() -> None:
    read = blocks("## Before\nYou need **a card**\nand [help](/help).\n\n- one\n- two\n\n1. first")
    assert read == (
        Block("heading-2", ((Span("Before"),),)),
        Block(
            "paragraph",
            (
                (
                    Span("You need "),
                    Span("a card", is_bold=True),
                    Span(" and "),
                    Span("help", address="/help"),
                    Span("."),
                ),
            ),
        ),
        Block("bullets", ((Span("one"),), (Span("two"),))),
        Block("numbers", ((Span("first"),),)),
    )


def test_a_link_that_could_run_something_is_shown_as_words() -> None:
    assert blocks("[x](javascript:alert(1))")[0].lines[0][0] == Span("x (javascript:alert(1))")
    assert unsafe_addresses("[x](javascript:alert(1)) [y](//elsewhere) [z](https://example.com)") == (
        "javascript:alert(1)",
        "//elsewhere",
    )


def test_html_is_words() -> None:
    assert blocks("<script>alert(1)</script>")[0].lines == ((Span("<script>alert(1)</script>"),),)


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_escaped_words_are_read_back_as_themselves(words: str) -> None:
    line = " ".join(words.split())
    read = blocks(as_paragraph(escaped(line)))
    assert "".join(span.words for block in read for spans in block.lines for span in spans) == line
    assert all(block.kind == "paragraph" for block in read)
    assert not any(span.is_bold or span.address for block in read for spans in block.lines for span in spans)


@given(st.text())
def test_no_words_break_the_reader(words: str) -> None:
    assert all(span.words for block in blocks(words) for spans in block.lines for span in spans)
