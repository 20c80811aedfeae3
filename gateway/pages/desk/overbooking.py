"""A seat beyond the capacity, given on purpose and with a reason."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contracts.booking import GET_ATTENDANCE, LANGUAGES, OVERBOOK, REASON_MAX
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.language import only_language
from gateway.pages.desk import person_fields
from gateway.pages.desk.frame import do, form_key_or_new, member
from gateway.pages.desk.sessions import to_session


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sessioni/<uuid:session_id>/in-piu", "overbook", overbook)
    blueprint.add_url_rule("/sessioni/<uuid:session_id>/in-piu", "give_seat", give_seat, methods=["POST"])


def overbook(session_id: UUID) -> ResponseReturnValue:
    return _page(session_id, {"language": LANGUAGES[0]}, {}, str(uuid4()))


def give_seat(session_id: UUID) -> ResponseReturnValue:
    """Give the seat. The key of the form makes a second click ask for the same."""
    given, key = _read(request.form), form_key_or_new(request.form.get("key", ""))
    if only_language():
        return _page(session_id, given, {}, key)
    wrong = person_fields.unclear(given) | (set() if 0 < len(given["reason"]) <= REASON_MAX else {"reason"})
    if wrong:
        return _page(session_id, given, _errors(wrong), key)
    try:
        seat = do(OVERBOOK, key=key, session_id=session_id, **given)
    except Refusal as refusal:
        errors = _errors(refusal.details.get("fields", ())) if refusal.code == InvalidArguments.code else {}
        if not errors:
            raise
        return _page(session_id, given, errors, str(uuid4()))  # with the key, the refusal would be given again
    return to_session(session_id, f"p-{seat['id']}")


def _read(form: "MultiDict[str, str]") -> dict[str, Any]:
    return {**person_fields.read(form), "reason": form.get("reason", "").strip()}


def _errors(names: Any) -> dict[str, Any]:
    errors = person_fields.words(names)
    if "reason" in names:
        errors["reason"] = _("Scrivi perché, in non più di %(most)s caratteri", most=REASON_MAX)
    return errors


def _page(session_id: UUID, values: dict[str, Any], errors: dict[str, Any], key: str) -> Response:
    session = bus_client().ask(GET_ATTENDANCE, session_id=session_id, actor=member().actor)["session"]
    if not member().may_act(session["partner"]):
        return to_session(session_id)
    page = render_template(
        "desk/overbook.html",
        session=session,
        values=values,
        errors=errors,
        key=key,
        **person_fields.LIMITS,
        reason_max=REASON_MAX,
    )
    return make_response(page, 422 if errors else 200)
