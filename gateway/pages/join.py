"""The way into the room: a person's own link, and one button. Opening the page notes nothing and tells no address."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import ENTER_SESSION, GET_ENTRANCE
from contracts.wire import Refusal
from gateway.context import bus_client
from gateway.cookies import SignedCookie
from gateway.error_pages import RETRY_SECONDS
from gateway.errors import problem_of
from gateway.security import policy

PATH = "/entra"
TOKEN_MAX = 100
PATIENCE = timedelta(minutes=1)  # nobody stands at a door for longer: a click carried out later would note a lie
SOON = timedelta(hours=2)  # from when an open page looks by itself whether the door is open
_COOKIE = SignedCookie("entra", seconds=12 * 60 * 60)
_REFUSED = {"too_early": "early", "no_seat": "no_seat", "session_ended": "over"}
# A browser follows a form's redirect only to where the policy lets forms go, and rooms are anywhere.
_POLICY = policy(form_action="'self' https: http:")

blueprint = Blueprint("join", __name__, url_prefix=PATH)


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@blueprint.get("/<uuid:reservation_id>/<token>")
def arrive(reservation_id: UUID, token: str) -> Response:
    """The link in the mail: its secret goes into a cookie for this one door, and out of the address."""
    door = url_for("join.show", reservation_id=reservation_id)
    response = redirect(door, 303)
    _COOKIE.write(response, {"token": token[:TOKEN_MAX]}, path=door)
    return response


@blueprint.get("/<uuid:reservation_id>")
def show(reservation_id: UUID) -> ResponseReturnValue:
    held = _held(reservation_id)
    return _door(held) if held else _no_link(reservation_id)


@blueprint.post("/<uuid:reservation_id>")
def enter(reservation_id: UUID) -> ResponseReturnValue:
    """Note that the person is there, and lead into the room. Whoever was inside comes in again by the same button."""
    held = _held(reservation_id)
    if held is None:
        return _no_link(reservation_id)
    deadline = datetime.now(UTC) + PATIENCE
    try:
        room = bus_client().command(ENTER_SESSION, idempotency_key=str(uuid4()), deadline=deadline, **held)["room_url"]
    except NoAnswer:
        return _silence(held)
    except Refusal as refusal:
        return _door(held, refusal)
    return redirect(room, 303) if room.startswith(("https://", "http://")) else abort(500)


def door_state(entrance: dict[str, Any], now: datetime) -> str:
    """``called_off``, ``no_seat``, ``early``, ``open`` or ``over``; ``entrance`` is the answer to GET_ENTRANCE."""
    session = entrance["session"]
    if session["cancelled"]:
        return "called_off"
    if not entrance["has_seat"]:
        return "no_seat"
    if now < datetime.fromisoformat(entrance["join_opens_at"]):
        return "early"
    return "open" if now < datetime.fromisoformat(session["ends_at"]) else "over"


def _held(reservation_id: UUID) -> dict[str, Any] | None:
    kept = _COOKIE.read()
    return {"reservation_id": str(reservation_id), "token": kept["token"]} if kept else None


def _door(held: dict[str, Any], refusal: Refusal | None = None) -> ResponseReturnValue:
    """The door as it is now; after a refusal, as booking sees it: its clock decides."""
    now = datetime.now(UTC)
    try:
        entrance = bus_client().ask(GET_ENTRANCE, **held)
    except NoAnswer:
        return _silence(held)
    except Refusal:
        return _no_link(UUID(held["reservation_id"]))
    state = door_state(entrance, now)
    if refusal and state == "open":
        state = _REFUSED.get(refusal.code, state)
    if state == "early" and "HX-Request" in request.headers:
        return "", 204  # an open page asks again: it shows this already
    soon = datetime.fromisoformat(entrance["join_opens_at"]) - now < SOON
    page = render_template("join/door.html", held=held, entrance=entrance, state=state, soon=soon)
    return page, problem_of(refusal).status if refusal else 200


def _silence(held: dict[str, Any]) -> ResponseReturnValue:
    return render_template("join/silence.html", held=held), 503, {"Retry-After": str(RETRY_SECONDS)}


def _no_link(reservation_id: UUID) -> ResponseReturnValue:
    words = [
        _("Per entrare in una sessione apri il link nell’e-mail di conferma: è solo tuo."),
        _("Se il link non funziona, controlla di averlo copiato per intero, oppure telefonaci."),
    ]
    page = render_template("notice.html", title=_("Apri il link nella tua e-mail"), words=words)
    response = make_response(page, 404)
    _COOKIE.clear(response, path=url_for("join.show", reservation_id=reservation_id))
    return response
