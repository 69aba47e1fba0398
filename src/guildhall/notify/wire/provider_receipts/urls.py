"""Where providers call. The addresses of Firetext's and MMG's calls are the reference's, so that an account moves here
by a change of host."""

from django.urls import path

from guildhall.notify.wire.provider_receipts import bounces, views

urlpatterns = [
    path("guildhall/v1/receipts/email", bounces.email_report),
    path("notifications/sms/firetext", views.firetext_receipt),
    path("notifications/sms/mmg", views.mmg_receipt),
    path("notifications/sms/receive/firetext", views.firetext_text),
    path("notifications/sms/receive/mmg", views.mmg_text),
    path("notifications/govuk-notify/delivery-status", views.notify_receipt),
    path("notifications/govuk-notify/received-text", views.notify_text),
]
