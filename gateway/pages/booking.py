"""Booking a seat: one question on a page, then a check, then one command with one idempotency key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bus.client import NoAnswer
from contracts.booking import EMAIL_MAX, NAME_MAX, RESERVE_SEAT
from contracts.wire import Refusal
from gateway.context import bus_client
from gateway.error_pages import RETRY_SECONDS
from gateway.language import page_language
from gateway.pages import answers, draft, receipt
from gateway.pages.sessions import find_session
from gateway.wording import seats_state

_OPEN = frozenset({"free", "last", "full"})
_STEPS = {"name": 1, "email": 2, "check": 3}

blueprint = Blueprint("booking", __name__, url_prefix="/sessioni/<uuid:session_id>/prenota")


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def name(session_id: UUID) -> ResponseReturnValue:
    return _step("name", session_id, draft.read())


@blueprint.post("")
def give_name(session_id: UUID) -> ResponseReturnValue:
    given, errors = answers.read_name(request.form)
    if errors:
        return _step("name", session_id, given, errors)
    return _go_on(session_id, draft.read().with_answers(**given))


@blueprint.get("/email")
def email(session_id: UUID) -> ResponseReturnValue:
    so_far = draft.read()
    return _step("email", session_id, so_far) if so_far.name else redirect(_address("name", session_id), 303)


@blueprint.post("/email")
def give_email(session_id: UUID) -> ResponseReturnValue:
    given, errors = answers.read_email(request.form)
    if errors:
        return _step("email", session_id, given, errors)
    return _go_on(session_id, draft.read().with_answers(**given))


@blueprint.get("/controlla")
def check(session_id: UUID) -> ResponseReturnValue:
    so_far = draft.read()
    return _step("check", session_id, so_far) if so_far.complete else _go_on(session_id, so_far)


@blueprint.post("/controlla")
def book(session_id: UUID) -> ResponseReturnValue:
    """Ask for the seat. Without a draft the booking was made, or is too old: the receipt's page tells which."""
    so_far = draft.read()
    if not so_far.complete:
        return redirect(url_for("receipt.show"), 303)
    session = find_session(session_id).result
    try:
        reservation = _reserve(session, so_far)
    except NoAnswer as silence:
        if not silence.accepted:
            return _step("check", session_id, so_far, not_answering=True)
        reservation = {"state": receipt.PENDING, "key": so_far.key}
    except Refusal as refusal:
        return _refused(refusal, session_id, so_far)
    response = redirect(url_for("receipt.show"), 303)
    receipt.write(response, {**reservation, "session_id": str(session_id)})
    draft.clear(response, session_id)
    return response


def _reserve(session: dict[str, Any], so_far: draft.Draft) -> dict[str, Any]:
    """The seat is worth having until the session begins, however late the service comes back."""
    return bus_client().command(
        RESERVE_SEAT,
        idempotency_key=so_far.key,
        deadline=datetime.fromisoformat(session["starts_at"]),
        session_id=session["id"],
        name=so_far.name,
        email=so_far.email,
        language=page_language(),
        consent=so_far.consent,
    )


def _refused(refusal: Refusal, session_id: UUID, so_far: draft.Draft) -> ResponseReturnValue:
    """Back to the question whose answer was refused; any other refusal has a page of its own."""
    errors = answers.words_for(refusal.details.get("fields", ())) if refusal.code == "invalid_arguments" else {}
    if not errors:
        raise refusal
    return _step("name" if "name" in errors else "email", session_id, so_far, errors)


def _go_on(session_id: UUID, so_far: draft.Draft) -> Response:
    following = "check" if so_far.complete else "email" if so_far.name else "name"
    response = redirect(_address(following, session_id), 303)
    draft.write(response, so_far, session_id)
    return response


def _step(
    step: str, session_id: UUID, values: Any, errors: dict[str, Any] | None = None, *, not_answering: bool = False
) -> ResponseReturnValue:
    session = find_session(session_id).result
    if seats_state(session) not in _OPEN:
        return redirect(url_for("sessions.show", session_id=session_id), 303)
    response = make_response(
        render_template(
            f"booking/{step}.html",
            step=_STEPS[step],
            session=session,
            values=values,
            errors=errors or {},
            not_answering=not_answering,
            name_max=NAME_MAX,
            email_max=EMAIL_MAX,
        )
    )
    response.status_code = 503 if not_answering else 422 if errors else 200
    if not_answering:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _address(step: str, session_id: UUID) -> str:
    return url_for(f"booking.{step}", session_id=session_id)
