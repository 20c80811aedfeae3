"""One session at the desk: its numbers, who waits, who has a seat and was there, what people said of it, its seats."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.booking import ATTENDANCE, GET_ATTENDANCE, GET_FEEDBACK, GET_WAITING, SET_CAPACITY
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.pages.desk import fields
from gateway.pages.desk.frame import do, member
from gateway.pages.desk.sessions import back_to_session, to_session

ENTRY_OPENS = timedelta(minutes=15)  # before the start, as booking has it: what to offer, not what is allowed


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sessioni/<uuid:session_id>", "session", session)
    blueprint.add_url_rule("/sessioni/<uuid:session_id>/posti", "set_capacity", set_capacity, methods=["POST"])
    blueprint.add_url_rule("/sessioni/<uuid:session_id>/posti", "after_posti", back_to_session)


def session(session_id: UUID) -> ResponseReturnValue:
    return session_page(session_id, {})


def set_capacity(session_id: UUID) -> ResponseReturnValue:
    """Raise or lower the number of seats; booking says which numbers will do."""
    typed = request.form.get("capacity", "").strip()
    wrong = fields.words({"capacity"})
    capacity = fields.number(typed)
    if capacity is None:
        return session_page(session_id, wrong, typed)
    try:
        do(SET_CAPACITY, session_id=session_id, capacity=capacity)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code:
            raise
        return session_page(session_id, wrong, typed)
    return to_session(session_id, "posti")


def session_page(session_id: UUID, errors: dict[str, Any], capacity: str | None = None) -> Response:
    """A session with its lists, for who may look at it. Raises the refusals of get_attendance."""
    asked: dict[str, Any] = {"session_id": session_id, "actor": member().actor}
    sheet = bus_client().ask(GET_ATTENDANCE, **asked, after=_number("dopo"))
    shown, now = sheet["session"], datetime.now(UTC)
    starts, ends = (datetime.fromisoformat(shown[name]) for name in ("starts_at", "ends_at"))
    over = now >= ends
    page = render_template(
        "desk/session.html",
        session=shown,
        sheet=sheet,
        line=bus_client().ask(GET_WAITING, **asked, after=_number("lista")),
        feedback=bus_client().ask(GET_FEEDBACK, **asked, after=_uuid("opinioni")) if over else None,
        errors=errors,
        capacity=shown["capacity"] if capacity is None else capacity,
        may_act=member().may_act(shown["partner"]) and not shown["cancelled"],
        may_read_audit=member().may_act(shown["partner"]),
        begun=now >= starts,
        over=over,
        open=now >= starts - ENTRY_OPENS,
        words=attendance_words(),
        marked=_marked(sheet),
        lines={each["reservation_id"]: each["name"] for each in sheet["items"]},
        after=request.args.get("dopo", ""),
    )
    return make_response(page, 422 if errors else 200)


def attendance_words() -> dict[str, str]:
    return dict(zip(ATTENDANCE, (_("Presente"), _("Assente"), _("Giustificato")), strict=True))


def _marked(sheet: dict[str, Any]) -> dict[str | None, int] | None:
    """How many are marked as what, None for not yet; None where the sheet has more than this page."""
    if sheet["next"] or request.args.get("dopo"):
        return None
    marks = [each["attendance"] for each in sheet["items"]]
    return {word: marks.count(word) for word in (*ATTENDANCE, None)}


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _uuid(name: str) -> str | None:
    try:
        return str(UUID(request.args.get(name, "")))
    except ValueError:
        return None
