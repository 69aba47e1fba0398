from django.urls import include, path

app_name = "notify"
urlpatterns = [
    path("", include("guildhall.notify.wire.notify_v2.urls")),
]
