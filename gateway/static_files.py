"""The built front-end files: their names hold a hash of their content, so a browser may keep them for ever."""

import json
import mimetypes
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound

FOLDER = Path(__file__).parent / "static"
MANIFEST = "manifest.json"
_KEEP = "public, max-age=31536000, immutable"
_EXTENSION = "bottega.static_files"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

blueprint = Blueprint("static_files", __name__)
mimetypes.add_type("font/woff2", ".woff2")


class FrontEndMissing(Exception):
    """The front-end files were not built."""


def register(app: Flask) -> None:
    """Raises FrontEndMissing: a site without its style is not worth starting."""
    try:
        names: dict[str, str] = json.loads((FOLDER / MANIFEST).read_text())
    except FileNotFoundError:
        raise FrontEndMissing("the front-end files are missing: build them with python -m gateway.assets") from None

    app.extensions[_EXTENSION] = names
    app.jinja_env.globals["asset"] = lambda name: url_for("static_files.serve", name=names[name])
    app.register_blueprint(blueprint)


def built_name(name: str) -> str:
    """The name with a hash that the build gave to a file."""
    names: dict[str, str] = current_app.extensions[_EXTENSION]
    return names[name]


@blueprint.get("/static/<name>")
def serve(name: str) -> Response:
    """A built file, in the smallest form that the browser accepts."""
    if name == MANIFEST or name.endswith((".br", ".gz")):
        raise NotFound
    encoding, suffix = _form(name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = send_from_directory(FOLDER, name + suffix, mimetype=kind, conditional=not encoding)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = _KEEP
    # They are no secret, and a sandboxed frame, which has no origin, needs them (see pages/embed.py).
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Encoding")
    return response


def _form(name: str) -> tuple[str, str]:
    for encoding, suffix in _ENCODINGS:
        if request.accept_encodings[encoding] > 0 and (FOLDER / (name + suffix)).is_file():
            return encoding, suffix
    return "", ""
