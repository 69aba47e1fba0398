"""An email as it travels: its headers, its plain text and its HTML, as the bytes that mail servers are given.

Written by hand because the standard library's way takes a millisecond a message. Everything is plain ASCII on the wire;
no value can end a header line, because control characters are taken out of every header.
"""

import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import lru_cache
from urllib.parse import quote

import idna

from guildhall.notify.domain.email_document import email_page
from guildhall.notify.domain.email_merge import merge_email
from guildhall.notify.domain.sender import email_local_part
from guildhall.notify.ports import Outgoing

_CONTROLS = {code: None for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
_SHORT = 60
_LONGEST_LINE = 900
_URL_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


@dataclass(frozen=True, slots=True)
class Mail:
    """An email ready to go: the addresses on its envelope and its content. ``name`` is its Message-ID."""

    sender: str
    recipient: str
    name: str
    content: bytes


def write_mail(message: Outgoing, *, domain: str, names_end: str, now: datetime) -> Mail:
    """Return a message as an email from an address at ``domain``.

    Its Message-ID depends on nothing but the message and ``names_end``: whoever hands it over, and however often, a
    mailbox that has it already can tell.
    """
    email = merge_email(message.words.subject, message.words.body, message.given)
    sender = _address_of(message.local_part or message.sender_name, domain)
    recipient = _in_ascii(message.recipient)
    name = f"<{message.message_id}@{names_end}>"
    page = email_page(email, language="cy" if message.language == "cy" else "en", look=message.look)
    parts = (("plain", email.plain_text), ("html", page))
    boundary = f"=_{message.message_id.hex}"  # "=_" never stands in quoted-printable text
    head = _head(message, sender=sender, recipient=recipient, name=name, subject=email.subject, now=now)
    lines = [*head, f'Content-Type: multipart/alternative; boundary="{boundary}"', ""]
    content = [*(line.encode("ascii") for line in lines)]
    for kind, text in parts:
        content += [f"--{boundary}".encode(), _PART_HEAD % kind.encode(), _quoted_printable(text)]
    return Mail(sender, recipient, name, b"\r\n".join([*content, f"--{boundary}--".encode(), b""]))


_PART_HEAD = b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'


def _head(message: Outgoing, *, sender: str, recipient: str, name: str, subject: str, now: datetime) -> Iterator[str]:
    yield f"From: {_named(message.sender_name, sender)}"
    yield f"To: {recipient}"
    yield f"Subject: {_words(subject)}"
    yield f"Date: {format_datetime(now)}"
    yield f"Message-ID: {name}"
    if message.sender:
        yield f"Reply-To: {_in_ascii(message.sender)}"
    if message.unsubscribe_url and (url := _url(message.unsubscribe_url)):
        yield f"List-Unsubscribe: <{url}>"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    yield "MIME-Version: 1.0"


@lru_cache(maxsize=4096)
def _address_of(sender_name: str, domain: str) -> str:
    return f"{email_local_part(sender_name)}@{domain}"


@lru_cache(maxsize=4096)
def _named(name: str, address: str) -> str:
    clean = _clean(name)
    if clean.isascii() and len(clean) <= _SHORT:
        return formataddr((clean, address))
    return f"{Header(clean, 'utf-8', header_name='From').encode(linesep=_NEXT_LINE)}{_NEXT_LINE} <{address}>"


def _words(text: str) -> str:
    """Return text as a header carries it: as it is when short and plain, else in encoded words, which can be folded."""
    clean = _clean(text)
    if clean.isascii() and len(clean) <= _SHORT and "=?" not in clean:
        return clean
    return Header(clean, "utf-8", header_name="Subject").encode(linesep=_NEXT_LINE)


_NEXT_LINE = "\r\n"


def _clean(text: str) -> str:
    return text.translate(_CONTROLS)


def _in_ascii(address: str) -> str:
    clean = _clean(address)
    if clean.isascii():
        return clean
    local, _, host = clean.rpartition("@")
    return f"{quote(local)}@{idna.encode(host, uts46=True).decode('ascii')}"


def _url(url: str) -> str | None:
    written = quote(_clean(url), safe=_URL_SAFE).replace(",", "%2C")  # some readers split a list at any comma
    return written if len(written) <= _LONGEST_LINE else None


def _quoted_printable(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return binascii.b2a_qp(lines.encode(), istext=True)
