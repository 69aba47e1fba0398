"""What may stand in no line of the logs: the secrets that a request's address carries.

Whoever knows them says so for as long as the request lasts; the logs leave them out of every line that is written
meanwhile, tracebacks among them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

SHORTEST = 6
"""Characters. A shorter word is nobody's secret, and leaving it out would spoil lines that happen to hold it."""
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
