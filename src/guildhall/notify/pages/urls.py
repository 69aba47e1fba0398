"""The pages of one service's messages, under ``/staff/{council}/messages/{service}/``."""

from django.urls import path

from guildhall.notify.pages import (
    dashboard,
    folders,
    history,
    message,
    sending,
    sent,
    taking_over,
    template_acts,
    templates,
    unsubscribing,
    writing,
)

_TEMPLATE = "templates/<uuid:template_id>"

urlpatterns = [
    path("unsubscribed", unsubscribing.unsubscribed, name="unsubscribed"),
    path("dashboard", dashboard.dashboard, name="dashboard"),
    path("dashboard/templates/<uuid:template_id>", dashboard.template_figures, name="template-figures"),
    path("sent", sent.sent, name="sent"),
    path("sent/download", sent.download, name="download-sent"),
    path("templates", templates.templates, name="templates"),
    path("templates/folders/<uuid:folder_id>", templates.templates, name="folder"),
    path("templates/folders/add", folders.add, name="add-folder"),
    path("templates/folders/<uuid:folder_id>/change", folders.change, name="change-folder"),
    path("templates/folders/<uuid:folder_id>/delete", folders.delete, name="delete-folder"),
    path("templates/add", writing.add, name="add-template"),
    path("templates/add/<slug:channel>", writing.write, name="write-template"),
    path("templates/take-over", taking_over.take_over, name="take-over"),
    path("templates/copy", template_acts.choose_copy, name="choose-copy"),
    path("templates/copy/<uuid:template_id>", template_acts.copy, name="copy-template"),
    path(_TEMPLATE, templates.template, name="template"),
    path(f"{_TEMPLATE}/edit", writing.edit, name="edit-template"),
    path(f"{_TEMPLATE}/send", sending.send, name="send-one"),
    path("sent/<uuid:message_id>", message.message, name="message"),
    path(f"{_TEMPLATE}/archive", template_acts.archive, name="archive-template"),
    path(f"{_TEMPLATE}/emergency", template_acts.emergency, name="emergency-template"),
    path(f"{_TEMPLATE}/versions", history.history, name="versions"),
    path(f"{_TEMPLATE}/versions/compare", history.comparison, name="compare-versions"),
    path(f"{_TEMPLATE}/versions/<int:version>", templates.template, name="version"),
    path(f"{_TEMPLATE}/versions/<int:version>/restore", history.restore, name="restore-version"),
]
