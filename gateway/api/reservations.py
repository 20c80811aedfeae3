"""Taking a seat, looking at a reservation, giving the seat back, answering the offer of one, and changing the date."""

from typing import Any
from uuid import UUID

from flask import request, url_for

from bus.client import NoAnswer
from contracts import booking
from contracts.wire import Command
from gateway.api.commands import carry_out, idempotency_key, new_key, token
from gateway.api.document import PREFIX, RETRY_AFTER, TOKEN_SCHEME, ApiBlueprint
from gateway.api.requests import pending
from gateway.api.schemas import Move, NewReservation, RequestStatus, Reservation, ReservationDetails, SessionDates
from gateway.context import bus_client

blueprint = ApiBlueprint("Reservations", __name__, url_prefix=PREFIX, description="Seats, and places in the queue")
LOCATION = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
LATER = {**LOCATION, "Retry-After": RETRY_AFTER}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "new for each thing asked for; the same key with the same body gives the same answer again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}
_ANOTHER_DATE = {"session_id": booking.MOVE_RESERVATION.example["session_id"]}
_example = {name: value for name, value in booking.RESERVE_SEAT.example.items() if name != "session_id"}


@blueprint.route("/sessions/<uuid:session_id>/reservations", methods=["POST"])
@blueprint.arguments(NewReservation(), example=_example)
@blueprint.response(201, Reservation, headers=LOCATION)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 404, 409, 413, 415)
@blueprint.doc(parameters=[KEY])
def reserve_seat(body: dict[str, Any], session_id: UUID) -> Any:
    """Take a seat, or a place on the waiting list when the session is full.

    Who has a place already gets no second one; the answer is the same, and the mail says so. 202: taken in, and carried
    out when the service is back; a mail follows, also when it is refused then.
    """
    try:
        key = idempotency_key(request.headers.get("Idempotency-Key"))
        result = carry_out(booking.RESERVE_SEAT, key, session_id=str(session_id), **body)
    except NoAnswer as silence:
        return pending(silence, key)
    return _created(result)


@blueprint.route("/reservations/<uuid:reservation_id>")
@blueprint.response(200, ReservationDetails)
@blueprint.documents_problems(401, 404)
@blueprint.doc(security=[{TOKEN_SCHEME: []}])
def get_reservation(reservation_id: UUID) -> Any:
    """A reservation with its session and the way in, for who holds its token."""
    return bus_client().ask(booking.GET_RESERVATION, reservation_id=str(reservation_id), token=token())


@blueprint.route("/reservations/<uuid:reservation_id>", methods=["DELETE"])
@blueprint.response(200, Reservation)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 404, 409)
@blueprint.doc(security=[{TOKEN_SCHEME: []}])
def cancel_reservation(reservation_id: UUID) -> Any:
    """Give the seat back; it is held for who waits first. Doing it again changes nothing."""
    key = idempotency_key(token())
    try:
        return carry_out(booking.CANCEL_RESERVATION, key, reservation_id=str(reservation_id), token=token())
    except NoAnswer as silence:
        return pending(silence, key)


@blueprint.route("/reservations/<uuid:reservation_id>/offer", methods=["PUT"])
@blueprint.response(200, Reservation)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 404, 409)
@blueprint.doc(security=[{TOKEN_SCHEME: []}])
def accept_offer(reservation_id: UUID) -> Any:
    """Take the seat that is held for who waits, or one that is free. Doing it again changes nothing."""
    return _answer_offer(booking.ACCEPT_OFFER, reservation_id)


@blueprint.route("/reservations/<uuid:reservation_id>/offer", methods=["DELETE"])
@blueprint.response(200, Reservation)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 404, 409)
@blueprint.doc(security=[{TOKEN_SCHEME: []}])
def decline_offer(reservation_id: UUID) -> Any:
    """Leave the seat that is held to the next one; the reservation is over. Doing it again changes nothing."""
    return _answer_offer(booking.DECLINE_OFFER, reservation_id)


@blueprint.route("/reservations/<uuid:reservation_id>/dates")
@blueprint.response(200, SessionDates)
@blueprint.documents_problems(401, 404)
@blueprint.doc(security=[{TOKEN_SCHEME: []}])
def list_dates(reservation_id: UUID) -> Any:
    """The other dates of the series that take bookings now, for who holds the token of a reservation."""
    return bus_client().ask(booking.LIST_DATES, reservation_id=str(reservation_id), token=token())


@blueprint.route("/reservations/<uuid:reservation_id>/move", methods=["POST"])
@blueprint.arguments(Move(), example=_ANOTHER_DATE)
@blueprint.response(201, Reservation, headers=LOCATION)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 404, 409, 413, 415)
@blueprint.doc(parameters=[KEY], security=[{TOKEN_SCHEME: []}])
def move_reservation(body: dict[str, Any], reservation_id: UUID) -> Any:
    """Change to another date of the series: this reservation ends, and a new one takes its place.

    Where that date is full, it waits there before those who booked later than this one. The new reservation has a token
    of its own, which travels by e-mail. 202: taken in, and carried out when the service is back.
    """
    known_by: dict[str, Any] = {"reservation_id": str(reservation_id), "token": token()}
    try:
        key = idempotency_key(request.headers.get("Idempotency-Key"))
        result = carry_out(booking.MOVE_RESERVATION, key, session_id=str(body["session_id"]), **known_by)
    except NoAnswer as silence:
        return pending(silence, key)
    return _created(result)


def _created(reservation: dict[str, Any]) -> Any:
    return reservation, {"Location": url_for("Reservations.get_reservation", reservation_id=reservation["id"])}


def _answer_offer(command: Command, reservation_id: UUID) -> Any:
    key = new_key()
    try:
        return carry_out(command, key, reservation_id=str(reservation_id), token=token())
    except NoAnswer as silence:
        return pending(silence, key)
