"""Logs: one line a happening on stderr, for people at a terminal and as JSON otherwise (or by GUILDHALL_LOGS=json)."""

import logging.config
import os
import sys

import structlog

_SHARED = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure_logs() -> None:
    """Send our logs and the libraries' to stderr; GUILDHALL_LOG_LEVEL chooses how much (default WARNING)."""
    as_json = os.environ.get("GUILDHALL_LOGS") == "json" or not sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    ending: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        ending.append(structlog.processors.format_exc_info)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": [*ending, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            # Whoever looks for a way in tries our number with any name: the answer is a 400, and no news.
            "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
            "root": {"handlers": ["stderr"], "level": os.environ.get("GUILDHALL_LOG_LEVEL", "WARNING").upper()},
        }
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
