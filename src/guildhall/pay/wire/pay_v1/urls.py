"""Addresses of GOV.UK Pay's API, at the root: its clients join absolute paths to a host."""

from django.urls import path

from guildhall.pay.wire.pay_v1 import views

urlpatterns = [
    path("v1/payments", views.create),
    path("v1/payments/<str:payment>", views.show),
    path("v1/payments/<str:payment>/cancel", views.cancel),
    path("v1/payments/<str:payment>/capture", views.capture),
    path("request-denied", views.request_denied),
]
