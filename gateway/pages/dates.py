"""Changing to another date of the same series, behind the secret link. Opening a page changes nothing here either."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import GET_SESSION, MOVE_RESERVATION
from contracts.wire import NotFound, Refusal
from gateway.context import bus_client
from gateway.cookies import SignedCookie
from gateway.errors import Problem, problem_of
from gateway.last_known import ask
from gateway.pages import held, manage, receipt

PATH = f"{held.PATH}/data"
_MOVED = SignedCookie("spostata", seconds=60 * 60)

blueprint = Blueprint("dates", __name__, url_prefix=PATH)
blueprint.after_request(held.keep_nowhere)


@blueprint.get("")
def choose() -> ResponseReturnValue:
    if _moved_away():
        return redirect(url_for("dates.done"), 303)
    reservation = held.reservation()
    return _page(reservation) if reservation else held.no_link()


@blueprint.post("")
def move() -> ResponseReturnValue:
    """Give the place back and take one on the date that was chosen, by one command."""
    if _moved_away():  # the form was sent before: its second click comes without the link
        return redirect(url_for("dates.done"), 303)
    link = held.link_of(request.form)
    if link is None:
        return held.no_link()
    try:
        reservation = held.look(link)
        chosen = _chosen()
        if chosen is None:
            return _page(reservation, errors={"date": _("Scegli la data a cui vuoi passare")})
        return _arrived(_move(link, reservation, chosen))
    except NoAnswer as silence:
        later = _(
            "Appena il servizio riprende, se in quella data si può ancora, ti spostiamo. In ogni caso ti scriviamo."
        )
        return manage.not_answered(silence, later)
    except Refusal as refusal:
        return _refused(refusal)


@blueprint.get("/fatto")
def done() -> ResponseReturnValue:
    moved = _MOVED.read()
    if moved is None:
        return redirect(url_for("manage.show"), 303)
    session = ask(GET_SESSION, session_id=moved["session_id"]).result
    return render_template("manage/moved.html", reservation=moved, session=session)


def _moved_away() -> bool:
    """Whether this browser has no link, because what it led to was moved."""
    return held.link() is None and _MOVED.read() is not None


def _chosen() -> str | None:
    try:
        return str(UUID(request.form.get("date", "")))
    except ValueError:
        return None


def _move(link: dict[str, Any], reservation: dict[str, Any], chosen: str) -> dict[str, Any]:
    """The key has the date in it: who goes back and chooses another asks for something else."""
    return bus_client().command(
        MOVE_RESERVATION,
        idempotency_key=f"{request.form['key']}-{chosen}",
        deadline=held.deadline(reservation),
        session_id=chosen,
        **link,
        **held.acting(),
    )


def _arrived(moved: dict[str, Any]) -> Response:
    """On to the page that says so, without the old link: the new one comes by mail, to its person alone."""
    response = redirect(url_for("dates.done"), 303)
    _MOVED.write(response, {name: moved[name] for name in ("id", "session_id", "state", "position")}, path=PATH)
    held.forget(response)
    receipt.forget(response)
    return response


def _page(
    reservation: dict[str, Any], *, errors: dict[str, str] | None = None, problem: Problem | None = None
) -> ResponseReturnValue:
    """The dates to choose from; where there are none any more, the page of the reservation."""
    sessions = held.other_dates(held.link() or {}, reservation)
    if not sessions:
        return manage.page(reservation, problem) if problem else redirect(url_for("manage.show"), 303)
    shown = render_template(
        "manage/dates.html",
        reservation=reservation,
        sessions=sessions,
        errors=errors or {},
        problem=problem,
        key=str(uuid4()),
    )
    return shown, problem.status if problem else 422 if errors else 200


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """Why not, above what there is to choose from now. One that is over, or was moved, says so on its own page."""
    reservation = held.reservation()
    if reservation is None:
        return held.no_link()
    return _page(reservation, problem=None if refusal.code == NotFound.code else problem_of(refusal))
