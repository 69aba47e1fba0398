from django.urls import path

from guildhall.services.cases.pages import acting, looking, writing

app_name = "cases"
urlpatterns = [
    path("staff/<slug:council>/cases", looking.worklist, name="list"),
    path("staff/<slug:council>/cases/<slug:reference>", looking.case, name="case"),
    path("staff/<slug:council>/cases/<slug:reference>/do/<slug:action>", acting.act, name="act"),
    path("staff/<slug:council>/cases/<slug:reference>/assign", acting.assign, name="assign"),
    path("staff/<slug:council>/cases/<slug:reference>/note", writing.note, name="note"),
    path("staff/<slug:council>/cases/<slug:reference>/write", writing.write, name="write"),
]
