from django.urls import path

from guildhall.services.forms.pages import managing, previewing, residents, uploading

app_name = "forms"

_PREVIEW = "staff/<slug:council>/forms/<uuid:version>/preview"
_SERVICE = "<slug:council>/<slug:service>"

urlpatterns = [
    path("staff/<slug:council>/forms", managing.forms, name="list"),
    path("staff/<slug:council>/forms/upload", uploading.upload, name="upload"),
    path("staff/<slug:council>/forms/<uuid:version>", managing.version, name="version"),
    path("staff/<slug:council>/forms/<uuid:version>/publish", managing.publish, name="publish"),
    path("staff/<slug:council>/forms/<uuid:version>/archive", managing.archive, name="archive"),
    path(_PREVIEW, previewing.start, name="preview-start"),
    path(f"{_PREVIEW}/check-your-answers", previewing.check, name="preview-check"),
    path(f"{_PREVIEW}/exit", previewing.leave, name="preview-exit"),
    path(f"{_PREVIEW}/<slug:slug>", previewing.page, name="preview-page"),
    path(f"{_PREVIEW}/<slug:slug>/change", previewing.change, name="preview-change"),
    path(_SERVICE, residents.start, name="start"),
    path(f"{_SERVICE}/check-your-answers", residents.check, name="check"),
    path(f"{_SERVICE}/exit", residents.leave, name="exit"),
    path(f"{_SERVICE}/payment", residents.payment, name="payment"),
    path(f"{_SERVICE}/submitted", residents.submitted, name="submitted"),
    path(f"{_SERVICE}/repeat-submission", residents.sent_already, name="sent-already"),
    path(f"{_SERVICE}/save", residents.save, name="save"),
    path(f"{_SERVICE}/come-back/<str:token>", residents.come_back, name="come-back"),
    path(f"{_SERVICE}/<slug:slug>", residents.page, name="page"),
    path(f"{_SERVICE}/<slug:slug>/change", residents.change, name="change"),
]
