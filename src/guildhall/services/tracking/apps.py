from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "guildhall.services.tracking"
    label = "services_tracking"
