"""One line in the log for each request, by the rule that it met: addresses hold secrets, and so are not written."""

import time

import structlog
from flask import Flask, Response, g, request

from bus.context import current_correlation

_QUIET = "static_files.serve"

log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def write(response: Response) -> Response:
        response.headers.setdefault("X-Correlation-Id", current_correlation())
        if request.endpoint != _QUIET:
            log.info(
                "request",
                method=request.method,
                rule=request.url_rule.rule if request.url_rule else None,
                status=response.status_code,
                seconds=round(time.monotonic() - g.began, 4),
            )
        return response
