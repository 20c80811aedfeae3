"""What became of a booking just made: the page after the form, and its calendar entry."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import GET_OUTCOME, GET_SESSION
from gateway.context import bus_client
from gateway.cookies import SignedCookie
from gateway.entry import calendar_file
from gateway.errors import PROBLEMS
from gateway.last_known import ask

PENDING = "pending"
REFUSED = "refused"
PATH = "/prenotazione"
_COOKIE = SignedCookie("ricevuta", seconds=60 * 60)

blueprint = Blueprint("receipt", __name__, url_prefix=PATH)


def write(response: Response, receipt: dict[str, Any]) -> None:
    """Keep ``id``, ``state``, ``position`` and ``session_id`` of a reservation; of a pending one the ``key``."""
    _COOKIE.write(response, receipt, path=PATH)


def forget(response: Response) -> None:
    _COOKIE.clear(response, path=PATH)


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def show() -> ResponseReturnValue:
    kept = _COOKIE.read()
    if kept is None:
        return _nothing_here()
    receipt = _outcome(kept) if kept["state"] == PENDING else kept
    if receipt["state"] == REFUSED:
        return _refused(receipt["code"])
    if receipt["state"] == PENDING and "HX-Request" in request.headers:
        return "", 204  # an open page asks again: it shows this already
    session = ask(GET_SESSION, session_id=receipt["session_id"]).result
    response = make_response(render_template("booking/receipt.html", receipt=receipt, session=session))
    if receipt != kept:
        write(response, receipt)
    return response


@blueprint.get("/calendario.ics")
def calendar() -> ResponseReturnValue:
    """For a confirmed seat. The room is in the mail only: the browser that books may not be the person's own."""
    receipt = _COOKIE.read()
    if receipt is None or receipt["state"] != "confirmed":
        return _nothing_here()
    session = ask(GET_SESSION, session_id=receipt["session_id"]).result
    reservation = {**receipt, "revision": session["revision"], "session": session}
    return calendar_file(reservation, _("Online: il link è nella tua e-mail"))


def _outcome(kept: dict[str, Any]) -> dict[str, Any]:
    """The receipt of a command that was on the durable queue, as far as it is known now."""
    try:
        outcome = bus_client().ask(GET_OUTCOME, idempotency_key=kept["key"])
    except NoAnswer:
        return kept
    if not outcome["done"]:
        return kept
    if outcome["refusal"]:
        return {**kept, "state": REFUSED, "code": outcome["refusal"]}
    return {**outcome["result"], "session_id": kept["session_id"]}


def _refused(code: str) -> ResponseReturnValue:
    problem = PROBLEMS.get(code, PROBLEMS["session_closed"])
    words = [problem.title, problem.advice]
    response = make_response(render_template("notice.html", title=_("Non abbiamo potuto prenotare"), words=words))
    forget(response)
    return response


def _nothing_here() -> ResponseReturnValue:
    words = [
        _("Se hai appena prenotato, la conferma è nella tua e-mail: da lì puoi rivedere la prenotazione e annullarla."),
        _("Se non hai finito di prenotare, riparti dalle sessioni: quello che avevi scritto non è stato tenuto."),
    ]
    return render_template("notice.html", title=_("Qui non c’è una prenotazione"), words=words), 404
