from django.urls import include, path

from guildhall.notify.pages import inbox, messages, templates

app_name = "notify"
urlpatterns = [
    path("", include("guildhall.notify.wire.notify_v2.urls")),
    path("sandbox/inbox", inbox.inbox, name="inbox"),
    path("staff/<slug:council>/templates", templates.templates, name="templates"),
    path("staff/<slug:council>/templates/add", templates.add, name="add-template"),
    path("staff/<slug:council>/templates/<uuid:template_id>", templates.template, name="template"),
    path("staff/<slug:council>/templates/<uuid:template_id>/edit", templates.edit, name="edit-template"),
    path(
        "staff/<slug:council>/templates/<uuid:template_id>/versions/<int:version>", templates.template, name="version"
    ),
    path("staff/<slug:council>/messages", messages.messages, name="messages"),
]
