from django.apps import AppConfig
from django.urls import register_converter

from guildhall.kernel.paths import Number


class KernelConfig(AppConfig):
    name = "guildhall.kernel"
    label = "kernel"

    def ready(self) -> None:
        register_converter(Number, "number")
