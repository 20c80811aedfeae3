"""Managing a reservation behind its secret link. Opening a page changes nothing: mail scanners open links too."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import ACCEPT_OFFER, CANCEL_RESERVATION, DECLINE_OFFER, GET_RESERVATION
from contracts.wire import Command, NotFound, Refusal
from gateway.context import bus_client
from gateway.cookies import SignedCookie
from gateway.errors import Problem, problem_of
from gateway.links import join_link
from gateway.pages import receipt
from gateway.pages.standing import standing

PATH = "/gestisci"
TOKEN_MAX = 100
KEY_MAX = 100
MOMENT = timedelta(minutes=1)
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
    return _page(reservation) if reservation else _no_link()


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
    return _carry_out(
        CANCEL_RESERVATION,
        later=_("La prenotazione si annulla appena il servizio riprende, e te lo confermiamo per e-mail."),
    )


@blueprint.post("/posto")
def accept() -> ResponseReturnValue:
    """Take the seat that is held, or one that is free."""
    return _carry_out(
        ACCEPT_OFFER,
        later=_("Appena il servizio riprende guardiamo se il posto c’è ancora. Se è tuo, te lo scriviamo per e-mail."),
    )


@blueprint.post("/lascia")
def decline() -> ResponseReturnValue:
    """Leave the seat that is held to the next one."""
    return _carry_out(DECLINE_OFFER, later=_("Il posto passa a chi viene dopo appena il servizio riprende."))


@blueprint.get("/posto")
@blueprint.get("/lascia")
def come_back() -> Response:
    """Who loads the answer to a form again, or changes its language, sees how things stand."""
    return redirect(url_for("manage.show"), 303)


@blueprint.get("/calendario.ics")
def calendar() -> ResponseReturnValue:
    reservation = _held()
    if reservation is None or reservation["state"] != "confirmed":
        return _no_link()
    return receipt.calendar_file(reservation, place=join_link(reservation) or _("Online"), url="")


def _carry_out(command: Command, *, later: str) -> ResponseReturnValue:
    """What a form of these pages asks for. Its key makes a second click ask for the same.

    It names its reservation, too: meanwhile another link may have been opened in another tab.
    """
    held, form = _COOKIE.read(), request.form
    if held is None or held["reservation_id"] != form.get("reservation") or not _is_key(form.get("key", "")):
        return _no_link()
    try:
        deadline = _deadline(_reservation(held))
        bus_client().command(command, idempotency_key=form["key"], deadline=deadline, **held)
    except NoAnswer as silence:
        return _not_answered(silence, later)
    except Refusal as refusal:
        return _refused(refusal)
    response = redirect(url_for("manage.show"), 303)
    receipt.forget(response)
    return response


def _is_key(key: str) -> bool:
    return key.isascii() and key.isprintable() and 0 < len(key) <= KEY_MAX


def _deadline(reservation: dict[str, Any]) -> datetime:
    """The start; a moment from now after it, so that booking itself says that it is too late."""
    return max(datetime.fromisoformat(reservation["session"]["starts_at"]), datetime.now(UTC) + MOMENT)


def _held() -> dict[str, Any] | None:
    """The reservation whose link this browser opened, or None if it opened none that is any good."""
    held = _COOKIE.read()
    try:
        return _reservation(held) if held else None
    except Refusal:
        return None


def _reservation(held: dict[str, Any]) -> dict[str, Any]:
    return bus_client().ask(GET_RESERVATION, **held)


def _page(reservation: dict[str, Any], problem: Problem | None = None) -> ResponseReturnValue:
    page = render_template(
        "manage/show.html",
        reservation=reservation,
        session=reservation["session"],
        standing=standing(reservation, datetime.now(UTC)),
        started=_started(reservation),
        problem=problem,
        key=str(uuid4()),
    )
    return page, problem.status if problem else 200


def _started(reservation: dict[str, Any]) -> bool:
    return datetime.fromisoformat(reservation["session"]["starts_at"]) <= datetime.now(UTC)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """Why not, above how things stand now."""
    reservation = None if refusal.code == NotFound.code else _held()
    return _page(reservation, problem_of(refusal)) if reservation else _no_link()


def _not_answered(silence: NoAnswer, later: str) -> ResponseReturnValue:
    if silence.accepted:
        way_on = (url_for("manage.show"), _("La tua prenotazione"))
        return render_template("notice.html", title=_("Abbiamo la tua richiesta"), words=[later], way_on=way_on), 202
    raise silence


def _no_link() -> ResponseReturnValue:
    words = [
        _("Per vedere o annullare una prenotazione apri il link nell’e-mail di conferma: è solo tuo."),
        _("Se il link non funziona, controlla di averlo copiato per intero, oppure scrivici."),
    ]
    response = make_response(render_template("notice.html", title=_("Apri il link nella tua e-mail"), words=words), 404)
    _COOKIE.clear(response, path=PATH)
    return response
