from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "guildhall.services.cases"
    label = "services_cases"
