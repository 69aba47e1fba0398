from django.urls import path

from guildhall.design.pages import views

app_name = "design"
urlpatterns = [path("<slug:council>/theme.css", views.theme, name="theme")]
