"""Changing a session and calling it off: this date, those after it, or all that are to come.

A session does not say whether it is one of a series, so the choice is always there; alone, all three mean the same.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.requests import RemoteRefusal
from contracts.booking import CALL_OFF_SESSIONS, CHANGE_SESSIONS, DESCRIPTION_MAX, GET_ATTENDANCE, SCOPES, TITLE_MAX
from contracts.wire import Command, InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.language import only_language
from gateway.pages.desk import fields
from gateway.pages.desk.frame import member
from gateway.pages.desk.outcomes import done_or_queued, outcome_page
from gateway.wording import local

_CHANGE = "/sessioni/<uuid:session_id>/modifica"
_CALL_OFF = "/sessioni/<uuid:session_id>/annulla"
_WORDS = ("title", "description")
_FIELDS = (*_WORDS, "day", "hour", "minutes", "room_url")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(_CHANGE, "ask_to_change", ask_to_change)
    blueprint.add_url_rule(_CHANGE, "change", change, methods=["POST"])
    blueprint.add_url_rule(f"{_CHANGE}/<uuid:key>", "changed", changed)
    blueprint.add_url_rule(_CALL_OFF, "ask_to_call_off", ask_to_call_off)
    blueprint.add_url_rule(_CALL_OFF, "call_off", call_off, methods=["POST"])
    blueprint.add_url_rule(f"{_CALL_OFF}/<uuid:key>", "called_off", called_off)


def ask_to_change(session_id: UUID) -> ResponseReturnValue:
    sheet = _sheet_to_change(session_id)
    was = _as_typed(sheet["session"])
    return _change_form(sheet, {**was, "scope": SCOPES[0]}, was, {})


def change(session_id: UUID) -> ResponseReturnValue:
    """Send booking what was changed, and nothing else: the rest may have been changed by another meanwhile."""
    values = fields.read(request.form, (*_FIELDS, "scope"))
    before = fields.read(request.form, [f"was_{name}" for name in _FIELDS])
    was = {name.removeprefix("was_"): text for name, text in before.items()}
    if only_language():
        return _change_form(_sheet(session_id), values, was, {})
    wrong = fields.unclear(values) | _wrong_scope(values["scope"])
    errors = fields.words(wrong)
    arguments = {} if errors else _arguments(values, was)
    if not errors and not arguments:
        errors = {"form": _("Non hai ancora cambiato niente")}
    if "starts_at" in arguments and (now := _start_now(session_id)) != {name: was[name] for name in now}:
        # The day and the hour go together: with the new hour, the old day would go back over another's change.
        errors = {"form": _("Intanto qualcun altro ha spostato la sessione: ecco quando è adesso. Controlla e riprova")}
        values, was = values | now, was | now
    if not errors:
        try:
            return _done(CHANGE_SESSIONS, "desk.changed", session_id, values, **arguments)
        except Refusal as refusal:
            errors = _told(refusal)
    return _change_form(_sheet(session_id), values, was, errors)


def changed(key: UUID, **_: Any) -> ResponseReturnValue:
    return outcome_page(key, "changed")


def ask_to_call_off(session_id: UUID) -> ResponseReturnValue:
    return _call_off_form(_sheet(session_id), {"scope": SCOPES[0]}, {})


def call_off(session_id: UUID) -> ResponseReturnValue:
    values = fields.read(request.form, ("scope",))
    if wrong := _wrong_scope(values["scope"]):
        return _call_off_form(_sheet(session_id), values, fields.words(wrong))
    return _done(CALL_OFF_SESSIONS, "desk.called_off", session_id, values)


def called_off(key: UUID, **_: Any) -> ResponseReturnValue:
    return outcome_page(key, "called_off")


def _sheet(session_id: UUID) -> dict[str, Any]:
    """The session with its people, for who may act on it while there is something left to change. Raises Refusal."""
    sheet = bus_client().ask(GET_ATTENDANCE, session_id=session_id, actor=member().actor)
    session = sheet["session"]
    if not member().may_act(session["partner"]):
        raise RemoteRefusal("not_permitted")
    if session["cancelled"]:
        raise RemoteRefusal("session_closed")
    if datetime.fromisoformat(session["ends_at"]) <= datetime.now(UTC):
        raise RemoteRefusal("session_ended")
    return sheet


def _as_typed(session: dict[str, Any]) -> dict[str, str]:
    """A session as it would be typed; nobody is shown the address of the room."""
    starts = local(session["starts_at"])
    length = datetime.fromisoformat(session["ends_at"]) - datetime.fromisoformat(session["starts_at"])
    return {
        **{name: session[name] for name in _WORDS},
        "day": starts.date().isoformat(),
        "hour": f"{starts:%H:%M}",
        "minutes": str(int(length.total_seconds()) // 60),
        "room_url": "",
    }


def _sheet_to_change(session_id: UUID) -> dict[str, Any]:
    sheet = _sheet(session_id)
    if datetime.fromisoformat(sheet["session"]["starts_at"]) <= datetime.now(UTC):
        raise RemoteRefusal("session_started")
    return sheet


def _start_now(session_id: UUID) -> dict[str, str]:
    typed = _as_typed(_sheet_to_change(session_id)["session"])
    return {name: typed[name] for name in ("day", "hour")}


def _arguments(values: dict[str, str], was: dict[str, str]) -> dict[str, Any]:
    other = {name for name in _FIELDS if values[name] != was[name]}
    arguments: dict[str, Any] = {name: values[name] for name in (*_WORDS, "room_url") if name in other}
    day, clock = fields.day(values["day"]), fields.clock(values["hour"])
    if other & {"day", "hour"} and day and clock is not None:
        arguments["starts_at"] = datetime.combine(day, clock).isoformat()
    if "minutes" in other:
        arguments["minutes"] = fields.number(values["minutes"])
    return arguments


def _wrong_scope(scope: str) -> set[str]:
    return set() if scope in SCOPES else {"scope"}


def _told(refusal: Refusal) -> dict[str, Any]:
    """What to say at the fields that booking names. Raises any other refusal."""
    named = refusal.details.get("fields", ()) if refusal.code == InvalidArguments.code else ()
    errors = fields.words(fields.from_booking(named))
    if not errors:
        raise refusal
    return errors


def _done(
    command: Command, page: str, session_id: UUID, values: dict[str, str], **arguments: Any
) -> ResponseReturnValue:
    key = fields.key_of(request.form, values)
    done_or_queued(command, key, session_id=session_id, scope=values["scope"], **arguments)
    return redirect(url_for(page, session_id=session_id, key=key), 303)


def _change_form(
    sheet: dict[str, Any], values: dict[str, str], was: dict[str, str], errors: dict[str, Any]
) -> Response:
    page = render_template(
        "desk/change.html",
        session=sheet["session"],
        values=values,
        was=was,
        errors=errors,
        key=fields.new_key(),
        people=_people(sheet["session"]),
        title_max=TITLE_MAX,
        description_max=DESCRIPTION_MAX,
    )
    return make_response(page, 422 if errors else 200)


def _call_off_form(sheet: dict[str, Any], values: dict[str, str], errors: dict[str, Any]) -> Response:
    page = render_template(
        "desk/call_off.html",
        session=sheet["session"],
        values=values,
        errors=errors,
        key=fields.new_key(),
        people=_people(sheet["session"]),
    )
    return make_response(page, 422 if errors else 200)


def _people(session: dict[str, Any]) -> int:
    """How many have a seat, are offered one or wait: those who are told."""
    return int(session["taken"]) + int(session["waiting"])
