from django.urls import path

from guildhall.notify.wire.notify_v2 import letters, received, speaking, views

urlpatterns = [
    path("v2/notifications", views.notifications),
    path("v2/notifications/<str:name>", views.notification),
    path("v2/notifications/<str:message_id>/pdf", letters.letter_pdf),
    path("v2/templates", views.templates),
    path("v2/template/<str:template_id>", views.template),
    path("v2/template/<str:template_id>/version/<number:version>", views.template),
    path("v2/template/<str:template_id>/preview", views.preview),
    path("service/<str:service_id>/template/<str:template_id>/versions", views.template_versions),
    path("v2/received-text-messages", received.received_texts),
    path("v2/<path:rest>", speaking.nowhere),
]
