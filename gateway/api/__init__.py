"""/api/v1: sessions, reservations and the staff's commands over HTTP, for programs. The pages are in ``gateway.pages``.

It reads no cookies, so there is nothing to forge; its OpenAPI document is at /api/v1/openapi.json.
"""

from flask import Flask

from gateway.api import (
    accounts,
    attendance,
    attending,
    audit,
    calendars,
    people,
    personal,
    problems,
    publishing,
    requests,
    reservations,
    sessions,
    transport,
)
from gateway.api.document import PREFIX, DocumentedApi
from gateway.error_pages import PROBLEM_DOCUMENT

_PARTS = (
    *(sessions, reservations, attending, personal),
    *(publishing, attendance, people, calendars, accounts, audit),
    *(requests, problems),
)


def register(app: Flask) -> None:
    app.config.update(
        API_TITLE="Bottega",
        API_VERSION="1.0.0",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
    )
    api = DocumentedApi(app)
    for part in _PARTS:
        api.register_blueprint(part.blueprint)
    app.extensions[PROBLEM_DOCUMENT] = problems.answer
    transport.register(app)
