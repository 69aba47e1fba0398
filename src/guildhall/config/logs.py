"""Logs: one line a happening on stderr, for people at a terminal and as JSON otherwise (or by GUILDHALL_LOGS=json).

A line names a request by its route (``account/invitation/<str:token>``), never by its address, which may carry a
token. What is known to be a secret of the request is left out of everything else (``kernel.unlogged``), and tracebacks
show no values.
"""

import logging.config
import os
import sys
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from guildhall.kernel.unlogged import without_secrets

NO_ROUTE = "an address that leads nowhere"


def name_route(logger: object, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Put the route where Django's own lines have the address."""
    request = getattr(event.get("_record"), "request", None)
    if isinstance(request, HttpRequest):
        for address in (request.get_full_path(), request.path):
            for spelled in (address, address.encode("unicode_escape").decode("ascii")):
                event["event"] = str(event["event"]).replace(f": {spelled}", f": {_route_of(request)}")
    return event


_SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure_logs() -> None:
    """Send our logs and the libraries' to stderr; GUILDHALL_LOG_LEVEL chooses how much (default WARNING)."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": (*_SHARED, name_route),
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending()],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": os.environ.get("GUILDHALL_LOG_LEVEL", "WARNING").upper()},
        }
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _ending() -> list[structlog.typing.Processor]:
    """Write the line: tracebacks in words and without values, then all of it, then what it may not hold left out."""
    if os.environ.get("GUILDHALL_LOGS") == "json" or not sys.stderr.isatty():
        return [structlog.processors.format_exc_info, _discreet(structlog.processors.JSONRenderer())]
    return [_discreet(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))]


def _discreet(renderer: Callable[..., str | bytes]) -> structlog.typing.Processor:
    def render(logger: object, method: str, event: structlog.typing.EventDict) -> str:
        return without_secrets(str(renderer(logger, method, event)))

    return render


def _route_of(request: HttpRequest) -> str:
    try:
        return "/" + (request.resolver_match or resolve(request.path_info)).route
    except Resolver404:
        return NO_ROUTE
