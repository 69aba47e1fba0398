"""Addresses of GOV.UK Pay's API, at the root: its clients join absolute paths to a host.

Each is served with a slash at its end too, as alphagov/pay-publicapi's framework does.
"""

from django.urls import URLPattern, path

from guildhall.pay.wire.pay_v1 import views
from guildhall.pay.wire.pay_v1.auth import View, address, not_built


def at(route: str, view: View) -> list[URLPattern]:
    """Return the patterns of an address, without and with a slash at its end."""
    return [path(route, view), path(f"{route}/", view)]


urlpatterns = [
    *at("v1/payments", address(POST=views.create, GET=not_built("search"))),
    *at("v1/payments/<str:payment>", address(GET=views.show)),
    *at("v1/payments/<str:payment>/cancel", address(POST=views.cancel)),
    *at("v1/payments/<str:payment>/capture", address(POST=views.capture)),
    *at("v1/payments/<str:payment>/events", address(GET=not_built("events"))),
    *at("v1/payments/<str:payment>/refunds", address(GET=not_built("list_refunds"), POST=not_built("refund"))),
    *at("v1/payments/<str:payment>/refunds/<str:refund>", address(GET=not_built("get_refund"))),
    *at("v1/refunds", address(GET=not_built("search_refunds"))),
    *at("v1/disputes", address(GET=not_built("search_disputes"))),
    *at("v1/agreements", address(GET=not_built("search_agreements"), POST=not_built("create_agreement"))),
    *at("v1/agreements/<str:agreement>", address(GET=not_built("get_agreement"))),
    *at("v1/agreements/<str:agreement>/cancel", address(POST=not_built("cancel_agreement"))),
    *at("v1/payment_notification", address(POST=not_built("notify_payment"))),
    *at("request-denied", views.request_denied),
]
