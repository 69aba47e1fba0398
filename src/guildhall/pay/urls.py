"""Every address of pay."""

from django.urls import include, path

urlpatterns = [
    path("", include("guildhall.pay.wire.pay_v1.urls")),
    path("", include("guildhall.pay.pages.urls")),
]
