"""The list of sessions in other sites' pages: a script that puts a frame there, and the page in the frame.

The page in the frame is the only one that may be framed. It neither sets cookies nor reads them.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import LANGUAGES, LIST_SESSIONS
from contracts.wire import InvalidArguments
from gateway.last_known import Answer, ask
from gateway.pages.sessions import PARTNER_MAX
from gateway.static_files import built_name, serve

SESSIONS = 10
THEMES = ("auto", "chiaro", "scuro")
_KEEP_SCRIPT = 3600  # seconds; it has one address for ever, so that partners need not change their pages
_KEEP_LIST = 60
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
)
_NOBODY_KNOWN = Answer({"items": []}, None)

blueprint = Blueprint("embed", __name__)


@dataclass(frozen=True)
class Wishes:
    """What the address asks for; what cannot be read there is left out, as if not asked."""

    language: str
    partner: str
    theme: str

    @property
    def filters(self) -> dict[str, Any]:
        """As the list of sessions has them in its address."""
        return {name: value for name, value in (("in", self.language), ("con", self.partner)) if value}

    @property
    def arguments(self) -> dict[str, str]:
        return {name: value for name, value in (("language", self.language), ("partner", self.partner)) if value}


@blueprint.after_request
def open_to_other_sites(response: Response) -> Response:
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/incorpora.js")
def script() -> Response:
    """The script that partners have in their pages, in the smallest form that the browser accepts."""
    name = built_name("incorpora.js")
    response = serve(name)
    del response.headers["Cache-Control"]
    response.cache_control.public = True
    response.cache_control.max_age = _KEEP_SCRIPT
    response.set_etag(name, weak=True)  # its name has a hash of its content; weak, as there are several forms
    return response.make_conditional(request)


@blueprint.get("/incorpora/sessioni")
def sessions() -> Response:
    """The next sessions. Without a language the words are Italian, and the sessions those in every language."""
    wishes = _wishes()
    found = _found(wishes)
    language = wishes.language or LANGUAGES[0]
    with force_locale(language):
        page = render_template(
            "embed/sessions.html",
            theme=wishes.theme,
            sessions=found.result["items"] if found else None,
            known_since_time=found.known_since if found else None,
            all=url_for("sessions.index", **wishes.filters),
        )
    response = make_response(page, 200 if found else 503)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Content-Language"] = language
    if found is None:
        response.cache_control.no_store = True
        return response
    response.cache_control.public = True
    response.cache_control.max_age = _KEEP_LIST
    response.add_etag(weak=True)
    return response.make_conditional(request)


def _wishes() -> Wishes:
    language, theme = request.args.get("lingua", ""), request.args.get("tema", "")
    return Wishes(
        language=language if language in LANGUAGES else "",
        partner=request.args.get("partner", "")[:PARTNER_MAX],
        theme=theme if theme in THEMES else THEMES[0],
    )


def _found(wishes: Wishes) -> Answer | None:
    """None when booking does not answer, and never did."""
    try:
        return ask(LIST_SESSIONS, limit=SESSIONS, **wishes.arguments)
    except InvalidArguments:  # a partner that cannot be
        return _NOBODY_KNOWN
    except NoAnswer:
        return None
