from django.urls import path

from guildhall.services.tracking.pages import views

app_name = "tracking"
urlpatterns = [
    path("<slug:council>/track", views.track, name="track"),
    path("<slug:council>/track/mine/<slug:reference>", views.mine, name="mine"),
    path("<slug:council>/track/<str:token>", views.by_link, name="by-link"),
]
