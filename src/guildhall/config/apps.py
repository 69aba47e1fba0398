from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The composition root wakes up last, when every module is loaded, and connects them."""

    name = "guildhall.config"
    label = "config"

    def ready(self) -> None:
        import_module("guildhall.config.wiring").connect()  # needs every module's tables, so not at the top
