"""The language of a page: what the person chose, else what their browser asks for, else Italian."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response as Redirect

from contracts.booking import LANGUAGES
from gateway.context import settings

COOKIE = "lingua"
_ONE_YEAR = 365 * 24 * 3600
ONLY_LANGUAGE = "lingua"  # what a form carries as ``step`` when it comes from the button that changes its language
NAMES = {"it": "Italiano", "en": "English"}  # each in its own language, as who looks for it reads it

blueprint = Blueprint("language", __name__)


def register(app: Flask) -> None:
    Babel(
        app,
        locale_selector=chosen_language,
        default_locale=LANGUAGES[0],
        default_translation_directories=str(Path(__file__).parent / "translations"),
    )
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= {
        "page_language": page_language,
        "language_links": language_links,
        "LANGUAGES": NAMES,
        "ONLY_LANGUAGE": ONLY_LANGUAGE,
    }

    @app.after_request
    def tell_caches(response: Response) -> Response:
        # What has a language of its own is the same for everybody.
        if response.mimetype == "text/html" and "Content-Language" not in response.headers:
            response.headers["Content-Language"] = page_language()
            response.vary.update(("Cookie", "Accept-Language"))
        return response


def chosen_language() -> str:
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else asked_language()


def asked_language() -> str:
    """The first of ours that the client likes best; ``en-GB`` is English, which Werkzeug's best_match may pass over."""
    liked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((language for language in liked if language in LANGUAGES), LANGUAGES[0])


def page_language() -> str:
    locale = get_locale()
    return locale.language if locale else LANGUAGES[0]


def language_links(form: str = "") -> list[tuple[str, str, str]]:
    """(code, own name, address) of each other language, coming back to the page at hand, or to that of a form."""
    here = form or (request.full_path.rstrip("?") if request.method == "GET" else request.path)
    others = (code for code in LANGUAGES if code != page_language())
    return [(code, NAMES[code], url_for("language.choose", scelta=code, torna=here)) for code in others]


def only_language() -> bool:
    """Whether a form was sent only to be shown in another language, with what was typed in it."""
    return request.form.get("step") == ONLY_LANGUAGE


@blueprint.route("/lingua", methods=["GET", "POST"])
def choose() -> Redirect:
    """Remember the language in a cookie and go back to where the person was; a form goes on to its own address.

    By 307 the browser sends it there again, as it is (RFC 9110 section 15.4.8), so that nothing typed is lost.
    """
    response = redirect(_local(request.args.get("torna", "/")), 307 if request.method == "POST" else 303)
    if (chosen := request.args.get("scelta")) in LANGUAGES:
        response.set_cookie(
            COOKIE, str(chosen), max_age=_ONE_YEAR, httponly=True, samesite="Lax", secure=settings().is_https
        )
    return response


def _local(address: str) -> str:
    """``address`` if it is a path of this site, else the home page: nobody is sent elsewhere by a link of ours."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    if plain and not parts.scheme and not parts.netloc and "\\" not in address:
        return address
    return str(current_app.url_for("home.home"))
