from django.urls import path

from guildhall.notify.wire.described import views

urlpatterns = [path("guildhall/v1/openapi.json", views.description)]
