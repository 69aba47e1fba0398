"""A template's words as a page of ours shows them: what a recipient will see, with the gaps still open."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from guildhall.kernel import clock
from guildhall.kernel.visitor import Language
from guildhall.metering.domain.tariff import published_tariff
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_message import write_html, write_subject_preview
from guildhall.notify.domain.paper.characters import MOST_CHARACTERS_NAMED
from guildhall.notify.domain.personalisation import NOTHING_GIVEN, Personalisation
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.domain.text_message import TextMessage, write_text_message

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
    fragments: int = 0
    cost: str = ""
    dearer: str = ""


def previews_of(
    pair: Pair, channel: Channel, *, prefix: str | None, given: Personalisation = NOTHING_GIVEN
) -> list[Preview]:
    """Return what a template says in each language that it is written in; gaps without a value are marked."""
    written: list[tuple[Language, Words]] = [("en", pair.english), ("cy", pair.welsh)]
    return [preview_of(language, words, channel, prefix, given) for language, words in written if not words.is_empty]


def preview_of(
    language: Language, words: Words, channel: Channel, prefix: str | None, given: Personalisation = NOTHING_GIVEN
) -> Preview:
    """Return what words in one language say."""
    if channel is Channel.SMS:
        text = write_text_message(words.body, given, prefix=prefix)
        body, cost = Markup.escape(text.content), cost_of(text.fragments)
        return Preview(language, Markup(""), body, text.fragments, cost, why_dearer(text))
    subject = in_our_looks(write_subject_preview(words.subject, given))
    return Preview(language, subject, in_our_looks(write_html(words.body, given)))


def why_dearer(text: TextMessage) -> str:
    """Return which characters make a text cost more, and by how much; empty when none does or could."""
    said: dict[str, object] = {"characters": " ".join(text.dear[:MOST_CHARACTERS_NAMED])}
    if dearer := text.dearer:
        said |= {"dear": dearer.fragments, "cheap": dearer.without}
        return _("Because of %(characters)s it counts as %(dear)s instead of %(cheap)s.") % said
    if text.outside_gsm:
        return _("With %(characters)s in it, 70 characters fit into a text message instead of 160.") % said
    return ""


def cost_of(units: int) -> str:
    """Return what units of a text cost today, outside any allowance, in words: "2.4p".

    A unit is a fragment, taken as many times as its country counts.
    """
    pence = units * published_tariff().rate_on(clock.london_day(clock.now())) * 100
    return _("%(pence)sp") % {"pence": f"{pence.normalize():f}"}


def in_our_looks(html: str) -> Markup:
    """Return an email's HTML with our page's classes for its styles, which a page of ours does not allow.

    Headings become bold paragraphs: an email's outline is not the page's.
    """
    html = _STYLE.sub("", html)
    for tag, ours in _CLASSES:
        html = tag.sub(ours, html)
    return Markup(html)  # noqa: S704 - everything that was typed was escaped by write_html
