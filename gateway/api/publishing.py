"""For the staff's programs: publishing sessions, changing them, calling them off, and how many seats they have."""

from typing import Any
from uuid import UUID

from contracts import booking
from gateway.api.access import documented, keyed, obey, own_key
from gateway.api.document import PREFIX, ApiBlueprint
from gateway.api.reservations import KEY, LATER
from gateway.api.schemas import RequestStatus, Session
from gateway.api.staff_schemas import Capacity, NewSessions, Scope, SessionChange, SessionGroup

blueprint = ApiBlueprint("Publishing", __name__, url_prefix=PREFIX, description="For the staff: sessions and series")
_SERIES = {
    **{name: value for name, value in booking.PUBLISH_SESSIONS.example.items() if name != "actor"},
    "starts_at": "2026-12-01T16:00:00Z",
    "room_url": "https://meet.example.org/diploma",
}


@blueprint.route("/sessions", methods=["POST"])
@keyed
@blueprint.arguments(NewSessions(), example=_SERIES)
@blueprint.response(201, SessionGroup)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(parameters=[KEY], **documented)
def publish_sessions(body: dict[str, Any]) -> Any:
    """Publish a session, or with `rule` a series: one for each date. They can be booked at once."""
    starts_at, without = body.pop("starts_at").isoformat(), [day.isoformat() for day in body.pop("without")]
    return obey(booking.PUBLISH_SESSIONS, own_key(), starts_at=starts_at, without=without, **body)


@blueprint.route("/sessions/<uuid:session_id>", methods=["PATCH"])
@keyed
@blueprint.arguments(SessionChange(), example={"scope": "following", "starts_at": "2026-12-01T17:00:00Z"})
@blueprint.response(200, SessionGroup)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(**documented)
def change_sessions(body: dict[str, Any], session_id: UUID) -> Any:
    """Change a session, it and those after it, or all of its series. Doing it again changes nothing.

    With `starts_at` the others move by as many days, to the same hour. Who is in a session is told, once; of `stories`
    nobody is, and they alone can be changed after the start too.
    """
    if "starts_at" in body:
        body["starts_at"] = body["starts_at"].isoformat()
    return obey(booking.CHANGE_SESSIONS, session_id=str(session_id), **body)


@blueprint.route("/sessions/<uuid:session_id>", methods=["DELETE"])
@keyed
@blueprint.arguments(Scope(), location="query")
@blueprint.response(200, SessionGroup)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 403, 404, 409)
@blueprint.doc(**documented)
def call_off_sessions(query: dict[str, Any], session_id: UUID) -> Any:
    """Call off a session, it and those after it, or all of its series; everybody who booked is told.

    They can be looked at still, with `cancelled`. Doing it again changes nothing.
    """
    return obey(booking.CALL_OFF_SESSIONS, session_id=str(session_id), **query)


@blueprint.route("/sessions/<uuid:session_id>/capacity", methods=["PUT"])
@keyed
@blueprint.arguments(Capacity(), example={"capacity": 24})
@blueprint.response(200, Session)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(**documented)
def set_capacity(body: dict[str, Any], session_id: UUID) -> Any:
    """Set the number of seats: who waits is offered those that become free, and nobody loses one."""
    return obey(booking.SET_CAPACITY, session_id=str(session_id), **body)
