"""An email's HTML as a whole page: what stands around the words, so that every mail program shows them alike."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

from guildhall.notify.domain.email_message import EmailMessage

_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{subject}</title>
</head>
<body style="font-family: Helvetica, Arial, sans-serif; font-size: 16px; margin: 0; color: #0B0C0C;">
<span style="display: none; font-size: 1px; color: #fff; max-height: 0;">{preheader}</span>
{head}<table role="presentation" width="100%" style="border-collapse: collapse;"><tr><td align="left" \
style="padding: 20px 10px; max-width: 580px; font-family: Helvetica, Arial, sans-serif;">
<div style="max-width: 580px;">{body}</div>
</td></tr></table>
</body>
</html>
"""
_HEAD = """\
<table role="presentation" width="100%" style="border-collapse: collapse;{ground}"><tr><td align="left" \
style="padding: 10px;{edge}">{logo}</td></tr></table>
"""
_LOGO = '<img src="{url}" alt="{alt}" height="60" style="display: block; height: 60px; border: 0; {words}">'


@dataclass(frozen=True, slots=True)
class EmailLook:
    """What stands above the words of an email: a logo, a colour, or the logo on a banner of the colour.

    A colour without a banner is a line beside the logo. ``colour`` is written as style sheets write it.
    """

    logo_url: str = ""
    logo_alt: str = ""
    colour: str = ""
    is_banner: bool = False

    @property
    def is_plain(self) -> bool:
        return not self.logo_url and not self.colour


PLAIN_LOOK = EmailLook()


def email_page(email: EmailMessage, *, language: str, look: EmailLook = PLAIN_LOOK) -> str:
    """Return the HTML page of an email."""
    return _PAGE.format(
        language=language,
        subject=escape(email.subject),
        preheader=email.preheader,
        body=email.html,
        head=_head(look),
    )


@lru_cache(maxsize=1024)
def _head(look: EmailLook) -> str:
    if look.is_plain:
        return ""
    is_banner = look.is_banner and bool(look.colour)
    words = f"color: {_readable_on(look.colour)};" if is_banner else "color: #0B0C0C;"
    logo = (
        _LOGO.format(url=escape(look.logo_url), alt=escape(look.logo_alt), words=words) if look.logo_url else "&nbsp;"
    )
    ground = f" background-color: {look.colour};" if is_banner else ""
    edge = f" border-left: 2px solid {look.colour};" if look.colour and not is_banner else ""
    return _HEAD.format(ground=ground, edge=edge, logo=logo if look.logo_url else "&nbsp;")


def _readable_on(colour: str) -> str:
    """Return black or white, whichever stands out more: a logo's words are shown where its picture is not."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    brightness = 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)
    return "#FFFFFF" if 1.05 / (brightness + 0.05) >= (brightness + 0.05) / 0.05 else "#0B0C0C"


def _linear(part: float) -> float:
    """Undo a screen's correction of one part of a colour (WCAG 2.2, relative luminance)."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
