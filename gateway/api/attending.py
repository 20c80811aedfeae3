"""For who has a seat: the way into the room, the calendar entry, and how it was. Reading notes nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import force_locale

from bus.client import NoAnswer
from contracts import booking
from gateway.api.attending_schemas import Answer, Entrance, Given, OwnFeedback, Room
from gateway.api.commands import carry_out, new_key, token
from gateway.api.document import JOIN_SCHEME, PREFIX, TOKEN_SCHEME, ApiBlueprint
from gateway.api.problems import NoSeat
from gateway.api.requests import pending
from gateway.api.reservations import LATER
from gateway.api.schemas import RequestStatus
from gateway.api.words import say
from gateway.context import bus_client
from gateway.entry import calendar_file
from gateway.language import asked_language
from gateway.links import join_link

AT_THE_DOOR = timedelta(minutes=1)  # as on the page: carried out later, it would note a lie
TO_SAY_IT = timedelta(days=1)

blueprint = ApiBlueprint("Attending", __name__, url_prefix=PREFIX, description="The way in, and how it was")
_JOINING: dict[str, Any] = {"security": [{JOIN_SCHEME: []}]}
_HOLDING: dict[str, Any] = {"security": [{TOKEN_SCHEME: []}]}
_CALENDAR = {"200": {"description": "OK", "content": {"text/calendar": {"schema": {"type": "string"}}}}}


@blueprint.route("/reservations/<uuid:reservation_id>/entrance")
@blueprint.response(200, Entrance)
@blueprint.documents_problems(401, 404)
@blueprint.doc(**_JOINING)
def get_entrance(reservation_id: UUID) -> Any:
    """The session that a person's own join link leads into, and from when on. Where the room is, it does not say."""
    return bus_client().ask(booking.GET_ENTRANCE, **_link(reservation_id))


@blueprint.route("/reservations/<uuid:reservation_id>/entrance", methods=["POST"])
@blueprint.response(200, Room)
@blueprint.documents_problems(401, 404, 409)
@blueprint.doc(**_JOINING)
def enter_session(reservation_id: UUID) -> Any:
    """Go in: says where the room is, and notes that the person is there. Whoever was inside comes in again."""
    return carry_out(booking.ENTER_SESSION, new_key(), AT_THE_DOOR, **_link(reservation_id))


@blueprint.route("/reservations/<uuid:reservation_id>/calendar.ics")
@blueprint.documents_problems(401, 404, 409)
@blueprint.doc(responses=_CALENDAR, **_HOLDING)
def get_calendar_entry(reservation_id: UUID) -> Response:
    """The session as an entry for the person's own calendar (RFC 5545), with the join link for its place.

    A later one replaces an earlier one: its UID stays the same, also when the reservation moves to another date.
    """
    mine = bus_client().ask(booking.GET_RESERVATION, **_link(reservation_id))
    if mine["state"] != "confirmed":
        raise NoSeat
    with force_locale(asked_language()):
        place = join_link(mine) or str(say("Online"))
    return calendar_file(mine, place)


@blueprint.route("/reservations/<uuid:reservation_id>/feedback")
@blueprint.response(200, OwnFeedback)
@blueprint.documents_problems(401, 404)
@blueprint.doc(**_HOLDING)
def get_own_feedback(reservation_id: UUID) -> Any:
    """What the person said of the session, and whether they can say it, or correct it, now."""
    return bus_client().ask(booking.GET_OWN_FEEDBACK, **_link(reservation_id))


@blueprint.route("/reservations/<uuid:reservation_id>/feedback", methods=["PUT"])
@blueprint.arguments(Answer(), example={"useful": "yes", "words": "Ho capito da dove cominciare."})
@blueprint.response(200, Given)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 404, 409, 413, 415)
@blueprint.doc(**_HOLDING)
def give_feedback(body: dict[str, Any], reservation_id: UUID) -> Any:
    """Say whether the session was useful, from its end on for 30 days, or correct what was said.

    The words are read by the staff of the session's partner, without a name. 202: taken in, and kept when the service
    is back.
    """
    link, key = _link(reservation_id), new_key()
    try:
        return carry_out(booking.GIVE_FEEDBACK, key, TO_SAY_IT, **link, **body)
    except NoAnswer as silence:
        return pending(silence, key)


def _link(reservation_id: UUID) -> dict[str, Any]:
    return {"reservation_id": str(reservation_id), "token": token()}
