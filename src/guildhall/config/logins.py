"""Which login of the database a command works as, when one is not enough."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from guildhall.config.database_urls import django_database


@contextmanager
def logged_in_as(login: str) -> Iterator[None]:
    """Do what follows, in this thread, as another of the logins.

    The owner may look over the walls, so what works for one council must not be done as the owner.
    """
    connection.close()
    before = connection.settings_dict
    connection.settings_dict = before | django_database(settings.LOGIN_URLS[login], pooled=False)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before
