"""Managing a reservation behind its secret link. Opening a page changes nothing: mail scanners open links too."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import ACCEPT_OFFER, CANCEL_RESERVATION, DECLINE_OFFER
from contracts.wire import Command, NotFound, Refusal
from gateway.context import bus_client
from gateway.entry import calendar_file
from gateway.errors import Problem, problem_of
from gateway.links import join_link
from gateway.pages import held, receipt
from gateway.pages.standing import standing

INSTEAD_MAX = 3

blueprint = Blueprint("manage", __name__, url_prefix=held.PATH)
blueprint.after_request(held.keep_nowhere)


@blueprint.get("/<uuid:reservation_id>/<token>")
def enter(reservation_id: UUID, token: str) -> Response:
    """The link in the mail: its secret goes into a cookie at once, and out of the address, the history and the logs."""
    response = redirect(url_for("manage.show"), 303)
    held.keep(response, reservation_id, token)
    return response


@blueprint.get("")
def show() -> ResponseReturnValue:
    reservation = held.reservation()
    if reservation is None:
        return held.no_link()
    said = held.feedback(reservation)
    if said and said["open"] and not said["useful"]:
        return redirect(url_for("feedback.ask"), 303)
    return page(reservation, said=said)


@blueprint.get("/annulla")
def cancel() -> ResponseReturnValue:
    reservation = held.reservation()
    if reservation is None:
        return held.no_link()
    if reservation["state"] == "cancelled":
        return redirect(url_for("manage.show"), 303)
    return render_template("manage/cancel.html", reservation=reservation, key=str(uuid4()))


@blueprint.post("/annulla")
def give_back() -> ResponseReturnValue:
    return _carry_out(
        CANCEL_RESERVATION,
        later=_("La prenotazione si annulla appena il servizio riprende. Ti scriviamo per e-mail com’è andata."),
    )


@blueprint.post("/posto")
def accept() -> ResponseReturnValue:
    """Take the seat that is held, or one that is free."""
    return _carry_out(
        ACCEPT_OFFER,
        later=_("Appena il servizio riprende guardiamo se il posto c’è ancora. Ti scriviamo per e-mail com’è andata."),
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
    reservation = held.reservation()
    if reservation is None or reservation["state"] != "confirmed":
        return held.no_link()
    return calendar_file(reservation, join_link(reservation) or _("Online"))


def page(
    reservation: dict[str, Any], problem: Problem | None = None, said: dict[str, Any] | None = None
) -> ResponseReturnValue:
    """How things stand now, below why something was refused; ``said`` of the session after it, if anything was."""
    dates = _other_dates(reservation)
    shown = render_template(
        "manage/show.html",
        reservation=reservation,
        session=reservation["session"],
        standing=standing(reservation, datetime.now(UTC)),
        started=held.started(reservation),
        dates=dates,
        instead=_instead(dates) if reservation["called_off"] else [],
        problem=problem,
        said=said if said and said["useful"] else None,
        key=str(uuid4()),
    )
    return shown, problem.status if problem else 200


def not_answered(silence: NoAnswer, later: str) -> ResponseReturnValue:
    """What a person reads whose request is on the durable queue; else raises the silence again."""
    if silence.accepted:
        way_on = (url_for("manage.show"), _("La tua prenotazione"))
        return render_template("notice.html", title=_("Abbiamo la tua richiesta"), words=[later], way_on=way_on), 202
    raise silence


def _carry_out(command: Command, *, later: str) -> ResponseReturnValue:
    """What a form of these pages asks for. Its key makes a second click ask for the same."""
    link = held.link_of(request.form)
    if link is None:
        return held.no_link()
    try:
        deadline = held.deadline(held.look(link))
        who = link | held.acting()
        bus_client().command(command, idempotency_key=request.form["key"], deadline=deadline, **who)
    except NoAnswer as silence:
        return not_answered(silence, later)
    except Refusal as refusal:
        return _refused(refusal)
    response = redirect(url_for("manage.show"), 303)
    receipt.forget(response)
    return response


def _other_dates(reservation: dict[str, Any]) -> list[dict[str, Any]]:
    """Where it can be moved to: where that is not to be known, the page does without."""
    link = held.link()
    try:
        return held.other_dates(link, reservation) if link else []
    except (NoAnswer, Refusal):
        return []


def _instead(dates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The dates that the page of a session called off offers itself: the first with free seats, as the mail does."""
    first = sorted(dates, key=lambda date: (date["seats_left"] == 0, date["starts_at"]))[:INSTEAD_MAX]
    return sorted(first, key=lambda date: str(date["starts_at"]))


def _refused(refusal: Refusal) -> ResponseReturnValue:
    reservation = None if refusal.code == NotFound.code else held.reservation()
    return page(reservation, problem_of(refusal)) if reservation else held.no_link()
