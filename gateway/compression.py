"""Pages go out compressed with gzip; static files are compressed once, when they are built."""

import gzip

from flask import Flask, Response, request

_LEAST = 500  # bytes; below, the headers of gzip cost more than it saves
_LEVEL = 6
_KINDS = ("text/", "application/json", "application/problem+json", "image/svg+xml")


def register(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress what a browser accepts compressed.

    A secret beside reflected input could leak by its compressed size (BREACH); here the cookies are SameSite=Lax, so
    another site cannot make a browser fetch such a page with them.
    """
    if not (response.mimetype or "").startswith(_KINDS) or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or request.accept_encodings["gzip"] <= 0:
        return response
    if len(body := response.get_data()) >= _LEAST:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
