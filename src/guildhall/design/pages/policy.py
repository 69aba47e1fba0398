"""What browsers may do with a page of ours: nothing inline, nothing from elsewhere, in nobody's frame."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.response import HttpResponseBase

POLICY = "Content-Security-Policy"
TWO_YEARS = "max-age=63072000; includeSubDomains"


def content_security_policy(*form_targets: str) -> str:
    """Return the policy, with other sites that this page's form may end at."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            " ".join(("form-action 'self'", *form_targets)),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


HEADERS = {
    POLICY: content_security_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def headers_of_every_answer() -> dict[str, str]:
    """Return what every answer carries; where the base URL is https, browsers are to ask over TLS only."""
    return HEADERS | ({"Strict-Transport-Security": TWO_YEARS} if settings.OVER_TLS else {})


def let_the_form_lead_to(response: HttpResponseBase, url: str) -> None:
    """Let the form on this page end at another site, such as the service that asked for a payment or a sign-in.

    Browsers hold the redirect after a form to the policy of the page with the form, so that page must name the site.
    """
    target = urlsplit(url)
    if target.scheme in ("http", "https") and target.hostname:
        response.headers[POLICY] = content_security_policy(f"{target.scheme}://{target.netloc.rpartition('@')[2]}")
