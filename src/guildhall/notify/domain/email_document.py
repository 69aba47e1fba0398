"""An email's HTML as a whole page: what stands around the words, so that every mail program shows them alike."""

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
<table role="presentation" width="100%" style="border-collapse: collapse;"><tr><td align="left" \
style="padding: 20px 10px; max-width: 580px; font-family: Helvetica, Arial, sans-serif;">
<div style="max-width: 580px;">{body}</div>
</td></tr></table>
</body>
</html>
"""


def email_page(email: EmailMessage, *, language: str) -> str:
    """Return the HTML page of an email."""
    return _PAGE.format(language=language, subject=escape(email.subject), preheader=email.preheader, body=email.html)
