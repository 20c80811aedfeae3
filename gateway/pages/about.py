"""What the site says about itself: privacy, accessibility, and what robots may read."""

from flask import Blueprint, Response, render_template

blueprint = Blueprint("about", __name__)

_NOT_FOR_ROBOTS = ("/gestisci", "/le-mie", "/entra", "/banco", "/prenotazione", "/lingua")
_ROBOTS = "".join(("User-agent: *\n", *(f"Disallow: {path}\n" for path in _NOT_FOR_ROBOTS)))


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("privacy.html")


@blueprint.get("/accessibilita")
def accessibility() -> str:
    return render_template("accessibility.html")


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response(_ROBOTS, mimetype="text/plain")
