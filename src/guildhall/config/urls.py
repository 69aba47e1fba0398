"""Addresses: every wire API at the root of one host, then staff and account pages, and last the councils' own.

Each module brings its addresses; the order here decides, because a council's slug would match almost anything.
Names of wire paths are reserved and can be no council's slug.
"""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# Most particular first: account's and services.forms' addresses begin with a council's slug.
_MODULES = (
    "guildhall.design.urls",
    "guildhall.notify.urls",
    "guildhall.pay.urls",
    "guildhall.identity.urls",
    "guildhall.organisations.urls",
    "guildhall.metering.urls",
    "guildhall.services.cases.urls",
    "guildhall.services.tracking.urls",
    "guildhall.account.urls",
    "guildhall.services.forms.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(module)) for module in _MODULES if find_spec(module)]

handler400 = "guildhall.design.pages.errors.bad_request"
handler403 = "guildhall.design.pages.errors.forbidden"
handler404 = "guildhall.design.pages.errors.not_found"
handler500 = "guildhall.design.pages.errors.server_error"
