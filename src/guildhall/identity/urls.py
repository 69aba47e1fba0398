"""Where identity's pages are joined into the installation's addresses."""

from django.urls import include, path

urlpatterns = [path("", include("guildhall.identity.pages.urls"))]
