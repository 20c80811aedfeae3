"""Booking for somebody: choosing the session, one form, a look at who may be the same person, one command."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from bus.requests import RemoteRefusal
from contracts.booking import (
    FIND_ALIKE,
    GET_SESSION,
    LIST_SESSIONS,
    RESERVE_FOR,
)
from contracts.wire import InvalidArguments, Refusal
from gateway.context import bus_client
from gateway.error_pages import RETRY_SECONDS
from gateway.language import only_language, page_language
from gateway.pages.desk import fields, person_fields
from gateway.pages.desk.frame import do, member, not_yours, notice, open_to_prescribers
from gateway.pages.desk.outcomes import outcome_of
from gateway.pages.home import partners

PAGE_SIZE = 20
CURSOR_MAX = 200
PARTNER_MAX = 40
_ABOUT = ("name", "email", "phone")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/prenota", "choose", choose)
    blueprint.add_url_rule("/prenota/<uuid:session_id>", "book_for", book_for)
    blueprint.add_url_rule("/prenota/<uuid:session_id>", "give_place", give_place, methods=["POST"])
    blueprint.add_url_rule("/prenota/<uuid:session_id>/<uuid:key>", "booked", booked)
    open_to_prescribers.update(f"desk.{name}" for name in ("choose", "book_for", "give_place", "booked"))


def choose() -> ResponseReturnValue:
    """The sessions that can be booked: of every partner, or of the own one."""
    chosen = {"partner": member().partner or request.args.get("con", "")[:PARTNER_MAX]}
    wanted = {**chosen, "after": request.args.get("dopo", "")[:CURSOR_MAX]}
    try:
        asked: dict[str, Any] = {name: value for name, value in wanted.items() if value}
        found = bus_client().ask(LIST_SESSIONS, limit=PAGE_SIZE, **asked)
    except Refusal as refusal:
        if refusal.code != InvalidArguments.code or not request.query_string:
            raise
        return redirect(url_for("desk.choose"), 303)
    return render_template(
        "desk/choose.html",
        sessions=found["items"],
        next=found["next"],
        partners=[] if member().partner else partners(),
        chosen=chosen,
    )


def book_for(session_id: UUID) -> ResponseReturnValue:
    return _form(session_id, {"language": page_language()}, {}, fields.new_key())


def give_place(session_id: UUID) -> ResponseReturnValue:
    """From the form, by way of who may be the same person if anybody is, to the place itself."""
    given, key = person_fields.read(request.form), request.form.get("key") or fields.new_key()
    if only_language() or request.form.get("step") == "edit":
        return _form(session_id, given, {}, key)
    if wrong := person_fields.unclear(given):
        return _form(session_id, given, person_fields.words(wrong), key)
    try:
        alike = _alike(session_id, given) if request.form.get("step") != "sure" else []
        return _suggest(session_id, given, alike, key) if alike else _book(session_id, given)
    except NoAnswer:
        return _form(session_id, given, {}, key, not_answering=True)
    except Refusal as refusal:
        if refusal.code == "session_closed":
            return _closed()
        errors = _errors(refusal, given)
        if not errors:
            raise
        return _form(session_id, given, errors, fields.new_key())  # with the key, the refusal would be given again


def booked(session_id: UUID, key: UUID) -> ResponseReturnValue:
    """What became of a booking that was on the durable queue. Raises the refusal, if any."""
    outcome = outcome_of(key)
    if outcome["refusal"] == "session_closed":
        return _closed()
    if outcome["refusal"]:
        raise RemoteRefusal(outcome["refusal"])
    if not outcome["done"] or outcome["result"].get("session_id") != str(session_id):
        words = _("Il servizio è lento: la richiesta è in coda, e vale solo se riesce entro mezzo minuto.")
        return notice(_("Non sappiamo ancora com’è andata"), [words, _("Ricarica questa pagina tra un po’.")], 202)
    return redirect(url_for("desk.person", reservation_id=outcome["result"]["id"]), 303)


def _book(session_id: UUID, given: dict[str, Any]) -> Response:
    """Ask for the place; the key makes a second click ask for the same. Raises Refusal, NoAnswer."""
    key = fields.key_of(request.form, {name: str(value) for name, value in given.items()})
    try:
        place = do(RESERVE_FOR, key=str(key), session_id=session_id, **given)
    except NoAnswer as silence:
        if not silence.accepted:
            raise
        return redirect(url_for("desk.booked", session_id=session_id, key=key), 303)
    return redirect(url_for("desk.person", reservation_id=place["id"]), 303)


def _alike(session_id: UUID, given: dict[str, Any]) -> list[dict[str, Any]]:
    about = {name: given[name] for name in _ABOUT}
    return list(bus_client().ask(FIND_ALIKE, session_id=session_id, actor=member().actor, **about)["items"])


def _errors(refusal: Refusal, given: dict[str, Any]) -> dict[str, Any]:
    """What to say at which field; nothing for what has a page of its own."""
    if refusal.code == InvalidArguments.code:
        return person_fields.words(refusal.details.get("fields", ()))
    if refusal.code == "booked_already":
        if given["email"]:
            return {"email": _("Chi ha questo indirizzo ha già un posto in questa sessione, o lo aspetta")}
        return {"phone": _("Chi ha questo numero ha già un posto o lo aspetta. È un’altra persona? Togli il numero")}
    return {}


def _suggest(session_id: UUID, given: dict[str, Any], alike: list[dict[str, Any]], key: str) -> Response:
    page = render_template(
        "desk/alike.html", session=_session(session_id), values=given, alike=alike, key=key, because=_because()
    )
    return make_response(page)


def _because() -> dict[str, str]:
    return {
        "same_name": _("lo stesso nome"),
        "same_phone": _("lo stesso telefono"),
        "same_address": _("la stessa e-mail"),
    }


def _form(
    session_id: UUID, values: dict[str, Any], errors: dict[str, Any], key: str, *, not_answering: bool = False
) -> ResponseReturnValue:
    session = _session(session_id)
    if member().role != "prescriber" and not member().may_act(session["partner"]):
        return not_yours()
    if not session["bookable"]:
        return _closed()
    page = render_template(
        "desk/book_for.html",
        session=session,
        values=values,
        errors=errors,
        key=key,
        not_answering=not_answering,
        keeps_typed=True,
        **person_fields.LIMITS,
    )
    response = make_response(page, 503 if not_answering else 422 if errors else 200)
    if not_answering:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _closed() -> ResponseReturnValue:
    words = [_("È già cominciata, è stata annullata, oppure le prenotazioni non sono aperte.")]
    return notice(_("Questa sessione non si può prenotare"), words, 409)


def _session(session_id: UUID) -> dict[str, Any]:
    return bus_client().ask(GET_SESSION, session_id=session_id)
