"""Addresses of the pages. Those of payers are GOV.UK Pay's own (pay contract 10)."""

from django.urls import path

from guildhall.pay.pages import paying, staff

app_name = "pay"

urlpatterns = [
    path("secure", paying.open_by_form, name="open-by-form"),
    path("secure/<str:token>", paying.open_by_address, name="open"),
    path("card_details/<str:payment>", paying.card_details, name="card-details"),
    path("card_details/<str:payment>/auth_waiting", paying.auth_waiting, name="auth-waiting"),
    path("card_details/<str:payment>/confirm", paying.confirm, name="confirm"),
    path("card_details/<str:payment>/capture_waiting", paying.capture_waiting, name="capture-waiting"),
    path("card_details/<str:payment>/cancel", paying.cancel, name="cancel"),
    path("return/<str:payment>", paying.go_back, name="return"),
    path("staff/<slug:council>/payments", staff.payments, name="payments"),
]
