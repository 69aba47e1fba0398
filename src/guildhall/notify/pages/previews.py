"""A template's words as a page of ours shows them: what a recipient will see, with the gaps still open."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from guildhall.kernel.visitor import Language
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_message import write_html, write_subject_preview
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.domain.text_message import write_text_message

_STYLE = re.compile(r' style="[^"]*"')
_CLASSES = (
    (re.compile(r"<p>"), '<p class="govuk-body">'),
    (re.compile(r"<a "), '<a class="govuk-link" '),
    (re.compile(r"<ul>"), '<ul class="govuk-list govuk-list--bullet">'),
    (re.compile(r"<ol>"), '<ol class="govuk-list govuk-list--number">'),
    (re.compile(r"<h2>"), '<p class="govuk-heading-m">'),
    (re.compile(r"<h3>"), '<p class="govuk-heading-s">'),
    (re.compile(r"</h[23]>"), "</p>"),
    (re.compile(r"<table role=\"presentation\"><tr><td>|</td></tr></table>"), ""),
    (re.compile(r"<div><blockquote>"), '<div class="govuk-inset-text">'),
    (re.compile(r"</blockquote></div>"), "</div>"),
    (re.compile(r"<hr>"), '<hr class="govuk-section-break govuk-section-break--visible govuk-section-break--m">'),
    (re.compile(r"<span class='placeholder(?:-conditional)?'>"), '<mark class="placeholder">'),
    (re.compile(r"</span>"), "</mark>"),
)


@dataclass(frozen=True)
class Preview:
    """One language of a template, ready to be shown."""

    language: Language
    subject: Markup
    body: Markup
    fragments: int


def previews_of(pair: Pair, channel: Channel, *, prefix: str | None) -> list[Preview]:
    """Return what a template says in each language that it is written in."""
    written: list[tuple[Language, Words]] = [("en", pair.english), ("cy", pair.welsh)]
    return [_PREVIEW[channel](language, words, prefix) for language, words in written if not words.is_empty]


def _preview_of_email(language: Language, words: Words, prefix: str | None) -> Preview:
    return Preview(
        language, _in_our_looks(write_subject_preview(words.subject)), _in_our_looks(write_html(words.body)), 0
    )


def _preview_of_text(language: Language, words: Words, prefix: str | None) -> Preview:
    text = write_text_message(words.body, prefix=prefix)
    return Preview(language, Markup(""), Markup.escape(text.content), text.fragments)


_PREVIEW = {Channel.EMAIL: _preview_of_email, Channel.SMS: _preview_of_text}


def _in_our_looks(html: str) -> Markup:
    """Return an email's HTML with our page's classes for its styles, which a page of ours does not allow.

    Headings become bold paragraphs: an email's outline is not the page's.
    """
    html = _STYLE.sub("", html)
    for tag, ours in _CLASSES:
        html = tag.sub(ours, html)
    return Markup(html)  # noqa: S704 - everything that was typed was escaped by write_html
