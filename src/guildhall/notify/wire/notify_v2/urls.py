from django.urls import path

from guildhall.notify.wire.notify_v2 import speaking, views

urlpatterns = [
    path("v2/notifications/<str:name>", views.notification),
    path("v2/templates", views.templates),
    path("v2/template/<str:template_id>", views.template),
    path("v2/template/<str:template_id>/version/<int:version>", views.template),
    path("v2/template/<str:template_id>/preview", views.preview),
    path("v2/<path:rest>", speaking.nowhere),
]
