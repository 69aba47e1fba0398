from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "guildhall.kernel"
    label = "kernel"
