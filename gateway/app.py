"""The application factory: it puts the parts together and decides nothing itself."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bus.client import Client
from bus.context import correlated
from gateway import (
    access_log,
    api,
    compression,
    context,
    error_pages,
    language,
    limits,
    members,
    pages,
    security,
    static_files,
    wording,
)
from gateway.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_MAX = 64 * 1024  # bytes; the longest form has a name and an address
HEALTH_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


def create_app(settings: Settings, client: Client, health: "WSGIApplication | None" = None) -> Flask:
    """The website and the API over ``client``; ``health`` answers /healthz, /readyz and /metrics."""
    app = Flask("gateway", static_folder=None)
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=BODY_MAX,
        MAX_FORM_MEMORY_SIZE=BODY_MAX,
        SESSION_COOKIE_NAME="bottega",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    context.configure(app, settings)
    # The first of them sees a request first and its response last.
    for part in (access_log, language, wording):
        part.register(app)
    limits.register(app, reads=settings.limit_reads, changes=settings.limit_changes)
    for part in (security, compression, static_files, api, pages, error_pages):
        part.register(app)
    app.wsgi_app = _wrapped(app, settings, health)  # type: ignore[method-assign, assignment]  # Flask's own way
    equip(app, client)
    return app


def equip(app: Flask, client: Client) -> None:
    """Give the website whom it asks, and begin all that it counts and remembers anew."""
    for part in (context, members, pages):
        part.equip(app, client)
    limits.equip(app)


def _wrapped(app: Flask, settings: Settings, health: "WSGIApplication | None") -> "WSGIApplication":
    site = app.wsgi_app

    def one_request(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if health is not None and environ.get("PATH_INFO") in HEALTH_PATHS:
            return health(environ, start_response)
        with correlated(environ.get("HTTP_X_CORRELATION_ID")):
            return site(environ, start_response)

    proxies = settings.trusted_proxies
    return ProxyFix(one_request, x_for=proxies, x_proto=proxies) if proxies else one_request
