"""Logs of a process: one JSON object a line, or coloured lines at a terminal, each with the correlation id."""

import logging
import sys
from typing import Any

import structlog

# Nameko logs each failed worker with the text of the exception, which may quote personal data; the bus logs it without.
SILENCED = ("nameko.containers", "nameko.web.server", "nameko.runners", "amqp", "kombu", "alembic")


def configure(level: str = "INFO", for_people: bool | None = None) -> None:
    """Send structlog's and the standard library's logs to standard error; at a terminal for people."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    people = sys.stderr.isatty() if for_people is None else for_people
    last = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer()
    errors: list[Any] = [] if people else [structlog.processors.format_exc_info]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *errors, last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in SILENCED:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
