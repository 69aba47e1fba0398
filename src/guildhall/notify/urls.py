from django.urls import include, path

from guildhall.notify.pages import inbox, messages

app_name = "notify"
urlpatterns = [
    path("", include("guildhall.notify.wire.notify_v2.urls")),
    path("sandbox/inbox", inbox.inbox, name="inbox"),
    path("staff/<slug:council>/messages", messages.messages, name="messages"),
    path("staff/<slug:council>/messages/<slug:service>", messages.home, name="service"),
    path("staff/<slug:council>/messages/<slug:service>/", include("guildhall.notify.pages.urls")),
]
