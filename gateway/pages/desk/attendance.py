"""The attendance sheet: who was there, who was not, who had a reason; and closing it for good."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from contracts.booking import ATTENDANCE, CLOSE_ATTENDANCE, GET_ATTENDANCE, MARK_ATTENDANCE
from gateway.context import bus_client
from gateway.pages.desk.frame import do, member
from gateway.pages.desk.sessions import back_to_session, to_session

_SHEET = "/sessioni/<uuid:session_id>/presenze"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(f"{_SHEET}/<uuid:reservation_id>", "mark", mark, methods=["POST"])
    blueprint.add_url_rule(f"{_SHEET}/<uuid:reservation_id>", "after_mark", back_to_session)
    blueprint.add_url_rule(f"{_SHEET}/chiudi", "ask_to_close", ask_to_close)
    blueprint.add_url_rule(f"{_SHEET}/chiudi", "close", close, methods=["POST"])


def mark(session_id: UUID, reservation_id: UUID) -> ResponseReturnValue:
    chosen = request.form.get("attendance", "")
    if chosen not in ATTENDANCE:
        raise BadRequest
    do(MARK_ATTENDANCE, session_id=session_id, reservation_id=reservation_id, attendance=chosen)
    page = request.form.get("page", "")
    return to_session(
        session_id, f"p-{reservation_id}", **({"dopo": page} if page.isascii() and page.isdigit() else {})
    )


def ask_to_close(session_id: UUID) -> ResponseReturnValue:
    """What closing means, before it is done: it cannot be undone."""
    sheet = bus_client().ask(GET_ATTENDANCE, session_id=session_id, actor=member().actor)
    unmarked = sum(each["attendance"] is None for each in sheet["items"])
    nothing_left = sheet["closed_at"] and not unmarked
    if nothing_left or not member().may_act(sheet["session"]["partner"]):
        return to_session(session_id, "presenze")
    return render_template(
        "desk/close.html", session=sheet["session"], unmarked=unmarked, more=sheet["next"] is not None
    )


def close(session_id: UUID) -> ResponseReturnValue:
    do(CLOSE_ATTENDANCE, session_id=session_id)
    return to_session(session_id, "presenze")
