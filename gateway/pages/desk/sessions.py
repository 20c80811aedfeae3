"""The sessions of the member's partner, or of all; and the way back to one of them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import LIST_OPEN_SHEETS, LIST_SESSIONS
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.pages.desk.frame import member
from gateway.pages.home import partners
from gateway.wording import ROME, local

PAGE_SIZE = 20
CURSOR_MAX = 200
PARTNER_MAX = 40
EARLIER = timedelta(days=7)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "sessions", sessions)


def sessions() -> ResponseReturnValue:
    """The sessions from today on, or from the day in the address: those of today have sheets to fill in."""
    today = local(datetime.now(UTC)).date()
    first = _day(request.args.get("dal", "")) or today
    wanted: dict[str, Any] = {
        "limit": PAGE_SIZE,
        "starts_from": datetime.combine(first, time.min, ROME).astimezone(UTC),
    }
    wanted |= {name: value for name, value in _chosen().items() if value}
    try:
        found = bus_client().ask(LIST_SESSIONS, **wanted)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code or not request.query_string:
            raise
        return redirect(url_for("desk.sessions"), 303)
    return render_template(
        "desk/sessions.html",
        sessions=found["items"],
        next=found["next"],
        partners=partners() if member().partner is None else [],
        chosen=_chosen(),
        first=first,
        since=wanted["starts_from"],
        today=today,
        earlier=first - EARLIER,
        open_sheets=_open_sheets() if first == today and not request.args.get("dopo") else [],
    )


def _open_sheets() -> list[dict[str, Any]]:
    """The sheets that are to be closed, for who may; where that is not to be known, the page does without."""
    if member().role == "viewer":
        return []
    try:
        return list(bus_client().ask(LIST_OPEN_SHEETS, actor=member().actor)["items"])
    except (NoAnswer, Refusal):
        return []


def back_to_session(session_id: UUID, **_: Any) -> Response:
    """Where a form was sent to: who opens that address (by the switch of language, say) wants the session."""
    return to_session(session_id)


def to_session(session_id: UUID, place: str = "", **more: Any) -> Response:
    return redirect(url_for("desk.session", session_id=session_id, _anchor=place or None, **more), 303)


def _chosen() -> dict[str, str]:
    partner = member().partner or request.args.get("con", "")[:PARTNER_MAX]
    return {"partner": partner, "after": request.args.get("dopo", "")[:CURSOR_MAX]}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
