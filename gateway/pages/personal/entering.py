"""Coming in by the link in the mail: opening it uses nothing up, as mail scanners open links too; the button does."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.notify import USE_PERSONAL_LINK
from contracts.wire import NotFound, Refusal
from gateway.context import bus_client
from gateway.error_pages import RETRY_SECONDS
from gateway.limits import PERSONAL_LINKS
from gateway.pages.held import is_form_key
from gateway.pages.personal import who

PATIENCE = timedelta(minutes=1)
LINK_OVER = "link_over"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<uuid:link_id>/<token>", "arrive", arrive)
    blueprint.add_url_rule("/entra", "door", door)
    blueprint.add_url_rule("/entra", "enter", enter, methods=["POST"])


def arrive(link_id: UUID, token: str) -> Response:
    """The link in the mail: its secret goes into a cookie at once, and out of the address, the history and the logs."""
    response = redirect(url_for("personal.door"), 303)
    who.keep_link(response, link_id, token)
    return response


def door() -> ResponseReturnValue:
    link = who.link()
    return _door(link["link_id"], str(uuid4())) if link else _nobody()


def enter() -> ResponseReturnValue:
    """Use the link up. The key of the form makes a second click, or a second try after a silence, the same."""
    link, key = who.link(), request.form.get("key", "")
    if link is None:
        return _nobody()
    if not is_form_key(key) or request.form.get("link") != link["link_id"]:  # another tab has opened another link
        return redirect(url_for("personal.door"), 303)
    PERSONAL_LINKS.count()
    deadline = datetime.now(UTC) + PATIENCE
    try:
        answer = bus_client().command(USE_PERSONAL_LINK, idempotency_key=key, deadline=deadline, **link)
    except NoAnswer:
        return _door(link["link_id"], key, status=503)
    except Refusal as refusal:
        if refusal.code not in {LINK_OVER, NotFound.code}:
            raise
        return _over() if refusal.code == LINK_OVER else _no_link()
    response = redirect(url_for("personal.show"), 303)
    who.let_in(response, answer["personal_pass"])
    return response


def _door(link_id: str, key: str, status: int = 200) -> Response:
    page = render_template("personal/door.html", link_id=link_id, key=key, not_answering=status == 503)
    response = make_response(page, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _nobody() -> ResponseReturnValue:
    """Without a link: who is in already is led to their page, as by a second click on the button."""
    return redirect(url_for("personal.show"), 303) if who.own_pass() else _no_link()


def _no_link() -> Response:
    words = [_("Per entrare apri il link che ti abbiamo mandato per e-mail, per intero. Oppure chiedine un altro.")]
    return _notice(_("Questo link non è completo"), words, 404)


def _over() -> Response:
    words = [_("È già stato usato, oppure è passato un quarto d’ora. Chiedine un altro: arriva in un minuto.")]
    return _notice(_("Questo link non vale più"), words, 410)


def _notice(title: str, words: list[str], status: int) -> Response:
    way_on = (url_for("personal.show"), _("Chiedi un altro link"))
    response = make_response(render_template("notice.html", title=title, words=words, way_on=way_on), status)
    who.forget_link(response)
    return response
