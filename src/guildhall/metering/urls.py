"""Addresses of the pages."""

from django.urls import path

from guildhall.metering.pages import agreeing, operators, usage

app_name = "metering"

urlpatterns = [
    path("staff/<slug:council>/usage", usage.usage, name="usage"),
    path("staff/<slug:council>/usage.csv", usage.export, name="export"),
    path("staff/<slug:council>/usage/<slug:service>", usage.service, name="service"),
    path("staff/<slug:council>/usage/<slug:service>/cap/<slug:period>", agreeing.cap, name="cap"),
    path("staff/<slug:council>/usage/<slug:service>/cost-centre", agreeing.cost_centre, name="cost-centre"),
    path("operator/<slug:council>/allowances", operators.allowances, name="allowances"),
    path("operator/<slug:council>/allowances/<slug:service>", operators.allowance, name="allowance"),
]
