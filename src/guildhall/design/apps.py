from django.apps import AppConfig

from guildhall.design.translations import compile_translations


class DesignConfig(AppConfig):
    name = "guildhall.design"
    label = "design"

    def ready(self) -> None:
        """Make gettext's files before the first page asks for them; a look at a dozen dates when nothing changed."""
        compile_translations()
