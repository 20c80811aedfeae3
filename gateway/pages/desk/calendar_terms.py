"""Changing what the sessions of a followed calendar get, and its address: a form, then a page that says what it does.

What it does to sessions is for booking to say. The address and the room are shown nowhere: left empty, they stay.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.booking import CALENDAR_URL_MAX, CHANGE_CALENDAR, GET_CALENDAR_EFFECTS, LANGUAGES
from contracts.wire import InvalidArguments, NotFound, Refusal
from gateway.context import bus_client
from gateway.language import only_language
from gateway.pages.desk import fields
from gateway.pages.desk.calendars import calendar_at, gone, words_of
from gateway.pages.desk.frame import do, member, not_yours

_FIELDS = ("url", "language", "capacity", "room_url", "own_rooms")
_SHOWN = ("language", "capacity")  # as it was when the form was made
_PATH = "/calendari/<uuid:calendar_id>/modifica"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(_PATH, "change_terms", ask)
    blueprint.add_url_rule(_PATH, "save_terms", change, methods=["POST"])


def ask(calendar_id: UUID) -> ResponseReturnValue:
    calendar = _calendar(calendar_id)
    if calendar is None:
        return gone()
    if not member().may_act(calendar["partner"]):
        return not_yours()
    was = _was(calendar)
    return _form(calendar, was, was, {}, fields.new_key())


def change(calendar_id: UUID) -> ResponseReturnValue:
    """From the form to what it would do, from there back to the form or on to booking."""
    calendar = _calendar(calendar_id)
    if calendar is None:
        return gone()
    if not member().may_act(calendar["partner"]):
        return not_yours()
    values, was = fields.read(request.form, _FIELDS), _was(calendar)
    was |= {name: request.form[f"was_{name}"] for name in _SHOWN if f"was_{name}" in request.form}
    key = request.form.get("key") or fields.new_key()
    asked_back = only_language() or request.form.get("step") == "edit"
    errors = {} if asked_back else _wrong(values, was)
    if asked_back or errors:
        return _form(calendar, values, was, errors, key)
    return _go_on(calendar, values, was, key)


def _go_on(calendar: dict[str, Any], values: dict[str, str], was: dict[str, str], key: str) -> ResponseReturnValue:
    wish = _wish(values, was)
    try:
        if request.form.get("step") != "change":
            return _check(calendar, values, was, wish, key)
        do(CHANGE_CALENDAR, key=str(fields.key_of(request.form, values)), calendar_id=calendar["id"], **wish)
    except Refusal as refusal:
        named = refusal.details.get("fields", ()) if refusal.code == InvalidArguments.code else ()
        errors = words_of(set(named))
        if not errors:
            raise
        if values["own_rooms"] and "room_url" in errors:
            errors["room_url"] = _("Il centro non ha stanze da mettere: scrivi l’indirizzo della vostra")
        return _form(calendar, values, was, errors, fields.new_key())  # the old key would be refused again
    return redirect(url_for("desk.calendar", calendar_id=calendar["id"]), 303)


def _calendar(calendar_id: UUID) -> dict[str, Any] | None:
    try:
        return calendar_at(calendar_id)
    except Refusal as refusal:
        if refusal.code != NotFound.code:
            raise
        return None


def _was(calendar: dict[str, Any]) -> dict[str, str]:
    """A calendar as it would be typed."""
    return {
        "url": "",
        "language": calendar["language"],
        "capacity": str(calendar["capacity"]),
        "room_url": "",
        "own_rooms": "",
    }


def _wrong(values: dict[str, str], was: dict[str, str]) -> dict[str, Any]:
    wrong = fields.unclear({name: values[name] for name in ("capacity", "room_url")})
    wrong |= set() if values["language"] in LANGUAGES else {"language"}
    errors = words_of(wrong)
    if values["room_url"] and values["own_rooms"]:
        errors["room_url"] = _("Scegli: o l’indirizzo di una stanza, o una stanza per ogni sessione")
    if not errors and not _wish(values, was):
        errors["form"] = _("Non hai ancora cambiato niente")
    return errors


def _wish(values: dict[str, str], was: dict[str, str]) -> dict[str, Any]:
    """What is to change, and nothing else: the rest may have been changed by another meanwhile."""
    wish: dict[str, Any] = {name: values[name] for name in ("language", "room_url") if values[name] != was[name]}
    if fields.number(values["capacity"]) != fields.number(was["capacity"]):
        wish["capacity"] = fields.number(values["capacity"])
    if values["url"]:
        wish["url"] = values["url"][: CALENDAR_URL_MAX + 1]
    return wish | ({"own_rooms": True} if values["own_rooms"] else {})


def _form(
    calendar: dict[str, Any], values: dict[str, str], was: dict[str, str], errors: dict[str, Any], key: str
) -> Response:
    page = render_template(
        "desk/calendar_terms.html",
        calendar=calendar,
        values=values,
        was=was,
        errors=errors,
        key=key,
        url_max=CALENDAR_URL_MAX,
    )
    return make_response(page, 422 if errors else 200)


def _check(
    calendar: dict[str, Any], values: dict[str, str], was: dict[str, str], wish: dict[str, Any], key: str
) -> Response:
    about = {"actor": member().actor, "calendar_id": calendar["id"], **wish}
    effects = bus_client().ask(GET_CALENDAR_EFFECTS, **about)
    page = render_template(
        "desk/calendar_terms_check.html",
        calendar=calendar,
        values=values,
        was=was,
        wish=wish,
        effects=effects,
        key=key,
    )
    return make_response(page)
