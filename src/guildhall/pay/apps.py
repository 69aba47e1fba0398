from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "guildhall.pay"
    label = "pay"
