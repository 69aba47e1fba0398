from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "guildhall.account"
    label = "account"
