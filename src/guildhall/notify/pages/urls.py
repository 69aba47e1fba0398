"""The pages of one service's messages, under ``/staff/{council}/messages/{service}/``."""

from django.urls import path

from guildhall.notify.pages import templates

urlpatterns = [
    path("templates", templates.templates, name="templates"),
    path("templates/add", templates.add, name="add-template"),
    path("templates/<uuid:template_id>", templates.template, name="template"),
    path("templates/<uuid:template_id>/edit", templates.edit, name="edit-template"),
    path("templates/<uuid:template_id>/versions/<int:version>", templates.template, name="version"),
]
