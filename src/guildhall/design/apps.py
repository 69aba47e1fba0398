from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "guildhall.design"
    label = "design"
