"""Keeps the secrets in a request's address out of the logs.

The caller that knows them names them for as long as the request lasts; every line that is logged meanwhile, tracebacks
too, leaves them out.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

SHORTEST = 6
"""Characters. Nothing shorter is a secret, and leaving it out would spoil lines that happen to contain it."""
LEFT_OUT = "[left out]"

_secrets: ContextVar[tuple[str, ...]] = ContextVar("secrets", default=())


@contextmanager
def unlogged(secrets: Iterable[str]) -> Iterator[None]:
    """Keep secrets out of all that this thread logs meanwhile."""
    spelled = {
        spelling for secret in secrets if len(secret) >= SHORTEST for spelling in (secret, quote(secret, safe=""))
    }
    token = _secrets.set((*_secrets.get(), *sorted(spelled, key=len, reverse=True)))
    try:
        yield
    finally:
        _secrets.reset(token)


def without_secrets(line: str) -> str:
    """Return a line of the logs with every secret left out."""
    for secret in _secrets.get():
        line = line.replace(secret, LEFT_OUT)
    return line
