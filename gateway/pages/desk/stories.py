"""The stories that people see after a session: they can be chosen before it, while it goes on and when it is over."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bus.requests import RemoteRefusal
from contracts.booking import CHANGE_SESSIONS, GET_SESSION, SCOPES
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.language import only_language
from gateway.pages.desk import fields, story_fields
from gateway.pages.desk.frame import do, member
from gateway.pages.desk.sessions import to_session

_STORIES = "/sessioni/<uuid:session_id>/storie"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(_STORIES, "ask_for_stories", ask_for_stories)
    blueprint.add_url_rule(_STORIES, "choose_stories", choose_stories, methods=["POST"])


def ask_for_stories(session_id: UUID) -> ResponseReturnValue:
    session = _session(session_id)
    return _form(session, {**story_fields.typed(session.get("stories", ())), "scope": SCOPES[0]}, {})


def choose_stories(session_id: UUID) -> ResponseReturnValue:
    values = fields.read(request.form, (*story_fields.NAMES, "scope"))
    wrong = set() if only_language() else story_fields.unclear(values) | _wrong_scope(values["scope"])
    errors = {**story_fields.words(wrong), **fields.words(wrong)}
    if only_language() or errors:
        return _form(_session(session_id), values, errors)
    stories = story_fields.written(values)
    try:
        do(CHANGE_SESSIONS, session_id=session_id, scope=values["scope"], stories=stories)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code:
            raise
        return _form(_session(session_id), values, story_fields.words({story_fields.FIELDSET}))
    return to_session(session_id, "storie")


def _session(session_id: UUID) -> dict[str, Any]:
    """For who may change it. Raises Refusal."""
    session: dict[str, Any] = bus_client().ask(GET_SESSION, session_id=session_id)
    if not member().may_act(session["partner"]):
        raise RemoteRefusal("not_permitted")
    if session["cancelled"]:
        raise RemoteRefusal("session_closed")
    return session


def _wrong_scope(scope: str) -> set[str]:
    return set() if scope in SCOPES else {"scope"}


def _form(session: dict[str, Any], values: dict[str, str], errors: dict[str, Any]) -> Response:
    page = render_template("desk/stories.html", session=session, values=values, errors=errors)
    return make_response(page, 422 if errors else 200)
