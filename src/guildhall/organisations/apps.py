from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "guildhall.organisations"
    label = "organisations"
