"""What a person sees when something went wrong: a page in their language that says what to do next."""

from typing import Any

import structlog
from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bus import failures
from bus.client import NoAnswer
from bus.context import current_correlation
from contracts.wire import Refusal
from gateway.errors import INTERNAL, code_of, problem_of

API_PREFIX = "/api/"
PROBLEM_DOCUMENT = "bottega.problem"
RETRY_SECONDS = 30

log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Handle every error of the application.

    What happens under /api/ outside of a blueprint (an unknown path, a wrong method, a body too large) goes to
    ``app.extensions[PROBLEM_DOCUMENT]``, a function of the error, if the API has put one there.
    """
    for kind in (HTTPException, Refusal, NoAnswer, Exception):
        app.register_error_handler(kind, _answer)


def _answer(error: Exception) -> ResponseReturnValue:
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return error  # a redirect
    document = current_app.extensions.get(PROBLEM_DOCUMENT)
    if request.path.startswith(API_PREFIX) and document is not None:
        return document(error)  # type: ignore[no-any-return]
    return problem_page(error)


def log_failure(error: Exception) -> None:
    """A defect, by the rule and the place where it showed: addresses hold secrets, and an error's words names."""
    rule = request.url_rule.rule if request.url_rule else None
    log.error("request failed", rule=rule, error=failures.summary(error), where=failures.where(error))


def problem_page(error: Exception) -> ResponseReturnValue:
    """The page for ``error``, its status, and the headers that go with it."""
    code, problem = code_of(error), problem_of(error)
    if code == INTERNAL:
        log_failure(error)
    page = render_template("problem.html", code=code, problem=problem, correlation=current_correlation())
    return page, problem.status, _headers(error, problem.status)


def _headers(error: Exception, status: int) -> dict[str, Any]:
    headers: dict[str, Any] = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(error.valid_methods)
    if isinstance(error, HTTPException) and error.code == 429:
        headers |= {name: value for name, value in error.get_headers() if name == "Retry-After"}
    return headers
