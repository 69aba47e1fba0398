from django.urls import include, path

from guildhall.notify.pages import (
    documents,
    inbound_numbers,
    inbox,
    messages,
    operating,
    provider_accounts,
    senders,
    settings,
    unsubscribing,
)

app_name = "notify"
urlpatterns = [
    path("", include("guildhall.notify.wire.notify_v2.urls")),
    path("", include("guildhall.notify.wire.described.urls")),
    path("", include("guildhall.notify.wire.guildhall_v1.urls")),
    path("", include("guildhall.notify.wire.provider_receipts.urls")),
    path(
        "confirm-reply-to/<slug:council>/<slug:service>/<str:token>", senders.confirm_reply_to, name="confirm-reply-to"
    ),
    path("unsubscribe/<str:token>", unsubscribing.unsubscribing, name="unsubscribe"),
    path("d/<str:service>/<str:document>", documents.document, name="document"),
    path("d/<str:service>/<str:document>/download", documents.download, name="download-document"),
    path("sandbox/inbox", inbox.inbox, name="inbox"),
    path("sandbox/inbox/<str:token>", inbox.inbox_by_link, name="inbox-by-link"),
    path("operator/installation/providers", provider_accounts.providers, name="providers"),
    path("operator/installation/providers/add/<slug:kind>", provider_accounts.add, name="add-provider"),
    path("operator/installation/providers/<uuid:account>", provider_accounts.provider, name="provider"),
    path("operator/installation/going-live", operating.asking, name="asking-to-go-live"),
    path("operator/installation/given-up", operating.given_up, name="given-up"),
    path("operator/<slug:council>/messages", operating.services, name="operate-services"),
    path("operator/<slug:council>/messages/<slug:service>", operating.service, name="operate-service"),
    path(
        "operator/<slug:council>/messages/<slug:service>/numbers",
        inbound_numbers.operate_numbers,
        name="operate-numbers",
    ),
    path("services/<uuid:service_id>/service-settings/send-files-by-email", settings.files_of, name="files-of"),
    path("staff/<slug:council>/messages", messages.messages, name="messages"),
    path("staff/<slug:council>/messages/add/service", messages.add_service, name="add-service"),
    path("staff/<slug:council>/messages/<slug:service>", messages.home, name="service"),
    path("staff/<slug:council>/messages/<slug:service>/", include("guildhall.notify.pages.urls")),
]
