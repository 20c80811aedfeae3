"""The sessions of the member's partner, or of all; one session with its sheet; its number of seats."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.booking import ATTENDANCE, GET_ATTENDANCE, LIST_SESSIONS, SET_CAPACITY
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.pages.desk.frame import do, member
from gateway.pages.home import partners
from gateway.wording import ROME, local

PAGE_SIZE = 20
CURSOR_MAX = 200
PARTNER_MAX = 40
EARLIER = timedelta(days=7)
ENTRY_OPENS = timedelta(minutes=15)  # before the start, as booking has it: what to offer, not what is allowed


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "sessions", sessions)
    blueprint.add_url_rule("/sessioni/<uuid:session_id>", "session", session)
    blueprint.add_url_rule("/sessioni/<uuid:session_id>/posti", "set_capacity", set_capacity, methods=["POST"])
    blueprint.add_url_rule("/sessioni/<uuid:session_id>/posti", "after_posti", back_to_session)


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
    )


def session(session_id: UUID) -> ResponseReturnValue:
    return session_page(session_id, {})


def set_capacity(session_id: UUID) -> ResponseReturnValue:
    """Raise or lower the number of seats; booking says which numbers will do."""
    typed = request.form.get("capacity", "").strip()
    wrong = {"capacity": _("Scrivi un numero di posti, da 1 in su")}
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
        return session_page(session_id, wrong, typed)
    try:
        do(SET_CAPACITY, session_id=session_id, capacity=int(typed))
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code:
            raise
        return session_page(session_id, {"capacity": _("Questo numero di posti non va bene")}, typed)
    return to_session(session_id, "posti")


def back_to_session(session_id: UUID, **_: Any) -> Response:
    """Where a form was sent to: who opens that address (by the switch of language, say) wants the session."""
    return to_session(session_id)


def session_page(session_id: UUID, errors: dict[str, Any], capacity: str | None = None) -> Response:
    """A session with its sheet, for who may look at it. Raises the refusals of get_attendance."""
    sheet = bus_client().ask(
        GET_ATTENDANCE, session_id=session_id, actor=member().actor, after=_after(request.args.get("dopo", ""))
    )
    shown, now = sheet["session"], datetime.now(UTC)
    starts, ends = (datetime.fromisoformat(shown[name]) for name in ("starts_at", "ends_at"))
    page = render_template(
        "desk/session.html",
        session=shown,
        sheet=sheet,
        errors=errors,
        capacity=shown["capacity"] if capacity is None else capacity,
        may_act=member().may_act(shown["partner"]) and not shown["cancelled"],
        begun=now >= starts,
        over=now >= ends,
        open=now >= starts - ENTRY_OPENS,
        words=attendance_words(),
        after=request.args.get("dopo", ""),
    )
    return make_response(page, 422 if errors else 200)


def attendance_words() -> dict[str, str]:
    return dict(zip(ATTENDANCE, (_("Presente"), _("Assente"), _("Giustificato")), strict=True))


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


def _after(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
