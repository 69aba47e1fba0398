"""Addresses: every wire API at the root of one host, then staff and account pages, and last the councils' own.

Each module brings its addresses; the order here decides, because a council's slug would match almost anything.
Names of wire paths are reserved and can be no council's slug.
"""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_MODULES = (
    "guildhall.notify.urls",
    "guildhall.pay.urls",
    "guildhall.identity.urls",
    "guildhall.metering.urls",
    "guildhall.services.cases.urls",
    # The last word under /v1, where several modules may serve: after them all, and before what a slug would match.
    "guildhall.pay.wire.pay_v1.nowhere",
    # Addresses of these begin with a council's slug, the most particular first.
    "guildhall.design.urls",
    "guildhall.organisations.urls",
    "guildhall.services.tracking.urls",
    "guildhall.account.urls",
    "guildhall.services.forms.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(module)) for module in _MODULES if find_spec(module)]

handler400 = "guildhall.design.pages.errors.bad_request"
handler403 = "guildhall.design.pages.errors.forbidden"
handler404 = "guildhall.design.pages.errors.not_found"
handler500 = "guildhall.design.pages.errors.server_error"
