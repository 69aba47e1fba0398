from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "guildhall.notify"
    label = "notify"
