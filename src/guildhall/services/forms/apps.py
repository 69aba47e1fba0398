from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "guildhall.services.forms"
    label = "services_forms"
