"""A person's own page: asking for a link to it, coming in by the link, and what is on it."""

from flask import Blueprint, Flask

from gateway.pages.held import keep_nowhere
from gateway.pages.personal import asking, entering, own
from gateway.pages.personal.who import PATH


def register(app: Flask) -> None:
    blueprint = Blueprint("personal", __name__, url_prefix=PATH)
    blueprint.after_request(keep_nowhere)
    for part in (asking, entering, own):
        part.add_to(blueprint)
    app.register_blueprint(blueprint)
