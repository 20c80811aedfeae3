"""Managing a reservation behind its secret link. Opening a page changes nothing: mail scanners open links too."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import CANCEL_RESERVATION, GET_RESERVATION
from contracts.wire import Refusal
from gateway.context import bus_client
from gateway.cookies import SignedCookie
from gateway.pages import receipt

PATH = "/gestisci"
TOKEN_MAX = 100
KEY_MAX = 100
_COOKIE = SignedCookie("gestisci", seconds=60 * 60)

blueprint = Blueprint("manage", __name__, url_prefix=PATH)


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/<uuid:reservation_id>/<token>")
def enter(reservation_id: UUID, token: str) -> Response:
    """The link in the mail: its secret goes into a cookie at once, and out of the address, the history and the logs."""
    response = redirect(url_for("manage.show"), 303)
    held = {"reservation_id": str(reservation_id), "token": token[:TOKEN_MAX]}
    _COOKIE.write(response, held, path=PATH)
    return response


@blueprint.get("")
def show() -> ResponseReturnValue:
    reservation = _held()
    if reservation is None:
        return _no_link()
    return render_template(
        "manage/show.html", reservation=reservation, room_url=_room(reservation), started=_started(reservation)
    )


@blueprint.get("/annulla")
def cancel() -> ResponseReturnValue:
    reservation = _held()
    if reservation is None:
        return _no_link()
    if reservation["state"] == "cancelled":
        return redirect(url_for("manage.show"), 303)
    return render_template("manage/cancel.html", reservation=reservation, key=str(uuid4()))


@blueprint.post("/annulla")
def give_back() -> ResponseReturnValue:
    """Cancel. The key of the form makes a second click ask for the same."""
    held = _COOKIE.read()
    key = request.form.get("key", "")
    if held is None or not (key.isascii() and key.isprintable() and 0 < len(key) <= KEY_MAX):
        return _no_link()
    try:
        deadline = datetime.fromisoformat(_reservation(held)["session"]["starts_at"])
        bus_client().command(CANCEL_RESERVATION, idempotency_key=key, deadline=deadline, **held)
    except NoAnswer as silence:
        return _not_answered(silence)
    response = redirect(url_for("manage.show"), 303)
    receipt.forget(response)
    return response


@blueprint.get("/calendario.ics")
def calendar() -> ResponseReturnValue:
    reservation = _held()
    if reservation is None or reservation["state"] != "confirmed":
        return _no_link()
    return receipt.calendar_file(reservation, place=_room(reservation) or _("Online"), url="")


def _held() -> dict[str, Any] | None:
    """The reservation whose link this browser opened, or None if it opened none that is any good."""
    held = _COOKIE.read()
    try:
        return _reservation(held) if held else None
    except Refusal:
        return None


def _reservation(held: dict[str, Any]) -> dict[str, Any]:
    return bus_client().ask(GET_RESERVATION, **held)


def _room(reservation: dict[str, Any]) -> str | None:
    """The room's address, if it is one that a browser may open."""
    address = reservation["room_url"]
    return str(address) if address and address.startswith(("https://", "http://")) else None


def _started(reservation: dict[str, Any]) -> bool:
    return datetime.fromisoformat(reservation["session"]["starts_at"]) <= datetime.now(UTC)


def _not_answered(silence: NoAnswer) -> ResponseReturnValue:
    if silence.accepted:
        words = [_("La prenotazione si annulla appena il servizio riprende, e te lo confermiamo per e-mail.")]
        return render_template("notice.html", title=_("Abbiamo la tua richiesta"), words=words), 202
    raise silence


def _no_link() -> ResponseReturnValue:
    words = [
        _("Per vedere o annullare una prenotazione apri il link nell’e-mail di conferma: è solo tuo."),
        _("Se il link non funziona, controlla di averlo copiato per intero, oppure scrivici."),
    ]
    response = make_response(render_template("notice.html", title=_("Apri il link nella tua e-mail"), words=words), 404)
    _COOKIE.clear(response, path=PATH)
    return response
