from django.urls import path

from guildhall.notify.wire.guildhall_v1 import views

urlpatterns = [
    path("guildhall/v1/notifications/batch", views.batch),
    path("guildhall/v1/notifications/<str:notification_id>/cancel", views.cancel),
]
