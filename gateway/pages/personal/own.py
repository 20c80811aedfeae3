"""What is on a person's own page: their reservations, what is kept of them, and how they want to be written to."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import LIST_RESERVATIONS
from contracts.notify import GET_PREFERENCES, SET_PREFERENCES
from contracts.wire import NotFound, Query, Refusal
from gateway.context import bus_client
from gateway.entry import calendar_file
from gateway.error_pages import RETRY_SECONDS
from gateway.links import join_link
from gateway.pages.personal import who
from gateway.pages.personal.asking import form
from gateway.pages.standing import standing

ON_A_PAGE = 10
PATIENCE = timedelta(hours=1)  # longer than a pass is good: by then nobody knows any more who asked
NOT_PERMITTED = "not_permitted"
SAVED = "scelte"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "show", show)
    blueprint.add_url_rule("/calendario/<uuid:reservation_id>.ics", "calendar", calendar)
    blueprint.add_url_rule("/preferenze", "choose", choose, methods=["POST"])
    blueprint.add_url_rule("/esci", "leave", leave, methods=["POST"])
    for path in ("/preferenze", "/esci"):  # who loads the answer to a form again, or changes its language
        blueprint.add_url_rule(path, "come_back", come_back)


def show() -> ResponseReturnValue:
    own_pass = who.own_pass()
    if own_pass is None:
        return form()
    try:
        return _page(own_pass)
    except Refusal as refusal:
        return _refused(refusal)


def calendar(reservation_id: UUID) -> ResponseReturnValue:
    own_pass = who.own_pass()
    if own_pass is None:
        return form(over=True)
    try:
        asked: dict[str, Any] = {"personal_pass": own_pass, "reservation_id": str(reservation_id)}
        found = bus_client().ask(LIST_RESERVATIONS, **asked)["items"]
    except Refusal as refusal:
        return _refused(refusal)
    if not found or found[0]["state"] != "confirmed":
        raise NotFound
    return calendar_file(found[0], join_link(found[0]) or _("Online"))


def choose() -> ResponseReturnValue:
    """Keep what the person wants to be written. Doing it again changes nothing, so each click has a key of its own."""
    own_pass = who.own_pass()
    if own_pass is None:
        return form(over=True)
    chosen: dict[str, Any] = {name: request.form.get(name) == "1" for name in ("reminders", "thanks")}
    command = {"personal_pass": own_pass, "language": request.form.get("language", ""), **chosen}
    deadline = datetime.now(UTC) + PATIENCE
    try:
        bus_client().command(SET_PREFERENCES, idempotency_key=str(uuid4()), deadline=deadline, **command)
    except NoAnswer as silence:
        if not silence.accepted:
            raise
        words = [_("Appena il servizio riprende, ti scriviamo come hai scelto.")]
        way_on = (url_for("personal.show"), _("Le mie prenotazioni"))
        return render_template("notice.html", title=_("Abbiamo la tua richiesta"), words=words, way_on=way_on), 202
    except Refusal as refusal:
        return _refused(refusal)
    return redirect(url_for("personal.show", fatto=SAVED, _anchor=SAVED), 303)


def leave() -> Response:
    response = redirect(url_for("personal.show"), 303)
    who.leave(response)
    return response


def come_back() -> Response:
    return redirect(url_for("personal.show"), 303)


def _page(own_pass: str) -> ResponseReturnValue:
    """What is known now: where one of the two services does not answer, the page says so, and shows the rest.

    Raises a Refusal, as when the pass is over.
    """
    now, after = datetime.now(UTC), request.args.get("dopo")
    listed = _asked(LIST_RESERVATIONS, personal_pass=own_pass, after=after, limit=ON_A_PAGE)
    kept = _asked(GET_PREFERENCES, personal_pass=own_pass)
    items = [{**each, "standing": standing(each, now)} for each in listed["items"]] if listed else []
    page = render_template(
        "personal/show.html",
        to_come=[each for each in items if is_to_come(each, now)],
        over=[each for each in items if not is_to_come(each, now)],
        listed=listed,
        kept=kept,
        after=after,
        days=max((each["kept_days"] for each in (listed, kept) if each), default=None),
        saved=request.args.get("fatto") == SAVED,
    )
    response = make_response(page, 200 if listed else 503)
    if not listed:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def is_to_come(reservation: dict[str, Any], now: datetime) -> bool:
    """As booking says it by the order of its answer."""
    return reservation["state"] != "cancelled" and datetime.fromisoformat(reservation["session"]["ends_at"]) > now


def _asked(query: Query, **arguments: Any) -> dict[str, Any] | None:
    """The answer; None where nobody answers, or nothing is kept any more."""
    try:
        return bus_client().ask(query, **arguments)
    except NoAnswer:
        return None
    except Refusal as refusal:
        if refusal.code == NotFound.code:
            return None
        raise


def _refused(refusal: Refusal) -> Response:
    """The hour is over: ask again. Any other refusal has a page of its own."""
    if refusal.code != NOT_PERMITTED:
        raise refusal
    response = form(over=True)
    who.leave(response)
    return response
