"""What holds for the API's requests and responses as a whole: the size of bodies, caches, other origins."""

from flask import Flask, Response, request

from gateway.api.document import PREFIX

BODY_MAX = 64 * 1024  # bytes: a description in which each character is escaped
_DOCUMENT = f"{PREFIX}/openapi.json"
_DOCUMENT_SECONDS = 300
# Any site may read; a request with a body, or that changes something, needs headers that are not allowed here.
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Age, ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def register(app: Flask) -> None:
    @app.before_request
    def limit_body() -> None:
        if _is_ours():
            request.max_content_length = BODY_MAX

    @app.after_request
    def say_who_may_keep_and_read_it(response: Response) -> Response:
        if _is_ours():
            if request.method in {"GET", "HEAD", "OPTIONS"}:
                response.headers.extend(_OPEN)
            if request.method == "OPTIONS":
                response.headers.extend(_PREFLIGHT)
            keep = f"public, max-age={_DOCUMENT_SECONDS}" if request.path == _DOCUMENT else "no-store"
            response.headers.setdefault("Cache-Control", keep)
        return response


def _is_ours() -> bool:
    return request.path.startswith("/api/")
