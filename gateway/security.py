"""What a browser is told never to do on our behalf, and the defence against forged forms (CSRF)."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from gateway.context import settings
from gateway.error_pages import API_PREFIX

# Nothing inline, nothing from elsewhere: scripts, styles, fonts and pictures are files of this site.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(**instead: str) -> str:
    """The Content-Security-Policy, with other sources where a page needs them: ``form_action="'self' https:"``."""
    changes = {name.replace("_", "-"): sources for name, sources in instead.items()}
    return "; ".join(f"{name} {sources}" for name, sources in (_SOURCES | changes).items())


_HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    # The link that manages a reservation is a secret: no address of ours leaves in a Referer.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ONE_YEAR = 365 * 24 * 3600


def register(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked below: the API has no cookies that could be abused
    app.config["WTF_CSRF_SSL_STRICT"] = False  # it wants a Referer, and we ask browsers to send none
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session: nobody loses a form for reading slowly
    protection = CSRFProtect(app)

    @app.before_request
    def refuse_forged_forms() -> None:
        if request.method == "POST" and not request.path.startswith(API_PREFIX):
            protection.protect()

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if settings().is_https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_ONE_YEAR}")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
