"""Django's sessions in the database, but with a digest for a key: a copy of the table lets nobody in.

The browser's cookie holds the key itself; the row is found by what ``_row_key`` makes of it.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session

from guildhall.kernel import clock
from guildhall.kernel.secrets import digest


class SessionStore(DatabaseSessions):
    """Sessions whose rows cannot be turned back into cookies. The settings name it as ``SESSION_ENGINE``."""

    def exists(self, session_key: str) -> bool:
        return super().exists(_row_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = _row_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=_row_key(key)).delete()

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        row = Session.objects.filter(session_key=_row_key(key), expire_date__gt=clock.now()).first()
        if row is None:
            self._session_key = None
        return row


def _row_key(cookie_key: str) -> str:
    return digest(cookie_key).hex()[: Session._meta.pk.max_length]
