"""An email: its subject, its plain text, its HTML, and the line that mail programs show beside the subject."""

from dataclasses import dataclass

from guildhall.notify.domain.escaping import unescape
from guildhall.notify.domain.markdown.blocks import read_blocks
from guildhall.notify.domain.markdown.email_html import render_email_html
from guildhall.notify.domain.markdown.plain_text import render_plain_text, render_preheader
from guildhall.notify.domain.personalisation import NOTHING_GIVEN, Personalisation
from guildhall.notify.domain.typography import keep_from_linking, set_type
from guildhall.notify.domain.wording import (
    HTML_BODY,
    HTML_LINE,
    MARKED_PLAIN_BODY,
    MARKED_PLAIN_LINE,
    PLAIN_BODY,
    read_escaped_wording,
    read_wording,
)

LARGEST_EMAIL = 2_000_000
"""Bytes an email's text may have."""

_LONGEST_PREHEADER = 256
_UNSUPPORTED = {ord(character): None for character in "\u2028\u3164"}
_INVISIBLE = {ord(character): None for character in "\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """An email as a mail program shows it."""

    subject: str
    plain_text: str
    html: str
    preheader: str


def write_email(subject: str, body: str, given: Personalisation = NOTHING_GIVEN) -> EmailMessage:
    """Return the email that a template's subject and body become."""
    return EmailMessage(
        subject=write_subject(subject, given),
        plain_text=write_plain_text(body, given),
        html=write_html(body, given),
        preheader=write_preheader(body, given),
    )


def write_body(body: str, given: Personalisation = NOTHING_GIVEN) -> str:
    """Return the body with its values and its Markdown as typed: what an API tells, and what a size limit measures."""
    return read_wording(body).fill(given, PLAIN_BODY).strip()


def write_subject(subject: str, given: Personalisation = NOTHING_GIVEN) -> str:
    return _in_one_line(set_type(read_wording(subject).fill(given, MARKED_PLAIN_LINE)))


def write_subject_preview(subject: str, given: Personalisation = NOTHING_GIVEN) -> str:
    """Return the subject as HTML, with the gaps that nobody filled marked."""
    return _in_one_line(set_type(read_escaped_wording(subject).fill(given, HTML_LINE)))


def write_html(body: str, given: Personalisation = NOTHING_GIVEN) -> str:
    filled = read_escaped_wording(body).fill(given, HTML_BODY)
    return set_type(render_email_html(read_blocks(_ready_for_markdown(filled))))


def write_plain_text(body: str, given: Personalisation = NOTHING_GIVEN) -> str:
    filled = read_wording(body).fill(given, MARKED_PLAIN_BODY)
    text = set_type(render_plain_text(read_blocks(_ready_for_markdown(filled))))
    return f"{unescape(text).lstrip()}\n"


def write_preheader(body: str, given: Personalisation = NOTHING_GIVEN) -> str:
    return shorten_preheader(write_whole_preheader(body, given))


def write_whole_preheader(body: str, given: Personalisation = NOTHING_GIVEN) -> str:
    filled = read_escaped_wording(body).fill(given, HTML_BODY)
    text = set_type(render_preheader(read_blocks(_ready_for_markdown(filled))))
    return " ".join(text.split())


def shorten_preheader(whole: str) -> str:
    return whole[:_LONGEST_PREHEADER].strip()


def _ready_for_markdown(text: str) -> str:
    return keep_from_linking(text).translate(_UNSUPPORTED) + "\n"


def _in_one_line(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).split())
