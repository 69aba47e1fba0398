"""Addresses of the pages."""

from django.urls import path

from guildhall.metering.pages.usage import usage

app_name = "metering"

urlpatterns = [path("staff/<slug:council>/usage", usage, name="usage")]
